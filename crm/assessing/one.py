"""One customer judged again for a day that no run has judged: the stages of the nightly run, over the facts up to that day (B18).

A stage is computed only when another asks for it. What stages of the whole population say (cut-points, medians of peers) comes from the
nearest run before; where none is near enough, a small bank is computed whole, which gives what its run of that day would have given, and
a large one is left to `python -m bot assess --at`. Nothing is published: `crm.assessing.lately` keeps it in memory for the next question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
from ibis import Table

from crm.assessing.engine import duckdb_over
from crm.assessing.garbage import uncollected
from crm.assessing.on_duckdb import DuckWorkspace
from crm.assessing.published import INSIGHT, PublishedInsight
from crm.assessing.stage import Stage
from crm.assessing.workspace import EngineWorkspace
from crm.importing.snapshots import FactsFolder

SMALL = 5000  # customers: up to here the whole bank is computed while somebody waits
NEAR = timedelta(days=31)  # cut-points are made monthly: those of a run further back are not of that time


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDay:
    """On what a judgement of a past day rests. The same gives the same."""

    day: date
    snapshot: str
    parameters: date | None  # the day of the run that gives what the population's stages say. None: the bank is computed whole
    parameters_from: str | None  # of which snapshot that run was


def past_day(data: Path, day: date, stages: Sequence[Stage]) -> PastDay | None:
    """What a judgement as of the day would rest on. None where there are no facts of that day."""
    current = FactsFolder(data / "facts").current()
    if current is None or day > current.as_of:
        return None
    insight = PublishedInsight(data)
    run = _parameters(data, insight, day, stages)
    return PastDay(day=day, snapshot=current.snapshot, parameters=run, parameters_from=insight.snapshot(run) if run else None)


def judge_again(
    data: Path, past: PastDay, customer_id: str, wanted: Sequence[str], *, stages: Sequence[Stage], memory: str
) -> Mapping[str, pa.Table] | None:
    """The results of the wanted stages in the order of their keys: of that customer, or of every customer where the bank is computed whole.

    None where it has to be computed whole and is too large for that.
    """
    snapshot = FactsFolder(data / "facts").snapshot(past.snapshot)
    with uncollected(), duckdb_over(snapshot, memory=memory, threads=2) as (connection, tables):
        if past.parameters is None and ("customers" not in tables or _customers(tables["customers"]) > SMALL):
            return None
        workspace = DuckWorkspace(
            connection,
            tables,
            day=past.day,
            only=customer_id if past.parameters else None,
            earlier=lambda name: given(name),
        )
        everybody = EngineWorkspace(connection, tables, day=past.day)
        by_name = {stage.name: stage for stage in stages}

        def given(name: str) -> Table:
            """The result of a stage that was not asked for before."""
            stage = by_name[name]
            if past.parameters is not None and stage.population:
                return workspace.leave(name, connection.read_parquet(data / INSIGHT / past.parameters.isoformat() / f"{name}.parquet"))
            if past.parameters is not None and stage.mutual:
                every = stage.build(everybody)
                return workspace.leave(name, every.filter(every.customer_id == customer_id))
            return workspace.judge(name, stage.build)

        return {name: workspace.result(name).order_by(list(by_name[name].key)).to_pyarrow() for name in wanted}


def _parameters(data: Path, insight: PublishedInsight, day: date, stages: Sequence[Stage]) -> date | None:
    """The day of the nearest run up to the day that published all that the population's stages say."""
    run = insight.latest(day)
    if run is None or day - run > NEAR:
        return None
    folder = data / INSIGHT / run.isoformat()
    return run if all((folder / f"{stage.name}.parquet").is_file() for stage in stages if stage.population) else None


def _customers(table: Table) -> int:
    return int(table.count().to_pyarrow().as_py())
