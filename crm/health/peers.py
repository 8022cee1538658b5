"""What is usual at the bank, by kind of customer and day: medians of change, percentiles of assets, how many categories are many."""

import ibis
from ibis import Table
from ibis.expr.types import Value

from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace
from crm.features.categories import held_categories
from crm.health.definitions import definitions

#: Percentiles of assets that are kept: every fifth.
STEPS = tuple(range(5, 100, 5))


def build_peers(work: Workspace) -> Table:
    """One row a day and kind."""
    rules, found = definitions(), work.result("health_measures")
    login, dealing = own_change(found, "logins"), own_change(found, "dealings")
    measured = found.mutate(login_change=login, dealing_change=dealing, worth=found.aum.cast("float64"))
    enough = rules.peers_needed
    counted = measured.group_by("days_back", "kind").aggregate(
        customers=measured.count(),
        login_peers=measured.login_change.count(),
        dealing_peers=measured.dealing_change.count(),
        login_median=measured.login_change.median(),
        dealing_median=measured.dealing_change.median(),
        worth_known=measured.worth.count(),
        many=measured.categories.quantile(rules.well_served),
        contacts=measured.contacts.sum(),
        complaints=measured.complaints.sum(),
        **{f"aum_{step}": measured.worth.quantile(step / 100) for step in STEPS},
    )
    kinds = _applicable(work)
    joined = counted.left_join(kinds, "kind")
    return joined.select(
        "days_back",
        "kind",
        "customers",
        login_change=_usual(joined.login_median, joined.login_peers >= enough),
        dealing_change=_usual(joined.dealing_median, joined.dealing_peers >= enough),
        many=rounded(ibis.greatest(joined.many.fill_null(0), rules.categories_at_least), 4),
        applicable=joined.applicable.fill_null(0),
        complaint_rate=ibis.ifelse(joined.contacts > 0, rounded(joined.complaints / joined.contacts, 6), None),
        **{f"aum_{step}": ibis.ifelse(joined.worth_known >= enough, rounded(joined[f"aum_{step}"], 4), None) for step in STEPS},
    )


def own_change(found: Table, what: str) -> Value:
    """The last days against what the own baseline makes expect. NULL where either is not known, or less than one day is expected."""
    expected = expected_now(found, what)
    return ibis.ifelse(expected >= 1, found[what] / expected, None)


def expected_now(found: Table, what: str) -> Value:
    """What the own baseline makes expect now. NULL where too little of the baseline is known."""
    rules = definitions()
    observed = found[f"{what}_observed"]
    return ibis.ifelse(observed >= rules.baseline_needed, found[f"{what}_before"] * rules.current_days / observed, None)


def _usual(median: Value, enough: Value) -> Value:
    # A bank that stood still says nothing about what is usual.
    return ibis.ifelse(enough & (median > 0), rounded(median, 6), None)


def _applicable(work: Workspace) -> Table:
    customers = work.table("customers").select("customer_id", "kind")
    held = held_categories(work).join(customers, "customer_id")
    counts = held.group_by("kind", "category").aggregate(holders=held.count())
    sizes = customers.group_by("kind").aggregate(size=customers.count())
    both = counts.join(sizes, "kind")
    common = both.filter(both.holders >= both.size * definitions().applicable)
    return common.group_by("kind").aggregate(applicable=common.count())
