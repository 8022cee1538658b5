"""What triggers need of the nightly run: categories held with their plans, and how many are usual by class."""

from datetime import timedelta

import ibis
from ibis import Table

from crm.assessing.rounding import rounded
from crm.assessing.stage import Stage
from crm.assessing.workspace import Workspace
from crm.features.categories import held_categories, planned_categories
from crm.triggers.definitions import definitions

_CAP_DAYS = 31  # the longest window of compliance/tables/contact.yaml


def build_held(work: Workspace) -> Table:
    """The categories that a customer holds, `planned` 1 where a regular plan (定投) buys it."""
    held, planned = held_categories(work), planned_categories(work)
    joined = held.left_join(planned, ["customer_id", "category"])
    return joined.select("customer_id", "category", planned=ibis.ifelse(joined.category_right.notnull(), 1, 0))


def build_usual_categories(work: Workspace) -> Table:
    """By kind, class and percentile how many categories customers hold; the class `all` is all of a kind. No row where nothing is known."""
    features, classes = work.result("features"), work.result("classes").select("customer_id", "tier")
    known = features.filter(features.status == "active", features.categories.notnull()).select("customer_id", "kind", "categories")
    classed = known.inner_join(classes, "customer_id").select("kind", "tier", "categories").filter(lambda rows: rows.tier.notnull())
    everybody = known.select("kind", "categories", tier=ibis.literal("all")).select("kind", "tier", "categories")
    each = work.keep(classed.union(everybody))
    percentiles = sorted({one.penetration for one in definitions().triggers.values() if one.penetration is not None})
    of = each.group_by("kind", "tier")
    found = [
        of.aggregate(percentile=ibis.literal(share), people=each.count(), categories=each.categories.quantile(share))
        for share in percentiles
    ]
    every = ibis.union(found[0], *found[1:])
    return every.select("kind", "tier", "percentile", "people", categories=rounded(every.categories.cast("float64"), 4))


def build_touched_lately(work: Workspace) -> Table:
    """The days of the last 31 on which the bank approached a customer, and how many of the contacts were marketing: what caps count."""
    contacts = work.table("contacts")
    tried = contacts.filter(
        contacts.direction == "out",
        contacts.purpose.isin(["care", "marketing"]),
        contacts.on > ibis.date(work.day - timedelta(days=_CAP_DAYS)),
        ~contacts.outcome.fill_null("sent").isin(["held_out", "invalid", "failed"]),
    )
    return tried.group_by("customer_id", "on").aggregate(
        touched=tried.count(), marketed=ibis.ifelse(tried.purpose == "marketing", 1, 0).sum().cast("int64")
    )


TRIGGER_STAGES = (
    Stage(name="held", title="持有的产品类别", key=("customer_id", "category"), build=build_held),
    Stage(
        name="usual_categories",
        title="各类客户持有多少类产品",
        key=("kind", "tier", "percentile"),
        build=build_usual_categories,
        population=True,
    ),
    Stage(name="touched_lately", title="近一个月的主动联系", key=("customer_id", "on"), build=build_touched_lately),
)
