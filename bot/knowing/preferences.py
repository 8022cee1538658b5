"""What a customer likes to hold, from the published rows."""

from datetime import date

from crm.preferences.view import PreferenceView, preference_view
from domain.ports import Insight


def preferences_of(insight: Insight, customer_id: str, *, on: date) -> PreferenceView | None:
    """The preferences, of the last run up to the day. None before the first run."""
    as_of = insight.latest(on)
    if as_of is None:
        return None
    rows, swings = (insight.of(stage, customer_id, on=on) for stage in ("preferences", "deposit_swings"))
    return preference_view(rows, swings, as_of=as_of)
