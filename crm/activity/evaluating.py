"""The evaluations of a drop, a week apart: counts, ratio, the median of peers on the same day, certainty, and whether it fires."""

import calendar
from datetime import date, timedelta

import ibis
import pyarrow as pa
from ibis import Table

from crm.activity.certainty import certainties
from crm.activity.definitions import definitions
from crm.activity.joining import joined
from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace

_HUNDRED = 100
_DIGITS = 6


def build_counts(work: Workspace) -> Table:
    """A row per customer of the bank and evaluation: hundredths of actions in both windows, and the days of baseline that are known."""
    rules = definitions()
    weeks, customers = work.result("activity_weeks"), _customers(work)
    grid = customers.cross_join(_evaluations(work.day))
    grid = joined(grid, weeks.group_by("customer_id").aggregate(seen_on=weeks.first_on.min()), ["customer_id"])
    # A relation whose opening was written down late is known from its first action.
    grid = grid.mutate(opened_on=ibis.least(grid.opened_on, grid.seen_on.coalesce(grid.opened_on)))
    coverage = work.result("activity_coverage").select("first_on")
    known = grid.cross_join(coverage)
    known = known.filter(known.opened_on <= known.evaluated_on)
    known_from = ibis.greatest(known.opened_on, known.first_on.coalesce(known.opened_on))
    days = known.current_from.delta(known_from, unit="day").cast("int64")
    stage = ibis.cases((known.opened_on <= known.mature_until, "mature"), (known.opened_on <= known.growing_until, "growing"), else_="new")
    known = known.mutate(baseline_days=ibis.greatest(ibis.least(days, rules.whole_baseline_days), 0), stage=stage)
    counted = known.left_join(
        weeks, [known.customer_id == weeks.customer_id, weeks.week >= known.number, weeks.week < known.number + _window_weeks()]
    )
    recent = counted.week < counted.number + rules.current_weeks
    keys = ("customer_id", "number", "evaluated_on", "kind", "stage", "baseline_days")
    sums = counted.group_by(*keys).aggregate(
        recent=counted.units.sum(where=recent).fill_null(0).cast("int64"),
        before=counted.units.sum(where=~recent).fill_null(0).cast("int64"),
    )
    enough = (sums.before * rules.whole_baseline_days >= _HUNDRED * rules.low_volume * sums.baseline_days) & (
        sums.baseline_days >= rules.baseline_days
    )
    rate = (sums.before.cast("float64") / sums.baseline_days).nullif(0)
    ratio = ibis.ifelse(
        sums.baseline_days >= rules.baseline_days, rounded(sums.recent.cast("float64") / rules.current_days / rate, _DIGITS), None
    )
    return sums.mutate(enough=enough, ratio=ratio)


def build_peers(work: Workspace) -> Table:
    """The median ratio of each day and group, of those whose counts say something; a small group takes that of its kind or of all."""
    counts, least = work.result("activity_counts"), definitions().peers
    enough = counts.filter(counts.enough)
    groups = enough.group_by("number", "kind", "stage").aggregate(ratio=enough.ratio.median(), n=enough.count())
    kinds = enough.group_by("number", "kind").aggregate(ratio=enough.ratio.median(), n=enough.count())
    everybody = enough.group_by("number").aggregate(ratio=enough.ratio.median(), n=enough.count())
    table = counts.select("number", "evaluated_on", "kind", "stage").distinct()
    for name, of, keys in (
        ("group", groups, ["number", "kind", "stage"]),
        ("kind", kinds, ["number", "kind"]),
        ("all", everybody, ["number"]),
    ):
        table = joined(table, of.rename({f"{name}_ratio": "ratio", f"{name}_n": "n"}), keys)
    peers = ibis.cases(
        (table.group_n >= least.group, "group"), (table.kind_n >= least.group, "kind"), (table.all_n >= least.everybody, "all"), else_=None
    )
    table = table.mutate(peers=peers)
    ratio = ibis.cases(
        (table.peers == "group", table.group_ratio), (table.peers == "kind", table.kind_ratio), (table.peers == "all", table.all_ratio)
    )
    count = ibis.cases((table.peers == "group", table.group_n), (table.peers == "kind", table.kind_n), (table.peers == "all", table.all_n))
    # A median of zero says that most have stopped: no number can be divided by it.
    return table.select(
        "evaluated_on", "kind", "stage", "peers", peer_ratio=rounded(ratio, _DIGITS).nullif(0), peer_count=count.cast("int64")
    )


