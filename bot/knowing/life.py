"""The stage of life of a customer from the published rows."""

from datetime import date

from crm.life.view import LifeView, life_view
from domain.ports import Insight


def life_of(insight: Insight, customer_id: str, *, on: date) -> LifeView | None:
    """The stage and why, of the last run up to the day. None before the first run, and where nothing speaks."""
    as_of = insight.latest(on)
    return None if as_of is None else life_view(insight.of("life_evidence", customer_id, on=on), as_of=as_of)
