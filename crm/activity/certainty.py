"""How sure a drop is: the Beta-binomial posterior with Jeffreys' prior, for the pairs of counts that occur.

Given both counts, the number of recent ones is binomial with p = λ1·e1 / (λ1·e1 + λ0·e0), so P(λ1/λ0 < r) is the Beta(n1+½, n0+½)
distribution at r·e1 / (r·e1 + e0). No engine has an incomplete Beta function, and a series for it would be correct somewhere only.
So the distinct pairs of counts (a few thousand for any bank) come here, scipy says their probabilities, and the engine joins them back:
the same figure on every engine, to the last digit.
"""

from collections.abc import Sequence
from functools import partial

import ibis
import pyarrow as pa
from ibis import Table

from crm.assessing.workspace import Workspace

_HUNDRED = 100
_DIGITS = 6
_PAIR = ("recent", "before", "baseline_days")
_SCHEMA = ibis.schema(dict.fromkeys(_PAIR, "int64") | {"certainty": "float64", "severe_certainty": "float64"})


def certainty_below(ratio: float, *, recent: Sequence[float], before: Sequence[float], exposures: Sequence[float]) -> list[float]:
    """The probability that the true ratio of rates lies below `ratio`. `exposures` are recent days ÷ days before."""
    import numpy as np
    from scipy.special import betainc

    share = ratio * np.asarray(exposures, dtype=float)
    found = betainc(np.asarray(recent, dtype=float) + 0.5, np.asarray(before, dtype=float) + 0.5, share / (1 + share))
    return [round(float(one), _DIGITS) for one in found]


def certainties(work: Workspace, pairs: Table, *, current_days: int, ratio: float, severe_ratio: float) -> Table:
    """The probabilities for the distinct `recent`, `before` (hundredths of an action) and `baseline_days` of `pairs`."""
    distinct = pairs.select(*_PAIR).distinct()
    return work.worked_out(distinct, _SCHEMA, partial(_rows, current_days=current_days, ratio=ratio, severe_ratio=severe_ratio))


def _rows(found: pa.Table, *, current_days: int, ratio: float, severe_ratio: float) -> pa.Table:
    columns = {name: found[name].to_pylist() for name in _PAIR}
    counts = {
        "recent": [one / _HUNDRED for one in columns["recent"]],
        "before": [one / _HUNDRED for one in columns["before"]],
        "exposures": [current_days / days for days in columns["baseline_days"]],
    }
    sure = {"certainty": certainty_below(ratio, **counts), "severe_certainty": certainty_below(severe_ratio, **counts)}
    return pa.table(columns | sure, schema=_SCHEMA.to_pyarrow())
