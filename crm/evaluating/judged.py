"""What a run of stages says of each customer, as the measures want it. A result that no stage published is None."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from crm.assessing.engine import duckdb_over
from crm.assessing.published import PublishedInsight, Row
from crm.assessing.workspace import EngineWorkspace
from crm.importing.snapshots import FactsFolder

_SEVERE = 1.0
_WARNED = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`kinds` has the customers of the day: relation and at least one account go on, or none was ever known.

    `leaving` is a score by which customers are put in order, `warned` are those who were warned of. `inferred` are the stages of life
    without what the bank's own tags say of them.
    """

    day: date
    kinds: dict[str, str]
    needs: dict[str, dict[str, float]] | None = None
    leaving: dict[str, float] | None = None
    warned: frozenset[str] = field(default_factory=frozenset)
    stages: dict[str, str | None] | None = None
    inferred: dict[str, str | None] | None = None
    channels: dict[tuple[str, str], float] | None = None


def judged(data: Path, day: date) -> Judged:
    """Read the run of exactly that day."""
    insight = PublishedInsight(data)
    try:
        folder = data / "insight" / day.isoformat()
        present = {path.name.partition(".")[0] for path in folder.glob("*.parquet")}
        warnings = insight.rows("warnings", on=day)
        return Judged(
            day=day,
            kinds=_customers(data, day),
            needs=_needs(insight, day) if "needs" in present else None,
            leaving=_leaving(insight, day, warnings) if "warnings" in present else None,
            warned=frozenset(row["customer_id"] for row in warnings if row["warning"]),
            stages=_stages(insight, day, "stage") if "stages_of_life" in present else None,
            inferred=_stages(insight, day, "inferred") if "stages_of_life" in present else None,
            channels=_channels(insight, day) if "channels" in present else None,
        )
    finally:
        insight.close()


def _customers(data: Path, day: date) -> dict[str, str]:
    facts = FactsFolder(data / "facts")
    current = facts.current()
    assert current is not None  # a run was published, so there are facts
    with duckdb_over(facts.snapshot(current.snapshot), memory="1GB", threads=2) as (connection, tables):
        work = EngineWorkspace(connection, tables, day=day, views=True)
        customers, accounts = work.table("customers"), work.table("accounts")
        goes_on = accounts.closed_on.isnull() | (accounts.closed_on > day)
        open_accounts = accounts.group_by("customer_id").aggregate(open=accounts.count(where=goes_on))
        active = customers.filter(customers.status == "active").select("customer_id", "kind")
        rows = active.anti_join(open_accounts.filter(open_accounts.open == 0), "customer_id").to_pyarrow().to_pylist()
    return {row["customer_id"]: row["kind"] for row in rows}


def _needs(insight: PublishedInsight, day: date) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in insight.rows("needs", on=day):
        found.setdefault(row["customer_id"], {})[row["need"]] = float(row["probability"])
    return found


def _leaving(insight: PublishedInsight, day: date, warnings: list[Row]) -> dict[str, float]:
    """The score that the run gives; of a run without one those who were warned of come first, the severe ones before, then by certainty."""
    scored = {row["customer_id"]: float(row["score"]) for row in insight.rows("leaving_scores", on=day)}
    return scored or {row["customer_id"]: _order(row) for row in warnings}


def _order(row: Row) -> float:
    order = float(row.get("certainty") or 0.0)
    return order + (_WARNED if row["warning"] else 0.0) + (_SEVERE if row.get("severity") == "high" else 0.0)


def _stages(insight: PublishedInsight, day: date, column: str) -> dict[str, str | None]:
    return {row["customer_id"]: row[column] for row in insight.rows("stages_of_life", on=day)}


def _channels(insight: PublishedInsight, day: date) -> dict[tuple[str, str], float]:
    rows = insight.rows("channels", on=day)
    return {(row["customer_id"], row["channel"]): float(row["probability"]) for row in rows if row.get("probability") is not None}
