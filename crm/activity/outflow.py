"""Assets that have left: the average of the last month against the median of the months before, less what is explained.

Explained is what matured, what went into a home and what was spent: known ends of money, and no sign of leaving for another bank.
"""

from datetime import date, timedelta
from typing import Any

import ibis
from ibis import Table

from crm.activity.counting import own_entries
from crm.activity.definitions import definitions
from crm.activity.joining import joined
from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace
from crm.features.assets import positions

_MONTH = 30
_DIGITS = 6


def build_outflow(work: Workspace) -> Table:
    """A row per customer with assets: the averages, what explains a fall, and the unexplained share, today and a week ago."""
    spans = positions(work)
    by_day, rules = _averages(work.day, spans), definitions().outflow
    explained = joined(by_day, _matured(work, spans), ["customer_id"])
    explained = joined(joined(explained, _house(work), ["customer_id"]), _spent(work), ["customer_id"])
    explained = explained.mutate(
        spent=explained.spent.fill_null(0.0),
        matured=explained.matured.fill_null(0.0),
        house=explained.house.fill_null(0.0),
        mortgage=explained.mortgage.fill_null(False),
    )
    lost = (explained.usual - explained.current) / explained.usual.nullif(0)
    unexplained = ibis.ifelse(
        explained.mortgage,
        0.0,
        (explained.usual - explained.current - explained.matured - explained.house - explained.spent) / explained.usual.nullif(0),
    )
    # Below the lowest of the months before: whose balance always swings has not left.
    fires = (unexplained >= rules.drop) & (explained.usual >= rules.least) & (explained.current < explained.lowest)
    judged = explained.mutate(lost=rounded(lost, _DIGITS), unexplained=rounded(unexplained, _DIGITS), fires=fires.fill_null(False))
    now, before = judged.filter(judged.weeks_ago == 0).drop("weeks_ago"), judged.filter(judged.weeks_ago == 1)
    both = joined(now, before.select("customer_id", fired_before=before.fires), ["customer_id"])
    return both.mutate(fires=both.fires & both.fired_before.fill_null(False)).drop("fired_before")


def _averages(day: date, spans: Table) -> Table:
    """The averages of a customer, today and a week ago. Every span is gone through once, each month a column: of a large bank there are
    many millions."""
    rules = definitions().outflow
    windows = {(weeks, month): _window(day, weeks, month) for weeks in (0, 1) for month in range(rules.lowest_of + 1)}
    # A month in which nothing was known yet is no month with nothing.
    sums = spans.group_by("customer_id").aggregate(
        known_from=spans.on.min(), **{f"total_{weeks}_{month}": _money_days(spans, *window) for (weeks, month), window in windows.items()}
    )
    rows = []
    for weeks in (0, 1):
        average = {
            month: ibis.ifelse(
                (sums.known_from <= ibis.date(windows[weeks, month][0])) | (month == 0),
                rounded(sums[f"total_{weeks}_{month}"].cast("float64") / 100 / _MONTH, 2),
                None,
            )
            for month in range(rules.lowest_of + 1)
        }
        rows.append(
            sums.select(
                "customer_id",
                weeks_ago=ibis.literal(weeks, "int64"),
                current=average[0],
                usual=_median([average[month] for month in range(1, rules.months + 1)]),
                lowest=ibis.least(*(average[month] for month in range(1, rules.lowest_of + 1))),
            )
        )
    return rows[0].union(rows[1])


def _window(day: date, weeks: int, month: int) -> tuple[date, date]:
    """The month that ends on the day (0) or one of those before, seen so many weeks ago: its first day, and the day after."""
    after = day - timedelta(days=7 * weeks + _MONTH * month - 1)
    return after - timedelta(days=_MONTH), after


def _money_days(spans: Table, first: date, after: date) -> Any:
    days = ibis.least(spans.until_on, ibis.date(after)).delta(ibis.greatest(spans.on, ibis.date(first)), unit="day")
    return (spans.cents * ibis.greatest(days, 0).cast("int64")).sum()


def _median(months: list[Any]) -> Any:
    """Of three of which the older may not be known; engines leave NULL out of the least and the greatest."""
    first, second, third = months
    middle = ibis.greatest(ibis.least(first, second), ibis.least(ibis.greatest(first, second), third))
    ends = (ibis.least(*months) + ibis.greatest(*months)) / 2
    return ibis.ifelse(third.notnull(), middle, ends)


def _matured(work: Workspace, spans: Table) -> Table:
    """What time deposits that matured lately were worth on their last day."""
    since, accounts = ibis.date(work.day - timedelta(days=definitions().outflow.explained_days)), work.table("accounts")
    matured = accounts.filter(accounts.matures_on > since, accounts.matures_on <= ibis.date(work.day)).select(
        of="account_id", due="matures_on"
    )
    due = spans.filter(spans.is_deposit).inner_join(matured, "of")
    due = due.filter(due.on < due.due)
    last = due.group_by("customer_id", "of").aggregate(worth=due.cents.argmax(due.on))
    return last.group_by("customer_id").aggregate(matured=last.worth.sum().cast("float64") / 100)


def _house(work: Workspace) -> Table:
    """What was paid for a home lately, and whether a mortgage began."""
    house, since = definitions().house, ibis.date(work.day - timedelta(days=definitions().outflow.explained_days))
    entries, loans = own_entries(work), work.table("loans")
    named = ibis.or_(*(entries.counterparty.contains(word) for word in house.words)).fill_null(False)
    paid = entries.filter(entries.on > since, entries.amount_cny < 0, named | entries.mcc.isin(house.mcc).fill_null(False))
    payments = paid.select("customer_id", house=(-paid.amount_cny).cast("float64"), mortgage=ibis.literal(False))
    begun = loans.filter(loans.kind == "mortgage", loans.started_on > since)
    both = payments.union(begun.select("customer_id", house=ibis.literal(0.0), mortgage=ibis.literal(True)))
    return both.group_by("customer_id").aggregate(house=rounded(both.house.sum(), 2), mortgage=both.mortgage.any())


def _spent(work: Workspace) -> Table:
    """What was spent lately, by the customer or by standing order, but for the home and what went to the customer elsewhere."""
    since = ibis.date(work.day - timedelta(days=definitions().outflow.explained_days))
    table, house = work.table("transactions"), definitions().house
    entries = table.filter(table.on > since, table.amount_cny < 0, ~table.own_transfer.fill_null(False), ~table.reversal.fill_null(False))
    ours = work.result("our_names").mutate(ours=ibis.literal(True))
    told = joined(entries, ours, ["counterparty_bank"])
    home = ibis.or_(*(told.counterparty.contains(word) for word in house.words)).fill_null(False) | told.mcc.isin(house.mcc).fill_null(
        False
    )
    ours, own = told.ours.fill_null(False), told.own_name.fill_null(False)
    spent = told.filter(~home, (told.kind.isin(definitions().spent) & (ours | ~own)) | ((told.kind == "transfer") & ours))
    return spent.group_by("customer_id").aggregate(spent=rounded((-spent.amount_cny).sum().cast("float64"), 2))
