"""The stage of every relation at the end of the day, as a table."""

from datetime import UTC, datetime, timedelta

import ibis
from ibis import Table

from compliance.days import at_hour
from crm.assessing.stage import Stage
from crm.assessing.workspace import Workspace
from crm.features.stage import months_before
from crm.lifecycle.definitions import lifecycle_definitions


def lifecycle(work: Workspace) -> Table:
    """One row a customer: the stage, by which clock, and what overrides it. A month ends where `crm.lifecycle.machine` says it does."""
    rules = lifecycle_definitions()
    found = _begun(work)
    for part in (_gone(work), _warned(work)):
        found = found.left_join(part, "customer_id").drop("customer_id_right")
    day = ibis.date(work.day)
    grown = (found.begun_on + ibis.interval(months=rules.bridge_months)).cast("date")
    mature = (found.begun_on + ibis.interval(months=rules.growth_months)).cast("date")
    new = found.begun_at > ibis.literal(_warm_after(work), "timestamp('UTC')")
    tenure = ibis.cases((new, "icebreak"), (grown > day, "bridge"), (mature > day, "growth"), else_="mature")
    found = found.mutate(tenure_stage=tenure, grown_on=grown, mature_on=mature)
    warned = found.warned.fill_null(False) & found.tenure_stage.isin(["growth", "mature"])
    stage = ibis.cases((found.closed, "closed"), (found.gone.fill_null(False), "lost"), (warned, "warning"), else_=found.tenure_stage)
    warm_on = (found.begun_on + ibis.interval(days=rules.icebreak_hours // 24)).cast("date")
    by_clock = {
        "icebreak": (found.begun_on, warm_on),
        "bridge": (warm_on, found.grown_on),
        "growth": (found.grown_on, found.mature_on),
        "mature": (found.mature_on, ibis.null("date")),
    }
    since = ibis.cases(*((found.tenure_stage == name, span[0]) for name, span in by_clock.items()), else_=ibis.null("date"))
    until = ibis.cases(*((found.tenure_stage == name, span[1]) for name, span in by_clock.items()), else_=ibis.null("date"))
    return found.select(
        "customer_id",
        "kind",
        "begun_on",
        "tenure_stage",
        stage=stage,
        since=ibis.cases(
            (found.closed, found.ended_on), (stage == "lost", ibis.null("date")), (stage == "warning", found.warned_since), else_=since
        ),
        until=ibis.ifelse(stage == found.tenure_stage, until, ibis.null("date")),
        version=ibis.literal(rules.version, "int64"),
    )


LIFECYCLE_STAGES = (Stage(name="lifecycle", title="生命周期", key=("customer_id",), build=lifecycle),)


def _warm_after(work: Workspace) -> datetime:
    end = at_hour(work.day + timedelta(days=1), 0)
    return (end - timedelta(hours=lifecycle_definitions().icebreak_hours)).astimezone(UTC)


def _begun(work: Workspace) -> Table:
    """When the relation that there is now began: with the first account, or with the one opened after all before it were closed."""
    accounts = work.table("accounts")
    customers = work.table("customers")
    never = ibis.literal("9999-12-31").cast("date")
    open_until = accounts.select("customer_id", "account_id", "opened_on", until=accounts.closed_on.fill_null(never))
    before = ibis.cumulative_window(group_by="customer_id", order_by=[open_until.opened_on, open_until.account_id])
    ordered = open_until.mutate(upto=open_until.until.max().over(before))
    lagged = ordered.mutate(earlier=ordered.upto.lag().over(group_by="customer_id", order_by=[ordered.opened_on, ordered.account_id]))
    again = lagged.filter(lagged.earlier < lagged.opened_on).group_by("customer_id").aggregate(again_on=lagged.opened_on.max())
    still = open_until.until > ibis.date(work.day)
    ends = open_until.group_by("customer_id").aggregate(
        held=still.sum(), unended=(open_until.until == never).sum(), last_end=open_until.until.max(where=~still)
    )
    found = customers.left_join(again, "customer_id").drop("customer_id_right").left_join(ends, "customer_id").drop("customer_id_right")
    # A status says what is so now: whose last account was closed after the day was a customer on the day.
    closed_later = ((found.status == "closed") & (found.held > 0) & (found.unended == 0)).fill_null(False)
    gone = ((found.status != "active") & ~closed_later) | (found.held == 0).fill_null(False)
    reopened_at = (found.again_on.cast("timestamp") - ibis.interval(hours=8)).cast("timestamp('UTC')")
    return found.select(
        "customer_id",
        "kind",
        begun_on=found.again_on.coalesce(found.opened_on),
        begun_at=ibis.ifelse(found.again_on.notnull(), reopened_at, found.opened_at),
        closed=gone,
        ended_on=found.last_end,
    )


def _gone(work: Workspace) -> Table:
    """Soft churn: long silent and nearly nothing left of the assets."""
    rules = lifecycle_definitions()
    months, features = work.result("aum_months"), work.result("features")
    first = work.day.replace(day=1)
    earlier = months.filter(months.month < ibis.date(first))
    recent = earlier.filter(months_before(work, earlier) < rules.gone_months)
    usual = recent.group_by("customer_id").aggregate(usual=recent.average.cast("float64").median())
    found = features.left_join(usual, "customer_id")
    silent = (found.recency_days >= rules.gone_days) | (found.recency_days.isnull() & (found.tenure_days >= rules.gone_days))
    emptied = (found.usual > 0) & (found.aum.cast("float64") <= found.usual * (1 - rules.gone_share))
    return found.select("customer_id", gone=(silent & emptied & found.active_days_12m.notnull()).fill_null(False))


def _warned(work: Workspace) -> Table:
    """Whether the warning stands: it fires, or it stood and fewer clean evaluations in a row have passed since than it takes."""
    rules = lifecycle_definitions()
    evaluations, warnings = work.result("activity_evaluations"), work.result("warnings")
    # It stood when two evaluations in a row fired; the latest such pair lies as many weeks back as evaluations were clean since.
    following = evaluations.select("customer_id", earlier=evaluations.number - 1, before=evaluations.fires)
    pairs = evaluations.inner_join(following, [evaluations.customer_id == following.customer_id, evaluations.number == following.earlier])
    stood = pairs.filter(pairs.fires & pairs.before).group_by("customer_id").aggregate(clean=pairs.number.min())
    found = warnings.left_join(stood, "customer_id")
    lingering = (found.clean < rules.clean_evaluations).fill_null(False)
    return found.select("customer_id", warned=found.warning.fill_null(False) | lingering, warned_since=found.since)
