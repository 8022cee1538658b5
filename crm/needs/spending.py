"""Evidence from card and account payments: groups of merchants bought from often, and more than in the time before."""

from typing import Any

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.features.coverage import covered_from
from crm.needs.definitions import read
from crm.needs.entries import standing
from crm.needs.rows import rounded, row, since, together


def spending_rows(work: Workspace) -> Table:
    """`buys_<group>` of every customer."""
    spending = read("evidence")["spending"]
    longest = max(body["days"] for body in spending["groups"].values()) + spending["habit_days"]
    entries = standing(work, days=longest)
    paid = entries.filter(entries.kind == "payment", entries.initiator == "customer", entries.amount < 0)
    paid = paid.select("customer_id", "on", mcc=paid.mcc.fill_null(""), name=paid.counterparty.fill_null(""))
    merchants = paid.select("mcc", "name").distinct()
    written = merchants.name.lower()
    grouped = work.keep(
        together(
            [
                merchants.filter(_is_of(merchants, written, body)).mutate(group=ibis.literal(name))
                for name, body in spending["groups"].items()
            ]
        )
    )
    bought = work.keep(paid.inner_join(grouped, ["mcc", "name"]).select("customer_id", "on", "group"))
    known = _known_since(work, since(work.day, longest))
    return together([_often(work, bought, known, name, body) for name, body in spending["groups"].items()])


def _known_since(work: Workspace, earliest: Any) -> Table:
    """From when on purchases of a customer could have been seen: since opening, since the feed began, within what is looked at."""
    customers = work.table("customers").cross_join(covered_from(work))
    return customers.select("customer_id", first_known=ibis.greatest(customers.opened_on, customers.transactions_from, earliest))


def _is_of(merchants: Table, written: Any, body: dict[str, Any]) -> Any:
    named = written.re_search(body["names"]) & ~written.re_search(body["not"])
    if body.get("anyhow"):  # a service that no category tells apart
        return named
    return merchants.mcc.isin(body["mcc"]) | ((merchants.mcc == "") & named)


def _often(work: Workspace, bought: Table, known: Table, group: str, body: dict[str, Any]) -> Table:
    """The last purchase up to which it was often. A window ends on each day with a purchase."""
    rules = read("evidence")["spending"]
    days = bought.filter(bought.group == group)
    daily = days.group_by("customer_id", "on").aggregate(n=days.count())
    daily = daily.mutate(age=ibis.date(work.day).delta(daily.on, unit="day").cast("int64"))
    of = {"group_by": "customer_id", "order_by": "age"}
    window = ibis.window(range=(0, body["days"] - 1), **of)
    habit = ibis.window(range=(body["days"], body["days"] + rules["habit_days"] - 1), **of)
    each = daily.mutate(
        n_window=daily.n.sum().over(window),
        days_window=daily.n.count().over(window),
        first_window=daily.on.min().over(window),
        n_habit=daily.n.sum().over(habit).fill_null(0),
        n_all=daily.n.sum().over(group_by="customer_id"),
    )
    each = each.inner_join(known, "customer_id")
    before = ibis.least(each.on.delta(each.first_known, unit="day") - body["days"], ibis.literal(rules["habit_days"]))
    around = ibis.date(work.day).delta(each.first_known, unit="day") - body["days"]
    # So many would have been bought in the window by the habit; a window with nothing known before it is measured by what followed.
    # Where the customer is too new for either, the number alone decides.
    expected = ibis.cases(
        (before >= body["days"], each.n_habit * float(body["days"]) / before.cast("float64")),
        (around >= body["days"], (each.n_all - each.n_window) * float(body["days"]) / around.cast("float64")),
        else_=0.0,
    )
    if body.get("steady"):  # what is paid year by year is known by being paid at all
        expected = ibis.literal(0.0)
    each = each.mutate(surprise=(each.n_window - expected) / (expected + 1).sqrt())
    enough = each.filter(each.n_window >= body["least"], each.days_window >= body["least_days"], each.surprise >= rules["from"])
    numbered = enough.mutate(place=ibis.row_number().over(group_by="customer_id", order_by="age"))
    newest = numbered.filter(numbered.place == 0)
    strength = rounded(ibis.least(newest.surprise / body.get("full", rules["full"]), ibis.literal(1.0)))
    return row(newest, f"buys_{group}", count=newest.n_window, first_on=newest.first_window, last_on=newest.on, strength=strength)
