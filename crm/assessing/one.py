"""One customer judged again for a day that no run has judged: the stages of the nightly run, over the facts up to that day (B18).

A stage is computed only when another asks for it. What stages of the whole population say (cut-points, medians of peers) comes from the
nearest run before; where none is near enough, a small bank is computed whole, which gives what its run of that day would have given, and
a large one is left to `python -m bot assess --at`. Nothing is published.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ibis import Table

from crm.assessing.engine import duckdb_over
from crm.assessing.garbage import uncollected
from crm.assessing.published import INSIGHT, PublishedInsight
from crm.assessing.stage import Stage
from crm.assessing.stages import STAGES
from crm.assessing.workspace import EngineWorkspace
from crm.importing.snapshots import FactsFolder
from domain.ports import JudgedAgain

SMALL = 5000  # customers: up to here the whole bank is computed while somebody waits
NEAR = timedelta(days=31)  # cut-points are made monthly: those of a run further back are not of that time


def assess_one(
    data: Path, customer_id: str, wanted: Sequence[str], *, day: date, stages: Sequence[Stage] = STAGES, memory: str = "1GB"
) -> JudgedAgain | None:
    """Judge a customer as of the day. None where there are no facts of that day, or the parameters of that time are missing and the bank
    is too large to compute whole."""
    facts = FactsFolder(data / "facts")
    current = facts.current()
    if current is None or day > current.as_of:
        return None
    parameters = _parameters(data, day, stages)
    with uncollected(), duckdb_over(facts.snapshot(current.snapshot), memory=memory, threads=2) as (connection, tables):
        if parameters is None and ("customers" not in tables or _customers(tables["customers"]) > SMALL):
            return None
        workspace = EngineWorkspace(
            connection,
            tables,
            day=day,
            only=customer_id if parameters else None,
            earlier=lambda name: given(name),
            views=True,
        )
        by_name = {stage.name: stage for stage in stages}

        def given(name: str) -> Table:
            """The result of a stage that was not asked for before."""
            stage = by_name[name]
            if parameters is not None and stage.population:
                return workspace.leave(name, connection.read_parquet(data / INSIGHT / parameters.isoformat() / f"{name}.parquet"))
            return workspace.leave(name, stage.build(workspace))

        rows = {name: _rows(workspace.result(name), by_name[name], customer_id) for name in wanted}
    return JudgedAgain(day=day, parameters=parameters or day, rows=rows)


def _parameters(data: Path, day: date, stages: Sequence[Stage]) -> date | None:
    """The day of the nearest run up to the day that published all that the population's stages say."""
    insight = PublishedInsight(data)
    run = insight.latest(day)
    if run is None or day - run > NEAR:
        return None
    folder = data / INSIGHT / run.isoformat()
    return run if all((folder / f"{stage.name}.parquet").is_file() for stage in stages if stage.population) else None


def _customers(table: Table) -> int:
    return int(table.count().to_pyarrow().as_py())


def _rows(result: Table, stage: Stage, customer_id: str) -> list[dict[str, Any]]:
    own = result.filter(result.customer_id == customer_id) if "customer_id" in stage.key else result
    found: list[dict[str, Any]] = own.order_by(list(stage.key)).to_pyarrow().to_pylist()
    return found
