"""How likely each cause is: points above the usual, near the drop."""

import ibis
from ibis import Table

from crm.activity.joining import joined
from crm.assessing.rounding import rounded
from crm.assessing.stage import Stage
from crm.assessing.workspace import Workspace
from crm.causes.definitions import definitions
from crm.causes.evidence import COUNTED, SINGLE, evidence
from crm.causes.scoring import build_scores

_DIGITS = 4


def build_levels(work: Workspace) -> Table:
    """The points a customer of the bank usually gathers in one window, by cause: what happens to everybody explains nobody's leaving."""
    rules, table = definitions(), work.result("cause_evidence")
    window = rules.window_days + rules.baseline_days
    lately = table.filter(table.on > ibis.date(work.day) - ibis.interval(days=window), table.way == COUNTED)
    customers = work.result("activity_gaps")
    alive = customers.aggregate(customers=customers.count(where=customers.silent_days <= window))
    sums = lately.group_by("cause").aggregate(points=lately.points.sum()).cross_join(alive)
    level = sums.points / sums.customers.nullif(0) * rules.window_days / window
    return sums.select("cause", level=rounded(level.fill_null(0.0), _DIGITS))


def build_causes(work: Workspace) -> Table:
    """A row per customer and cause that has enough evidence, the likeliest first (`rank` 1)."""
    rules = definitions()
    onset = _onset(work)
    told = work.result("cause_evidence").inner_join(onset, "customer_id")
    inside = told.on > told.window_from
    earlier = ~inside & (told.on > (told.window_from - ibis.interval(days=rules.baseline_days)).cast("date"))
    counted = told.group_by("customer_id", "cause", "way", "onset").aggregate(
        count=told.count(where=inside).cast("int64"),
        points=told.points.sum(where=inside).fill_null(0.0),
        own=told.points.sum(where=earlier).fill_null(0.0),
        first_on=told.on.min(where=inside),
        last_on=told.on.max(where=inside),
    )
    counted = joined(counted, work.result("cause_levels"), ["cause"])
    own = counted.own * rules.window_days / rules.baseline_days
    usual = ibis.ifelse(counted.way == SINGLE, 0.0, ibis.greatest(own, counted.level.fill_null(0.0)))
    near = counted.last_on >= (counted.onset - ibis.interval(days=rules.before_days)).cast("date")
    counted = counted.mutate(usual=rounded(usual, _DIGITS), near=near.fill_null(False))
    known = _known()
    judged = counted.inner_join(known, "cause")
    # Counts scatter by their root: less than that above the usual is chance.
    excess = judged.points - judged.usual - judged.usual.sqrt()
    likely = judged.weight * (1 - ibis.literal(0.5).pow(excess / judged.half)) * ibis.ifelse(judged.near, 1.0, 0.5)
    judged = judged.mutate(strength=rounded(likely, _DIGITS))
    enough = judged.filter(judged.points >= judged.least, judged.strength > 0)
    rank = ibis.row_number().over(group_by=enough.customer_id, order_by=[ibis.desc(enough.strength), enough.place]) + 1
    return enough.select(
        "customer_id",
        "cause",
        "strength",
        "count",
        "points",
        "usual",
        "first_on",
        "last_on",
        "near",
        rank=rank.cast("int64"),
        version=ibis.literal(rules.version),
    )


def _onset(work: Workspace) -> Table:
    """When the drop of a customer began, as far as known (the day it first showed or the last sign of life), and from when to count."""
    rules = definitions()
    warnings, gaps = work.result("warnings"), work.result("activity_gaps")
    known = gaps.select("customer_id", "last_on").left_join(warnings.select("customer_id", "since"), "customer_id")
    known = known.select("customer_id", "last_on", "since")
    onset = ibis.least(known.since.coalesce(known.last_on), known.last_on)
    return known.select("customer_id", onset=onset, window_from=(known.last_on - ibis.interval(days=rules.window_days)).cast("date"))


def _known() -> Table:
    rows = [
        {"cause": cause.id, "weight": cause.weight, "half": cause.half, "least": float(cause.least), "place": place}
        for place, cause in enumerate(definitions().causes)
    ]
    return ibis.memtable(rows, schema={"cause": "string", "weight": "float64", "half": "float64", "least": "float64", "place": "int64"})


CAUSE_STAGES = (
    Stage(name="cause_evidence", title="原因的证据", key=("customer_id", "cause", "on", "points", "way"), build=evidence),
    Stage(name="cause_levels", title="全行水平", key=("cause",), build=build_levels, population=True),
    Stage(name="causes", title="可能的原因", key=("customer_id", "rank"), build=build_causes),
    Stage(name="leaving_scores", title="流失排序", key=("customer_id",), build=build_scores),
)
