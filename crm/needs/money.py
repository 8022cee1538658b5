"""Evidence from what comes in, goes out and lies still."""

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.definitions import read
from crm.needs.entries import standing
from crm.needs.held import held_products, latest_balances
from crm.needs.rows import row, since, together

_QUARTER = 90


def money_rows(work: Workspace) -> Table:
    """Idle and thin cash, growing and shrinking income, salaries, pensions, dealings abroad, redemptions."""
    entries = work.keep(standing(work, days=400))
    return together([*_cash(work, entries), *_flows(work, entries), *_salaries(work, entries), *_kinds(work, entries), _rich(work)])


def _cash(work: Workspace, entries: Table) -> list[Table]:
    """Money on demand, against a month of what goes out. Unknown where no balance or no payment is known."""
    rules = read("evidence")["money"]
    out = entries.filter(entries.amount_cny < 0, entries.on > since(work.day, _QUARTER), entries.kind.isin(_SPENT))
    monthly = out.group_by("customer_id").aggregate(monthly=-out.amount_cny.sum().cast("float64") / 3)
    accounts = latest_balances(work)
    demand = accounts.filter(accounts.matures_on.isnull())
    lying = demand.group_by("customer_id").aggregate(lying=demand.amount_cny.sum().cast("float64"), day=demand.on.max())
    joined = work.table("customers").select("customer_id", "kind").inner_join(lying, "customer_id").inner_join(monthly, "customer_id")
    least = ibis.cases(*[(joined.kind == kind, float(amount)) for kind, amount in rules["idle_least"].items()], else_=0.0)
    idle = joined.filter(joined.lying >= least, joined.lying >= joined.monthly * rules["idle_months"])
    thin = joined.filter(joined.lying < joined.monthly * rules["thin_months"])
    return [row(idle, "idle_cash", last_on=idle.day), row(thin, "thin_cash", last_on=thin.day)]


#: What a customer lives on or works with; investing and paying back are not spending.
_SPENT = ("payment", "transfer", "cash", "tax", "payroll", "fee", "exchange", "other")


def _flows(work: Workspace, entries: Table) -> list[Table]:
    """Money in of the last 90 days, against the 90 before. Salaries in batches, interest and loans paid out are no trade."""
    rules = read("evidence")["money"]
    came = entries.filter(entries.amount_cny > 0, entries.kind.isin(["payment", "transfer", "cash", "payroll", "exchange"]))
    now, before = since(work.day, _QUARTER), since(work.day, 2 * _QUARTER)
    each = came.group_by("customer_id").aggregate(
        now=came.amount_cny.sum(where=came.on > now).cast("float64"),
        before=came.amount_cny.sum(where=(came.on <= now) & (came.on > before)).cast("float64"),
        n=came.count(where=(came.on > before)),
        last=came.on.max(),
    )
    known = each.filter(each.n >= 6, each.before > 0)
    up = known.filter(known.now >= known.before * rules["growth"])
    down = known.filter(known.now.fill_null(0.0) <= known.before * rules["shrink"])
    return [row(up, "inflow_up", count=up.n, last_on=up["last"]), row(down, "inflow_down", count=down.n, last_on=down["last"])]


def _salaries(work: Workspace, entries: Table) -> list[Table]:
    rules = read("evidence")["money"]
    people = work.table("customers")
    people = people.filter(people.kind == "person")
    paid = entries.filter(entries.kind == "payroll", entries.amount_cny > 0).semi_join(people, "customer_id")
    each = paid.group_by("customer_id").aggregate(
        months=paid.on.truncate("M").nunique(), last=paid.on.max(), first=paid.on.min(), n=paid.count()
    )
    coverage = work.result("coverage")
    feed = coverage.filter(coverage.feed == "transactions").select(feed_until="last_on")
    each = each.cross_join(feed)
    regular = work.keep(each.filter(each.months >= rules["payroll_months"]))
    gap = regular.feed_until.delta(regular["last"], unit="day")
    here = regular.filter(gap <= rules["payroll_gap_days"])
    stopped = regular.filter(gap > rules["payroll_gap_days"])
    rows = [
        row(here, "salary_here", count=here.n, first_on=here["first"], last_on=here["last"]),
        # It stopped when the next one was due, not when the last one came.
        row(stopped, "salary_stopped", last_on=stopped["last"] + ibis.interval(days=31)),
    ]
    payers = paid.filter(paid.counterparty.notnull())
    by_payer = payers.group_by("customer_id", "counterparty").aggregate(first=payers.on.min(), last=payers.on.max())
    began = by_payer.group_by("customer_id").aggregate(
        payers=by_payer.count(), newest=by_payer["first"].max(), oldest=by_payer["first"].min()
    )
    changed = began.filter(began.payers >= 2, began.newest > began.oldest, began.newest > since(work.day, 180))
    rows.append(row(changed, "salary_from_new", last_on=changed.newest))
    declared = people.filter(people.monthly_income >= rules["high_income"])
    rows.append(row(declared, "salary_high", last_on=declared.identified_on))
    pensions = entries.filter(entries.kind == "pension", entries.amount_cny > 0)
    drawn = pensions.group_by("customer_id").aggregate(n=pensions.count(), last=pensions.on.max())
    rows.append(row(drawn, "pension_here", count=drawn.n, last_on=drawn["last"]))
    return rows


def _kinds(work: Workspace, entries: Table) -> list[Table]:
    """Entries that speak by their kind, counted."""
    companies = work.table("customers")
    companies = companies.filter(companies.kind == "company")
    abroad = entries.filter(entries.country.notnull(), entries.country != "CN", entries.amount_cny < 0)
    # Who changes money moves it between accounts of their own: both sides are entries, the outgoing one counts.
    changed = standing(work, days=180, own=True)
    exchanges = changed.filter(changed.kind == "exchange", changed.amount < 0)
    # A card abroad is a journey; money that is sent there has a reason of its own.
    sent = abroad.filter(abroad.kind.isin(["transfer", "exchange"]))
    redeemed = entries.filter(entries.kind == "redemption", entries.amount_cny > 0, entries.on > since(work.day, 60))
    platform = entries.filter(entries.amount_cny > 0, entries.kind == "payment").semi_join(companies, "customer_id")
    found: dict[str, tuple[Table, int]] = {
        "pays_abroad": (abroad, 2),
        "sends_abroad": (sent.anti_join(companies, "customer_id"), 1),
        "exchanges": (exchanges, 2),
        "redeemed": (redeemed, 1),
        "platform_receipts": (platform, 6),
    }
    return [_counted(work, name, table, least) for name, (table, least) in found.items()]


def _counted(work: Workspace, name: str, table: Table, least: int) -> Table:
    recent = table.filter(table.on > since(work.day, 180))
    each = recent.group_by("customer_id").aggregate(n=recent.count(), first=recent.on.min(), last=recent.on.max())
    each = each.filter(each.n >= least)
    return row(each, name, count=each.n, first_on=each["first"], last_on=each["last"])


def _rich(work: Workspace) -> Table:
    rules = read("evidence")["money"]
    deposits = latest_balances(work).select("customer_id", amount="amount_cny", on="on")
    invested = held_products(work).select("customer_id", amount="amount_cny", on="on")
    owned = deposits.union(invested)
    each = owned.group_by("customer_id").aggregate(total=owned.amount.sum(), day=owned.on.max())
    return row(each.filter(each.total >= rules["aum_high"]), "high_aum", last_on=each.filter(each.total >= rules["aum_high"]).day)
