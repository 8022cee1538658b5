"""The preference vector over kinds of products, and how deposits move, as tables of the nightly run."""

from datetime import timedelta
from math import log
from typing import Any

import ibis
from ibis import Table

from crm.assessing.rounding import rounded
from crm.assessing.stage import Stage
from crm.assessing.workspace import Workspace
from crm.features.assets import spans
from crm.preferences.definitions import preference_definitions
from crm.preferences.held import spells, stretches


def preferences(work: Workspace) -> Table:
    """One row a customer and kind of product: the share of what was held, recent days counting more, spells and days; told purchases."""
    rules = preference_definitions()
    held = work.keep(stretches(work))
    kind = ["customer_id", "category", "risk", "style"]
    worth = held.mutate(weight=held.cents.cast("float64") * _decayed(work, held))
    worth = worth.filter(worth.weight > 0).group_by(*kind).aggregate(weight=worth.weight.sum())
    started = ibis.date(work.day - timedelta(days=rules["window_days"]))
    times = spells(work, held)
    times = times.filter(times.until_on > started)
    lasted = times.until_on.delta(times.from_on, unit="day")
    counted = times.group_by(*kind).aggregate(
        spells=times.count(), days=lasted.sum(), bought=ibis.ifelse(times.from_on > started, 1, 0).sum(), last_on=times.from_on.max()
    )
    told = _told(work, times, started)
    # Kinds may lack a risk or style: NULL is one of them, so they are put together by union and not by joining.
    parts = [
        worth.select(*kind, "weight", **_without("spells", "days", "bought"), last_on=ibis.null("date")),
        counted.select(*kind, "spells", "days", "bought", "last_on", weight=ibis.literal(0.0)),
        told.select(*kind, "bought", "last_on", weight=ibis.literal(0.0), **_without("spells", "days")),
    ]
    columns = (*kind, "weight", "spells", "days", "bought", "last_on")
    every = ibis.union(*(part.select(*columns) for part in parts))
    summed = every.group_by(*kind).aggregate(
        weight=every.weight.sum(), spells=every.spells.sum(), days=every.days.sum(), bought=every.bought.sum(), last_on=every.last_on.max()
    )
    whole = summed.weight.sum().over(group_by=summed.customer_id)
    return summed.select(
        *kind,
        "bought",
        "last_on",
        "spells",
        share=ibis.ifelse(whole > 0, rounded(summed.weight / whole, 4), None),
        mean_days=ibis.ifelse(summed.spells > 0, rounded(summed.days.cast("float64") / summed.spells, 0).cast("int64"), None),
        version=ibis.literal(rules["version"], "int64"),
    )


def deposit_swings(work: Workspace) -> Table:
    """One row a customer: how far the daily total spreads around its average (CV), and what became of term deposits."""
    rules = preference_definitions()
    steps = _totals(work)
    first, after = ibis.date(work.day - timedelta(days=rules["swing_days"] - 1)), ibis.date(work.day + timedelta(days=1))
    days = ibis.greatest(ibis.least(steps.until_on, after).delta(ibis.greatest(steps.on, first), unit="day"), 0).cast("float64")
    total = steps.cents.cast("float64")
    weighed = steps.mutate(days=days, by_days=total * days, by_squares=total * total * days)
    found = weighed.group_by("customer_id").aggregate(
        days=weighed.days.sum(), total=weighed.by_days.sum(), squares=weighed.by_squares.sum()
    )
    mean = found.total / found.days
    spread = ibis.greatest(found.squares / found.days - mean * mean, 0.0).sqrt()
    known = found.filter(found.days > 0)
    swings = known.select(
        "customer_id",
        days=known.days.cast("int64"),
        cv=ibis.ifelse(known.total > 0, rounded(spread / mean, 4), None),
    )
    everybody = work.table("customers").select("customer_id")
    both = everybody.left_join(swings, "customer_id").drop("customer_id_right").left_join(_ended(work), "customer_id")
    return both.drop("customer_id_right").mutate(version=ibis.literal(rules["version"], "int64"))


