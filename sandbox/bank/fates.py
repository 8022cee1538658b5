"""What persons and companies have alike of the truth: who leaves, who needs what, and what has happened."""

from typing import Any

from sandbox.bank.leaving import Leaving
from sandbox.bank.needs import Events, Needs
from sandbox.bank.world import World


def fates(world: World, leaving: Leaving, needs: Needs, events: Events) -> dict[str, Any]:
    """Columns of `People` and of `Companies`. Events that are still to come are drawn, as they make needs, and left out here."""
    happened = events.on <= world.last_day
    return {
        "churn_shape": leaving.shape,
        "churn_cause": leaving.cause,
        "churn_since": leaving.since,
        "churn_gone": leaving.gone,
        "need_person": needs.person,
        "need": needs.need,
        "need_since": needs.since,
        "need_until": needs.until,
        "need_met": needs.met,
        "need_chance": needs.chance,
        "event_person": events.person[happened],
        "event": events.event[happened],
        "event_on": events.on[happened],
    }
