"""How and when customers are reached: rows of the run as the handlers read them."""

from collections.abc import Collection, Sequence
from datetime import date

from compliance.tables import table
from crm.contacting.told import Reached, Reaching, choices, hours, reached_of
from domain.ports import Insight


def reaching(insight: Insight, customer_id: str, *, on: date) -> Reaching | None:
    """Channels, hours and the last contact of one customer. None before the first run."""
    rows = insight.of("channels", customer_id, on=on)
    if not rows:
        return None
    quiet = table("contact")["quiet_hours"]
    reach = insight.of("contact_reach", customer_id, on=on)
    return Reaching(
        channels=choices(rows),
        hours=hours(insight.of("contact_hours", customer_id, on=on), opens=quiet["until"], closes=quiet["from"]),
        reached=reached_of(reach[0]) if reach else None,
    )


def reached(insight: Insight, customer_ids: Collection[str], *, on: date) -> Sequence[Reached]:
    """The last contact of each of them. Empty where the bank delivers no contacts."""
    rows = insight.rows("contact_reach", "list_contains(?, customer_id)", [sorted(customer_ids)], on=on)
    return [reached_of(row) for row in rows]