def build_evaluations(work: Workspace) -> Table:
    """A row per customer and evaluation with the verdict of §2.3, before it had to persist."""
    rules = definitions()
    counts, peers = work.result("activity_counts"), work.result("activity_peers")
    pairs = counts.filter(counts.enough)
    sure = certainties(work, pairs, current_days=rules.current_days, ratio=1.0, severe_ratio=rules.severe.ratio)
    table = joined(joined(counts, peers, ["evaluated_on", "kind", "stage"]), sure, ["recent", "before", "baseline_days"])
    table = table.mutate(adjusted=rounded(table.ratio / table.peer_ratio.coalesce(1.0), _DIGITS))
    fires = table.enough & (table.adjusted <= rules.fires.ratio) & (table.certainty >= rules.fires.certainty)
    low = table.enough & (table.adjusted <= rules.before.ratio) & (table.certainty >= rules.before.certainty)
    return table.select(
        "customer_id",
        "evaluated_on",
        "number",
        "kind",
        "stage",
        "baseline_days",
        "enough",
        "ratio",
        "peer_ratio",
        "peer_count",
        "peers",
        "adjusted",
        "certainty",
        "severe_certainty",
        a1=rounded(table.recent / _HUNDRED, 2),
        a0=rounded(table.before / _HUNDRED, 2),
        fires=fires.fill_null(False),
        low=low.fill_null(False),
    )


def build_activity(work: Workspace) -> Table:
    """A row per customer: the evaluation of the day, and since when it has been low without a break (as far back as was evaluated)."""
    rules = definitions()
    evaluations = work.result("activity_evaluations")
    calm = evaluations.group_by("customer_id").aggregate(
        calm_at=evaluations.number.min(where=~evaluations.low),
        looked_at=evaluations.number.max() + 1,
        calm_on=evaluations.evaluated_on.max(where=~evaluations.low),
        first_on=evaluations.evaluated_on.min(),
    )
    began = (calm.calm_on + ibis.interval(days=7)).cast("date").coalesce(calm.first_on)
    calm = calm.select("customer_id", run=calm.calm_at.coalesce(calm.looked_at).cast("int64"), began=began)
    now = joined(evaluations.filter(evaluations.number == 0).rename(today="fires"), calm, ["customer_id"])
    fires = now.today & (now.run > 1)
    severe = now.severe_certainty >= rules.severe.certainty
    return now.mutate(
        fires=fires,
        severity=ibis.cases((fires & severe, "high"), (fires, "normal"), else_=None),
        route=ibis.cases((fires, "activity"), else_=None),
        since=ibis.ifelse(fires, now.began, None),
        version=ibis.literal(rules.version),
    ).drop("number", "evaluated_on", "began", "today", "low")


def _customers(work: Workspace) -> Table:
    """Customers whose relation goes on: not dead, and not with every account closed by the day.

    A status says what is so now; on a day of the past who closed later was a customer still.
    """
    customers, accounts = work.table("customers"), work.table("accounts")
    still = accounts.closed_on.isnull() | (accounts.closed_on > ibis.date(work.day))
    ends = accounts.group_by("customer_id").aggregate(
        accounts=accounts.count(), open=accounts.count(where=still), unended=accounts.count(where=accounts.closed_on.isnull())
    )
    known = joined(customers.select("customer_id", "kind", "opened_on", "status"), ends, ["customer_id"])
    goes_on = (known.status == "active") & (known.open.fill_null(1) > 0)
    closed_later = (known.status == "closed") & (known.open > 0) & (known.unended == 0)
    return known.filter(goes_on | closed_later.fill_null(False)).select("customer_id", "kind", "opened_on")


def _evaluations(day: date) -> Table:
    rules = definitions()
    days = [day - timedelta(days=7 * number) for number in range(rules.evaluations)]
    columns = {
        "number": list(range(rules.evaluations)),
        "evaluated_on": days,
        "current_from": [on - timedelta(days=rules.current_days - 1) for on in days],
        "growing_until": [_opened_by(on, rules.growing_months) for on in days],
        "mature_until": [_opened_by(on, rules.mature_months) for on in days],
    }
    schema = {"number": "int64", "evaluated_on": "date", "current_from": "date", "growing_until": "date", "mature_until": "date"}
    return ibis.memtable(pa.table(columns, schema=ibis.schema(schema).to_pyarrow()))


def _opened_by(on: date, months: int) -> date:
    """The last day of opening from which `months` calendar months have passed by the day (month ends are clamped)."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    end_of_month = on.day == calendar.monthrange(on.year, on.month)[1]
    return date(year, month + 1, last if end_of_month else min(on.day, last))


def _window_weeks() -> int:
    rules = definitions()
    return rules.current_weeks + rules.baseline_weeks