PREFERENCE_STAGES = (
    Stage(name="preferences", title="产品偏好", key=("customer_id", "category", "risk", "style"), build=preferences),
    Stage(name="deposit_swings", title="存款波动", key=("customer_id",), build=deposit_swings),
)


def _without(*names: str) -> dict[str, Any]:
    return {name: ibis.literal(0, "int64") for name in names}


def _decayed(work: Workspace, held: Table) -> Any:
    """Days of a stretch within the window, each worth less the older it is: the integral of the decay over its days."""
    rules = preference_definitions()
    rate = log(2) / rules["half_life_days"]
    end = ibis.date(work.day + timedelta(days=1))
    oldest = ibis.least(end.delta(held.from_on, unit="day"), rules["window_days"]).cast("float64")
    newest = ibis.least(end.delta(held.until_on, unit="day"), rules["window_days"]).cast("float64")
    return ((newest * -rate).exp() - (oldest * -rate).exp()) / rate


def _told(work: Workspace, times: Table, started: Any) -> Table:
    """Purchases that nothing held bears out, as of insurance that is no holding."""
    near = preference_definitions()["same_days"]
    bought = work.result("purchases")
    bought = bought.filter(bought.on > started, bought.category.isin(["wealth", "fund", "insurance", "metal", "pension", "fx", "term"]))
    seen = bought.inner_join(times.select("customer_id", "category", "from_on"), ["customer_id", "category"])
    apart = seen.on.delta(seen.from_on, unit="day")
    borne = seen.filter((apart <= near) & (apart >= -near)).select("customer_id", "category", "on").distinct()
    alone = bought.anti_join(borne, ["customer_id", "category", "on"])
    return (
        alone.group_by("customer_id", "category")
        .aggregate(bought=alone.count(), last_on=alone.on.max())
        .mutate(risk=ibis.null("string"), style=ibis.null("string"))
    )


def _totals(work: Workspace) -> Table:
    """The total of a customer's deposits from each day on which it changed up to the next."""
    held = spans(work)
    held = held.filter(held.is_deposit)
    end = ibis.date(work.day + timedelta(days=1))
    begun = held.select("customer_id", on="from_on", change="cents")
    ended = held.filter(held.until_on < end).select("customer_id", on="until_on", change=-held.cents)
    changes = begun.union(ended)
    daily = changes.group_by("customer_id", "on").aggregate(change=changes.change.sum())
    upto = ibis.cumulative_window(group_by=daily.customer_id, order_by=daily.on)
    return daily.select(
        "customer_id",
        "on",
        cents=daily.change.sum().over(upto),
        until_on=daily.on.lead().over(group_by=daily.customer_id, order_by=daily.on).fill_null(end),
    )


def _ended(work: Workspace) -> Table:
    """Term deposits that ended within the window, and after how many of them something was opened or begun."""
    rules = preference_definitions()
    products, accounts, holdings = work.table("products"), work.table("accounts"), work.table("holdings")
    wanted = products.filter(products.category.isin(rules["deposit_categories"])).select("product_code")
    term = accounts.inner_join(wanted, "product_code")
    term = term.mutate(ended_on=term.closed_on.coalesce(term.matures_on))
    ended = term.filter(term.ended_on <= ibis.date(work.day), term.ended_on > ibis.date(work.day - timedelta(days=rules["window_days"])))
    positive = holdings.filter(holdings.amount > 0)
    begun = positive.group_by("customer_id", "product_code").aggregate(begun_on=positive.on.min()).select("customer_id", "begun_on")
    opened = term.select("customer_id", begun_on=term.opened_on)
    after = ended.select("customer_id", "account_id", "ended_on").inner_join(begun.union(opened), "customer_id")
    later = after.begun_on.delta(after.ended_on, unit="day")
    kept = after.filter((later >= 0) & (later <= rules["kept_days"])).select("account_id").distinct().mutate(kept=ibis.literal(True))
    found = ended.left_join(kept, "account_id")
    return found.group_by("customer_id").aggregate(ended=found.count(), kept=ibis.ifelse(found.kept.notnull(), 1, 0).sum())
