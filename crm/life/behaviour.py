"""What a person does: pension and wages that come in, and what is paid for by hand. Counts only while the person lets us look."""

from datetime import timedelta

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.life.definitions import Spending, definitions
from crm.life.shapes import contains_any, evidence_of, together


def behaviour(work: Workspace, people: Table) -> Table:
    """All of it, of those who did not withdraw the use of their data for advice."""
    seen = people.anti_join(refused(work), "customer_id")
    rows = [
        _income(work, "pension", definitions().pension_days),
        _income(work, "payroll", definitions().payroll_days),
        *_spendings(work, seen),
    ]
    return together(rows).semi_join(seen, "customer_id")


def refused(work: Workspace) -> Table:
    """Who said last that their data may not be used for advice. Two words of one instant: the refusal counts."""
    words = work.table("consents")
    words = words.filter(words.purpose == "profiling")
    last = words.group_by("customer_id").aggregate(at=words.at.max())
    latest = words.inner_join(last, ["customer_id", "at"])
    return latest.filter(~latest.granted).select("customer_id").distinct()


def _income(work: Workspace, kind: str, days: int) -> Table:
    table = work.table("transactions")
    since = ibis.date(work.day - timedelta(days=days))
    came = table.filter(table.kind == kind, table.amount > 0, ~table.reversal.fill_null(False), table.on > since)
    each = came.group_by("customer_id").aggregate(count=came.count(), last_on=came.on.max())
    return evidence_of(each, kind, count=each["count"], last_on=each.last_on)


def _spendings(work: Workspace, people: Table) -> list[Table]:
    rules = definitions().spending
    paid = work.keep(_paid(work, max(one.days for one in rules.values())))
    # Merchants are far fewer than payments: their names are read once each.
    merchants = work.keep(paid.select("merchant", "mcc").distinct())
    return [_spending(work, people, paid, merchants, name, one) for name, one in rules.items()]


def _paid(work: Workspace, days: int) -> Table:
    """Payments by hand of the last days, by customer, day and merchant."""
    table = work.table("transactions")
    since = ibis.date(work.day - timedelta(days=days))
    own = table.filter(
        table.initiator == "customer",
        table.amount < 0,
        ~table.own_transfer.fill_null(False),
        ~table.reversal.fill_null(False),
        table.on > since,
        table.counterparty.notnull() | table.mcc.notnull(),
    )
    named = own.select("customer_id", "on", merchant=own.counterparty.fill_null(""), mcc=own.mcc.fill_null(""))
    return named.group_by("customer_id", "on", "merchant", "mcc").aggregate(times=named.count())


def _spending(work: Workspace, people: Table, paid: Table, merchants: Table, name: str, rule: Spending) -> Table:
    sort = merchants.filter(
        contains_any(merchants.merchant, rule.words) | merchants.mcc.isin(rule.mcc), ~contains_any(merchants.merchant, rule.but)
    )
    since = ibis.date(work.day - timedelta(days=rule.days))
    those = paid.filter(paid.on > since).semi_join(sort, ["merchant", "mcc"])
    each = those.group_by("customer_id").aggregate(count=those.times.sum(), on_days=those.on.nunique(), last_on=those.on.max())
    enough = each.filter(each["count"] >= rule.least, each.on_days >= rule.on_days)
    aged = people
    if rule.from_age is not None:
        aged = aged.filter(aged.age >= rule.from_age)
    if rule.below_age is not None:
        aged = aged.filter(aged.age < rule.below_age)
    return evidence_of(enough.semi_join(aged, "customer_id"), name, count=enough["count"], last_on=enough.last_on)
