"""Every customer's scores: the features of the day against the cut-points of the month."""

from typing import Any

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.rfm.cuts import VALUE, score
from crm.rfm.definitions import EVERYBODY, SHORT, rfm_definitions

_NEVER = 99_999  # days since the last transaction of somebody who never had one: behind everybody


def rfm(work: Workspace) -> Table:
    """r, f and m of every customer; NULL where the bank delivered no transactions, or nobody was there to compare with."""
    features, cuts = work.result("features"), work.result("rfm_cuts")
    found = features
    for peers, measure in ((EVERYBODY, "r"), (EVERYBODY, "f"), (EVERYBODY, "m"), (SHORT, "f")):
        found = found.left_join(_named(cuts, peers, measure), [("kind", f"kind_{peers}_{measure}")])
    short = found.short_observation & (found[f"customers_{SHORT}_f"].fill_null(0) >= rfm_definitions().least_peers)
    dealt = found.active_days_12m.notnull()
    recency = ibis.ifelse(dealt, found.recency_days.fill_null(_NEVER), None)
    scored = found.select(
        "customer_id",
        "kind",
        r=_score(found, EVERYBODY, "r", recency, low_is_good=True),
        f=ibis.ifelse(short, _score(found, SHORT, "f", found.frequency_per_30d), _score(found, EVERYBODY, "f", found.frequency_per_30d)),
        m=_score(found, EVERYBODY, "m", found.monetary_12m),
        f_peers=ibis.ifelse(short, SHORT, EVERYBODY),
        cut_on=found[f"cut_on_{EVERYBODY}_r"],
        version=found[f"version_{EVERYBODY}_r"],
    )
    return scored.mutate(cells=scored.r * 100 + scored.f * 10 + scored.m)


def _named(cuts: Table, peers: str, measure: str) -> Table:
    chosen = cuts.filter(cuts.peers == peers, cuts.measure == measure).drop("peers", "measure")
    return chosen.rename({f"{column}_{peers}_{measure}": column for column in chosen.columns})


def _score(found: Table, peers: str, measure: str, value: Any, *, low_is_good: bool = False) -> Any:
    cuts = [found[f"q{percent}_{peers}_{measure}"] for percent in rfm_definitions().percentiles]
    levels = found[f"levels_{peers}_{measure}"]
    return ibis.ifelse(value.isnull() | levels.isnull(), None, score(value.cast(VALUE), cuts, levels, low_is_good=low_is_good))
