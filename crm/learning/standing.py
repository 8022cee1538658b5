"""What the book tells of customers, each on a day of their own: age, tenure, accounts, balance, contacts.

The names are those of `crm.learning.observed`, so that a model learned here speaks of today. What was never delivered is unknown, not zero.
"""

import ibis
import pyarrow as pa
from ibis import Table

from crm.activity.joining import joined
from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace

_WINDOW_DAYS = 180


def standing(work: Workspace, days: pa.Table) -> Table:
    """A row per row of `days` (`customer_id, day`), with what was so on that day. An account that closes on the day itself is open."""
    rows = ibis.memtable(days)
    table = joined(rows, _people(work, rows), ["customer_id"])
    for part, feed in (
        (_accounts(work, rows), "accounts"),
        (_balance(work, rows), "balances"),
        (_recent(work, rows, "contacts", "on", "contacts_180"), "contacts"),
        (_recent(work, rows, "complaints", "opened_on", "complaints_180"), "complaints"),
    ):
        delivered = work.table(feed).aggregate(delivered=work.table(feed).count() > 0)
        both = joined(table, part, ["customer_id"]).cross_join(delivered)
        names = [name for name in part.columns if name != "customer_id"]
        table = both.mutate(**{name: ibis.ifelse(both.delivered, both[name].fill_null(0), None) for name in names}).drop("delivered")
    return table.drop("day")


def _people(work: Workspace, rows: Table) -> Table:
    people = joined(rows, work.table("customers"), ["customer_id"])
    facts = people.aggregate(openings=people.opened_on.nunique(), births=people.birth_date.nunique())
    both = people.cross_join(facts)
    # One day of opening for all is no tenure: it would only tell when the row is.
    return both.select(
        "customer_id",
        "kind",
        "education",
        "marital_status",
        monthly_income=both.monthly_income.cast("float64"),
        tenure_days=ibis.ifelse(both.openings > 1, both.day.delta(both.opened_on, unit="day").cast("float64"), None),
        age=ibis.ifelse(both.births > 1, rounded(both.day.delta(both.birth_date, unit="day").cast("float64") / 365.25, 1), None),
    )


def _accounts(work: Workspace, rows: Table) -> Table:
    both = work.table("accounts").inner_join(rows, "customer_id")
    still = both.filter(both.opened_on <= both.day, both.closed_on.isnull() | (both.closed_on >= both.day))
    return still.group_by("customer_id").aggregate(
        deposits=still.count(where=still.kind == "deposit"),
        cards=still.count(where=still.kind == "card"),
        loans=still.count(where=still.kind == "loan"),
        open_accounts=still.count(),
    )


def _balance(work: Workspace, rows: Table) -> Table:
    return latest_balance(work.table("balances").inner_join(rows, "customer_id"), work)


def latest_balance(balances: Table, work: Workspace) -> Table:
    """`customer_id, balance`: the last balance of each deposit account added up. `balances` may carry a `day` after which none counts."""
    known = balances.filter(balances.on <= balances.day) if "day" in balances.columns else balances
    deposits = work.table("accounts").filter(ibis._.kind == "deposit").select("account_id")
    last = known.semi_join(deposits, "account_id").group_by("customer_id", "account_id").aggregate(last=ibis._.amount_cny.argmax(ibis._.on))
    return last.group_by("customer_id").aggregate(balance=last["last"].sum().cast("float64"))


def _recent(work: Workspace, rows: Table, feed: str, column: str, name: str) -> Table:
    both = work.table(feed).inner_join(rows, "customer_id")
    # What is booked on the day itself may be the very call that sold.
    recent = both.filter(both[column] < both.day, both[column] >= both.day - ibis.interval(days=_WINDOW_DAYS))
    return recent.group_by("customer_id").aggregate(**{name: recent.count()})
