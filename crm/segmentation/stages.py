"""Tier, flag and label of every customer, with all that they were decided by."""

from typing import Any

import ibis
from ibis import Table

from crm.assessing.rounding import rounded
from crm.assessing.stage import Stage
from crm.assessing.workspace import Workspace
from crm.features.stage import months_before
from crm.segmentation.definitions import class_definitions
from crm.segmentation.measures import class_measures
from crm.segmentation.percentiles import beside, percentiles, standing

_DIGITS = 6


def class_cuts(work: Workspace) -> Table:
    """Percentiles of assets, earnings and both slopes among the active customers of a kind."""
    found = work.result("class_measures")
    counted = found.filter(found.counted)
    return percentiles(
        counted,
        {
            "assets": counted.assets,
            "revenue": counted.revenue,
            "assets_slope": counted.assets_slope,
            "activity_slope": counted.activity_slope,
        },
    )


def class_scores(work: Workspace) -> Table:
    """Value and growth of every customer among those of the kind."""
    rules = class_definitions()
    found, cuts = work.result("class_measures"), work.result("class_cuts")
    for name in ("assets", "revenue", "assets_slope", "activity_slope"):
        found = beside(found, cuts, name)
    weights, growing = rules["value"], rules["growth"]
    by_assets, by_revenue = standing(found, "assets", found.assets), standing(found, "revenue", found.revenue)
    value = rounded(by_assets.fill_null(0) * weights["assets"] + by_revenue.fill_null(0) * weights["revenue"], 1)
    assets_growth = rounded(found.assets_slope - found.assets_slope_p50, _DIGITS)
    activity_growth = rounded(found.activity_slope - found.activity_slope_p50, _DIGITS)
    growth = assets_growth.fill_null(0) * growing["assets"] + activity_growth.fill_null(0) * growing["activity"]
    return found.select(
        "customer_id",
        "kind",
        "counted",
        assets_standing=by_assets,
        revenue_standing=by_revenue,
        value_score=ibis.ifelse(by_assets.isnull() & by_revenue.isnull(), None, value),
        assets_growth=assets_growth,
        activity_growth=activity_growth,
        growth=ibis.ifelse(assets_growth.isnull() & activity_growth.isnull(), None, rounded(growth, _DIGITS)),
        high_from=ibis.least(found.assets_p98, _by_kind(found, rules["high_assets"])),
    )


def class_tops(work: Workspace) -> Table:
    """Percentiles of value and growth, which the class rule asks for."""
    found = work.result("class_scores")
    counted = found.filter(found.counted)
    return percentiles(counted, {"value": counted.value_score, "growth": counted.growth})


def classes(work: Workspace) -> Table:
    """One row a customer whose relation goes on. `tier` and `flag` are two axes; wording is `crm.segmentation.reasons`."""
    rules = class_definitions()
    found = _all_inputs(work)
    found = beside(beside(found, work.result("class_tops"), "value"), work.result("class_tops"), "growth")
    found = found.mutate(growth_standing=standing(found, "growth", found.growth))
    high_now = (found.assets >= found.high_from).fill_null(False) | (found.value_score > found.value_p98).fill_null(False)
    falling = ~high_now & (found.months_below < rules["descent"]["lost_after"]).fill_null(False)
    high = high_now | falling
    enough = (found.stickiness >= rules["stickiness"]["enough"]).fill_null(False)
    growing = (found.growth > found.growth_p75).fill_null(False)
    needing = (found.need >= rules["need"]["high"]).fill_null(False) & (found.value_score > found.value_p50).fill_null(False)
    tier = ibis.cases(
        (high & enough, "strategic"),
        (high | growing | needing, "growth"),
        ((found.f >= rules["frequent"]).fill_null(False), "basic"),
        else_="idle",
    )
    silent = found.recency_days.fill_null(found.tenure_days) >= rules["dormant"]["days"]
    dormant = silent & found.active_days_12m.notnull() & (found.need >= rules["dormant"]["need"]).fill_null(False)
    descending = falling & (found.months_below >= rules["descent"]["shown_after"]).fill_null(False)
    warned = found.stage == "warning"
    return found.select(
        "customer_id",
        "kind",
        "value_score",
        "assets_standing",
        "revenue_standing",
        "stickiness",
        "categories",
        "main_account",
        "growth",
        "assets_growth",
        "activity_growth",
        "growth_standing",
        "need",
        "need_id",
        "f",
        "recency_days",
        "months_below",
        "stage",
        tenure_days=found.tenure_days,
        high=high,
        high_now=high_now,
        growing=growing,
        needing=needing,
        tier=tier,
        flag=warned | dormant | descending,
        warned=warned,
        dormant=dormant,
        descending=descending,
        gap=ibis.ifelse(high_now, None, rounded(ibis.greatest(found.high_from - found.assets, 0.0), 2)).cast("decimal(18, 2)"),
        gap_share=ibis.ifelse(high_now, None, rounded(1 - found.assets / found.high_from, 4)),
        version=ibis.literal(rules["version"], "int64"),
    )


CLASS_STAGES = (
    Stage(name="class_measures", title="分层的量", key=("customer_id",), build=class_measures),
    Stage(name="class_cuts", title="分层的位置", key=("kind", "measure"), build=class_cuts, population=True),
    Stage(name="class_scores", title="价值与成长", key=("customer_id",), build=class_scores),
    Stage(name="class_tops", title="分层的门槛", key=("kind", "measure"), build=class_tops, population=True),
    Stage(name="classes", title="客户分层", key=("customer_id",), build=classes),
)


def _by_kind(found: Table, values: dict[str, int]) -> Any:
    return ibis.cases(*((found.kind == kind, float(value)) for kind, value in values.items()), else_=None)


def _all_inputs(work: Workspace) -> Table:
    measures = work.result("class_measures").select("customer_id", "assets", "stickiness", "categories", "main_account")
    features = work.result("features").select("customer_id", "recency_days", "tenure_days", "active_days_12m")
    needs = work.result("needs")
    top = needs.filter(needs["rank"] == 1).select("customer_id", need=needs.probability, need_id=needs.need)
    going = work.result("lifecycle")
    going = going.filter(going.stage != "closed").select("customer_id", "stage")
    found = work.result("class_scores")
    for part in (measures, features, work.result("rfm").select("customer_id", "f"), top, _months_below(work, found)):
        found = found.left_join(part, "customer_id").drop("customer_id_right")
    return found.inner_join(going, "customer_id")


def _months_below(work: Workspace, scores: Table) -> Table:
    """How many whole months in a row the average has been below the high threshold, after a month that reached it; NULL if none did."""
    months = work.result("aum_months")
    whole = months.filter(months.month < ibis.date(work.day.replace(day=1)))
    met = whole.inner_join(scores.select("customer_id", "high_from"), "customer_id")
    reached = met.average.cast("float64") >= met.high_from
    numbered = met.select("customer_id", number=months_before(work, met), reached=reached)
    return numbered.group_by("customer_id").aggregate(months_below=numbered.number.min(where=numbered.reached))
