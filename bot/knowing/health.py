"""How well relations stand: rows of the run as the handlers read them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from crm.health.judged import Health, health_of
from crm.segmentation.definitions import label
from domain.ports import Insight


def health(insight: Insight, customer_id: str, *, on: date) -> Health | None:
    """The health of one customer, of the last run up to the day."""
    rows = insight.of("health", customer_id, on=on)
    return health_of(rows[0]) if rows else None


def healths(insight: Insight, customer_ids: Collection[str], *, on: date) -> Sequence[Health]:
    """The health of each of them whom the run judged, the least healthy first."""
    rows = insight.rows("health", "list_contains(?, customer_id)", [sorted(customer_ids)], on=on)
    return sorted((health_of(row) for row in rows), key=lambda one: one.order)


def labels(insight: Insight, customer_ids: Collection[str], *, on: date) -> Mapping[str, str]:
    """The class of each, as it is shown. Empty where the run knows no classes."""
    rows = insight.rows("classes", "list_contains(?, customer_id)", [sorted(customer_ids)], on=on)
    return {row["customer_id"]: label(row["tier"], bool(row["flag"])) for row in rows if row["tier"]}
