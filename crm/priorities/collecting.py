"""Every reason to act for a customer today, set-based: one row a customer and kind of reason, with its score within the tier."""

from datetime import timedelta

import ibis
from ibis import Table
from ibis.expr.types import Value

from compliance.days import add_months
from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace
from crm.features.categories import held_categories
from crm.needs.consent import refused
from crm.priorities.definitions import definitions

_COLUMNS = ("customer_id", "what", "name", "due_on", "since", "count", "likely")


def build_priorities(work: Workspace) -> Table:
    """The reasons of customers whose relation goes on, with what the score is made of."""
    reasons = ibis.union(*(_shaped(one) for one in (*_duties(work), *_dates(work), *_judged(work), *_care(work))))
    customers = work.table("customers")
    found = reasons.semi_join(customers.filter(customers.status == "active"), "customer_id").left_join(_context(work), "customer_id")
    found = found.drop("customer_id_right")
    return found.mutate(score=_score(work, found), version=ibis.literal(definitions().version))


def _score(work: Workspace, found: Table) -> Value:
    """Dates first come by the day; the rest by what may come of it."""
    rules = definitions()
    fresh = 1 - ibis.least(found.tried_lately.fill_null(0), rules.fatigue_full) / rules.fatigue_full
    chance = found.answer_chance.fill_null(0.2) * found.likely.fill_null(1.0)
    fairness = ibis.least(found.silent_for.fill_null(0), rules.fairness_days) / rules.fairness_days * rules.fairness
    worth = found.value_score.fill_null(0.0) / 100
    overdue = ibis.date(work.day).delta(found.due_on, unit="day")
    return rounded(ibis.ifelse(found.due_on.notnull(), overdue.cast("float64"), chance * worth * fresh + fairness), 6)


def _duties(work: Workspace) -> list[Table]:
    rules, day = definitions(), ibis.date(work.day)
    customers = work.table("customers")
    identity = customers.filter(customers.identity_valid_until <= ibis.date(work.day + timedelta(days=rules.identity_days)))
    tests = work.table("risk_assessments")
    last = tests.group_by("customer_id").aggregate(assessed_on=tests.assessed_on.max())
    expired = last.filter(last.assessed_on <= ibis.date(add_months(work.day, -rules.risk_months)))
    held = held_categories(work)
    risky = held.filter(held.category.isin(rules.risk_categories)).select("customer_id").distinct()
    complaints = work.table("complaints")
    still_open = complaints.filter(complaints.resolved_on.isnull() | (complaints.resolved_on > day))
    asked = still_open.group_by("customer_id").aggregate(since=still_open.opened_on.min(), count=still_open.count())
    within = ibis.interval(days=rules.complaint_due_days)
    return [
        identity.select("customer_id", what=ibis.literal("identity_expired"), due_on=identity.identity_valid_until),
        expired.semi_join(risky, "customer_id").select(
            "customer_id",
            what=ibis.literal("risk_expired"),
            due_on=(expired.assessed_on + ibis.interval(months=rules.risk_months)).cast("date"),
        ),
        asked.select("customer_id", "since", "count", what=ibis.literal("complaint_open"), due_on=(asked.since + within).cast("date")),
    ]


def _dates(work: Workspace) -> list[Table]:
    rules, day = definitions(), ibis.date(work.day)
    accounts, loans = work.table("accounts"), work.table("loans")
    due = accounts.filter(
        accounts.kind == "deposit",
        accounts.closed_on.isnull() | (accounts.closed_on > day),
        accounts.matures_on >= day,
        accounts.matures_on <= ibis.date(work.day + timedelta(days=rules.deposit_days)),
    )
    ending = loans.filter(
        loans.settled_on.isnull() | (loans.settled_on > day),
        loans.status.fill_null("current").isin(["current", "overdue"]),
        loans.ends_on >= day,
        loans.ends_on <= ibis.date(work.day + timedelta(days=rules.loan_days)),
    )
    return [
        due.group_by("customer_id").aggregate(due_on=due.matures_on.min(), count=due.count()).mutate(what=ibis.literal("deposit_matures")),
        ending.group_by("customer_id").aggregate(due_on=ending.ends_on.min(), count=ending.count()).mutate(what=ibis.literal("loan_ends")),
    ]


def _judged(work: Workspace) -> list[Table]:
    warnings, needs = work.result("warnings"), work.result("needs")
    leaving = warnings.filter(warnings.warning)
    first = needs.filter(needs["rank"] == 1, needs.probability >= definitions().need_from)
    complaints = work.table("complaints")
    angry = complaints.filter(complaints.resolved_on.isnull() | (complaints.resolved_on > ibis.date(work.day)))
    # Whom we may not, or should not now, offer anything.
    for kept_out in (leaving, angry, refused(work, "marketing")):
        first = first.anti_join(kept_out.select("customer_id").distinct(), "customer_id")
    return [
        leaving.select("customer_id", "since", what=ibis.literal("churn")),
        first.select("customer_id", what=ibis.literal("opportunity"), name=first.need, likely=first.probability),
    ]


def _care(work: Workspace) -> list[Table]:
    rules, customers = definitions(), work.table("customers")
    days = [work.day + timedelta(days=ahead) for ahead in range(rules.birthday_days + 1)]
    number = customers.birth_date.month() * 100 + customers.birth_date.day()
    born = customers.filter(number.isin([day.month * 100 + day.day for day in days]))
    reach, classes = work.result("contact_reach"), work.result("classes")
    silent = reach.mutate(silent_for=ibis.coalesce(reach.days_since, reach.days_known))
    lonely = silent.filter(silent.silent_for >= rules.neglected_days).inner_join(
        classes.filter(classes.tier.isin(rules.neglected_tiers)).select("customer_id", "tier"), "customer_id"
    )
    return [
        born.select("customer_id", what=ibis.literal("birthday"), since=born.birth_date),
        lonely.select("customer_id", what=ibis.literal("neglected"), since=lonely.last_on, count=lonely.silent_for),
    ]


def _context(work: Workspace) -> Table:
    """What every reason is weighed by."""
    channels, classes, reach = work.result("channels"), work.result("classes"), work.result("contact_reach")
    contacts = work.table("contacts")
    since = ibis.date(work.day - timedelta(days=definitions().fatigue_days))
    lately = contacts.filter(contacts.direction == "out", contacts.on > since, contacts.outcome.fill_null("sent") != "held_out")
    found = work.table("customers").select("customer_id")
    for part in (
        channels.group_by("customer_id").aggregate(answer_chance=channels.probability.max()),
        classes.select("customer_id", "value_score", "tier", "flag"),
        reach.select("customer_id", silent_for=ibis.coalesce(reach.days_since, reach.days_known)),
        lately.group_by("customer_id").aggregate(tried_lately=lately.count()),
    ):
        found = found.left_join(part, "customer_id").drop("customer_id_right")
    return found


def _shaped(rows: Table) -> Table:
    types = {"name": "string", "due_on": "date", "since": "date", "count": "int64", "likely": "float64"}
    missing = {column: ibis.null(kind) for column, kind in types.items() if column not in rows.columns}
    return rows.mutate(**missing).select(*_COLUMNS).cast(types)
