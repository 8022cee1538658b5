"""How likely each customer is to be leaving, as a number to put them in order by: whoever has no warning is in that order too.

Five signs that hardly depend on each other, joined by a noisy-OR whose weights are in `causes.yaml`. None of them is learned: where a bank
has outcomes, `learn churn` says whether weights of its own do better. The number orders; it is no probability, and it fires nothing.
"""

from datetime import timedelta

import ibis
from ibis import Table
from ibis.expr.types import FloatingValue

from crm.activity.counting import sent_away
from crm.activity.joining import joined
from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace
from crm.causes.definitions import definitions

_DIGITS = 6


def build_scores(work: Workspace) -> Table:
    """A row per customer whose relation goes on: each sign from 0 to 1, NULL where nothing is known of it, and `score`."""
    rules = definitions().score
    warnings = work.result("warnings").select("customer_id", "kind")
    activity = work.result("activity").select("customer_id", "adjusted", "severe_certainty")
    gaps = work.result("activity_gaps").select("customer_id", "gaps", "long_gap", "silent_days")
    assets = work.result("outflow").select("customer_id", "usual", "unexplained")
    table = warnings
    for part in (activity, gaps, assets, _taken(work), _troubles(work)):
        table = joined(table, part, ["customer_id"])
    fallen = (table.severe_certainty + (1 - table.adjusted).clip(0.0, 1.0)) / 2
    # Of whom the counts say too little, the fall alone says half of it.
    quieter = fallen.coalesce((1 - table.adjusted).clip(0.0, 1.0) / 2)
    longest = ibis.greatest(table.long_gap, rules["least_gap"]).cast("float64")
    silent = ibis.ifelse(table.gaps >= rules["gaps"], (1 - longest / ibis.greatest(table.silent_days.cast("float64"), longest)), None)
    usual = ibis.greatest(table.usual.fill_null(0.0), float(rules["least_assets"]))
    taken = (table.taken / usual).clip(0.0, 1.0)
    signs = table.select(
        "customer_id",
        "kind",
        activity=rounded(quieter, _DIGITS),
        silence=rounded(silent, _DIGITS),
        money=rounded(table.unexplained.clip(0.0, 1.0), _DIGITS),
        elsewhere=rounded(taken, _DIGITS),
        trouble=rounded(1 - (-table.trouble).exp(), _DIGITS),
    )
    stays: FloatingValue = ibis.literal(1.0)
    for name, weight in rules["weights"].items():
        stays = stays * (1 - weight * signs[name].fill_null(0.0))
    return signs.mutate(score=rounded(1 - stays, _DIGITS), version=ibis.literal(definitions().version))


def _taken(work: Workspace) -> Table:
    """What lately went to accounts of the customer's own at other banks, beyond what went there before in as many days."""
    rules, sent = definitions().score, sent_away(work)
    away, days = sent.filter(sent.own), rules["days"]
    recent = away.on > ibis.date(work.day - timedelta(days=days))
    before = ~recent & (away.on > ibis.date(work.day - timedelta(days=days * (1 + rules["habit"]))))
    cents = (-away.amount_cny * 100).cast("int64")
    sums = away.group_by("customer_id").aggregate(recent=cents.sum(where=recent).fill_null(0), before=cents.sum(where=before).fill_null(0))
    return sums.select("customer_id", taken=(sums.recent.cast("float64") - sums.before.cast("float64") / rules["habit"]) / 100)


def _troubles(work: Workspace) -> Table:
    """The strengths of what drives people away; a journey, a home or a festival do not."""
    causes = work.result("causes")
    hurts = causes.filter(causes.cause.notin(definitions().score["harmless"]))
    return hurts.group_by("customer_id").aggregate(trouble=hurts.strength.sum())
