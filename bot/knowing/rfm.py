"""RFM of a customer from the published rows."""

from datetime import date

from crm.rfm.view import NoScores, RfmView, rfm_view
from domain.ports import Insight


def scores_of(insight: Insight, customer_id: str, *, on: date, with_amount: bool) -> RfmView | NoScores | None:
    """The scores and why, of the last run up to the day. None before the first run, and for whom it does not know."""
    as_of = insight.latest(on)
    scores = insight.of("rfm", customer_id, on=on)
    features = insight.of("features", customer_id, on=on)
    if as_of is None or not scores or not features:
        return None
    return rfm_view(scores[0], features[0], insight.rows("rfm_cuts", on=on), as_of=as_of, with_amount=with_amount)
