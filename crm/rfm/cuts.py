"""The cut-points of a month: computed as of its first day over all active customers of a kind, so that scores do not flip with the day.

A cut-point is the smallest value up to which so many percent of the customers lie: a value that there is, counted in whole numbers, so it
is the same on every engine. Equal values always share a score. Where there are fewer than five values the cut-points spread those.
"""

from collections.abc import Iterable
from typing import Any

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.features.dealing import dealing
from crm.rfm.definitions import EVERYBODY, LEVELS, SHORT, rfm_definitions

VALUE = "decimal(24, 6)"
_GROUP = ("kind", "peers", "measure")
# Which value, counted from the smallest, is the cut-point where there are so few of them: the best and the worst get 5 and 1.
_SPREAD = {2: (1, 1, 1, 1), 3: (1, 1, 2, 2), 4: (1, 2, 2, 3)}


def rfm_cuts(work: Workspace) -> Table:
    """One row a kind of customer, circle of peers and measure: the cut-points, among how many customers and different values."""
    rules = rfm_definitions()
    first = work.day.replace(day=1)
    values = _values(work)
    counted = values.group_by(*_GROUP, "value").aggregate(customers=values.count())
    ranks = {"group_by": _GROUP, "order_by": counted.value}
    ranked = counted.mutate(
        upto=counted.customers.sum().over(ibis.cumulative_window(**ranks)),
        all=counted.customers.sum().over(group_by=_GROUP),
        place=ibis.row_number().over(**ranks) + 1,
    )
    named = {f"q{percent}": percent for percent in rules.percentiles}
    cuts = ranked.group_by(*_GROUP).aggregate(
        customers=ranked.customers.sum(),
        levels=ranked.count(),
        **{name: ranked.value.min(where=ranked.upto * 100 >= ranked.all * percent) for name, percent in named.items()},
        **{f"at_{place}": ranked.value.max(where=ranked.place == place) for place in range(1, LEVELS)},
    )
    return cuts.select(
        *_GROUP,
        "customers",
        "levels",
        **{name: _spread(cuts, index, cuts[name]) for index, name in enumerate(named)},
        cut_on=ibis.date(first),
        version=ibis.literal(rules.cut_version(work.day)),
    )


def rfm_values(work: Workspace) -> Table:
    """What the cut-points are made of: one row a customer who was active on the first day of the month, by what was known then."""
    first = work.day.replace(day=1)
    accounts = work.table("accounts")
    here = accounts.filter(accounts.opened_on <= ibis.date(first), accounts.closed_on.isnull() | (accounts.closed_on > ibis.date(first)))
    dealt = dealing(work, first)
    # Active: with an account that was open on that day and own transactions within the window. What has no day (a status) is not asked.
    active = dealt.filter(dealt.active_days > 0).semi_join(here, "customer_id")
    return active.select("customer_id", "kind", "recency_days", "frequency", "monetary", "short_observation")


def _values(work: Workspace) -> Table:
    active = work.result("rfm_values")
    short = active.filter(active.short_observation)
    return ibis.union(
        _of(active, EVERYBODY, "r", active.recency_days),
        _of(active, EVERYBODY, "f", active.frequency),
        _of(active, EVERYBODY, "m", active.monetary),
        _of(short, SHORT, "f", short.frequency),
    )


def _of(customers: Table, peers: str, measure: str, value: Any) -> Table:
    return customers.select("kind", peers=ibis.literal(peers), measure=ibis.literal(measure), value=value.cast(VALUE))


def _spread(cuts: Table, index: int, percentile: Any) -> Any:
    few = ((cuts.levels == levels, cuts[f"at_{places[index]}"]) for levels, places in _SPREAD.items())
    return ibis.cases(*few, else_=percentile)


def score(value: Any, cuts: Iterable[Any], levels: Any, *, low_is_good: bool) -> Any:
    """The score of a value by its cut-points, from the smallest. Where all customers are alike, being like them is 3."""
    marks = range(LEVELS, 0, -1) if low_is_good else range(1, LEVELS + 1)
    ordered = list(cuts)
    by_cuts = ibis.cases(*((value <= cut, mark) for cut, mark in zip(ordered, marks, strict=False)), else_=marks[-1])
    alike = ibis.cases((value < ordered[0], marks[0]), (value > ordered[0], marks[-1]), else_=3)
    return ibis.ifelse(levels == 1, alike, by_cuts).cast("int64")
