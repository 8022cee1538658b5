"""The triggers of one customer, judged now: by whoever opens tasks, and by whoever asks why there is one, or none."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.knowing.situations import Situations
from crm.triggers.definitions import Trigger, definitions, longest_days
from crm.triggers.judging import JudgedTrigger, judge
from crm.triggers.seeing import looks
from domain.book import Customer, Product
from domain.ports import Facts, Insight, Records


def judged_triggers(
    records: Records, facts: Facts, insight: Insight, products: Sequence[Product], customer: Customer, *, at: datetime
) -> list[JudgedTrigger]:
    """Every trigger of which the customer did anything lately, with its conditions.

    An event that came at once and again with a delivery counts once.
    """
    since = at - timedelta(days=longest_days())
    live = records.live_events.of(customer.id, since=since)
    events = list({one.event_id: one for one in (*facts.events_of(customer.id, since=since), *live)}.values())
    situations = Situations(records, insight, products, [customer.id], at=at)
    about = names_of(products)
    found = [(trigger, looks(trigger, events, until=at, products=about)) for trigger in triggers_for(customer)]
    return [
        JudgedTrigger(trigger=trigger, conditions=judge(trigger, situations.of(customer, trigger, times)))
        for trigger, times in found
        if times is not None
    ]


def triggers_for(customer: Customer) -> Sequence[Trigger]:
    """Those for customers of that kind whose relation goes on."""
    if customer.status != "active":
        return ()
    return [one for one in definitions().triggers.values() if customer.kind in one.kinds]


def names_of(products: Sequence[Product]) -> Mapping[str, tuple[str, str]]:
    """Name and kind by code."""
    return {one.code: (one.name, one.kind) for one in products}
