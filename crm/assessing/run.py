"""The nightly run: every stage over the whole bank, published beside the facts by one rename.

    insight/<day>/manifest.json     what was judged, from which snapshot, by which definitions
    insight/<day>/<stage>.parquet   the results, rows in the order of the stage's key
    insight/.work, insight/.lock    a run under way; whatever a killed one left is swept by the next

A day that was judged before is judged again only when asked for; the same facts and definitions write the same bytes.
"""

import fcntl
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crm.assessing.engine import Engine, opened
from crm.assessing.garbage import uncollected
from crm.assessing.published import INSIGHT, MANIFEST
from crm.assessing.stage import Stage
from crm.assessing.stages import STAGES
from crm.assessing.workspace import EngineWorkspace
from crm.importing.snapshots import FactsFolder
from domain.errors import BadInput

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDone:
    """What one stage wrote and how long it took."""

    name: str
    title: str
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessReport:
    """What a run did."""

    day: date
    snapshot: str
    stages: tuple[StageDone, ...]

    @property
    def seconds(self) -> float:
        """How long all stages took."""
        return sum(stage.seconds for stage in self.stages)


def assess(
    data: Path,
    *,
    day: date | None = None,
    stages: Sequence[Stage] = STAGES,
    engine: str = "",
    memory: str = "4500MB",
    threads: int = 2,
    tags: Sequence[Mapping[str, Any]] = (),
    progress: Progress = lambda _title, _number: None,
) -> AssessReport:
    """Judge every customer as of the day, or as of the last day of the facts. `data` is PEIBAN_DATA.

    `engine` is what `crm.assessing.engine.opened` takes, `tags` what was said of customers in chats (`crm.tags.projection`). Raises
    BadInput where nothing was imported, for a day after the facts, and while another run is under way over the same data.
    """
    facts = FactsFolder(data / "facts")
    current = facts.current()
    if current is None:
        raise BadInput("there are no facts yet; take a bank in with 'python -m bot import DIR'")
    wanted = day or current.as_of
    if wanted > current.as_of:
        raise BadInput(f"the facts end on {current.as_of}; nothing can be judged as of {wanted}")
    with _alone(data / INSIGHT) as work:
        with uncollected(), opened(engine, facts.snapshot(current.snapshot), memory=memory, threads=threads, work=work) as on:
            workspace = on.workspace(wanted)
            workspace.give("tags", tags)
            done = tuple(_judged(on, workspace, stages, _folder(work), progress))
        _publish(work, wanted, current.snapshot, done)
        return AssessReport(day=wanted, snapshot=current.snapshot, stages=done)


@contextmanager
def _alone(root: Path) -> Iterator[Path]:
    """Hold the folder of judgements against other runs. A killed process holds nothing."""
    root.mkdir(parents=True, exist_ok=True)
    work = root / ".work"
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput("another run is judging the same data; wait until it ends") from None
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _folder(work: Path) -> Path:
    built = work / "built"
    built.mkdir()
    return built


def _judged(on: Engine, workspace: EngineWorkspace, stages: Sequence[Stage], built: Path, progress: Progress) -> Iterator[StageDone]:
    for number, stage in enumerate(stages):
        progress(stage.title, number)
        started = time.perf_counter()
        result = workspace.judge(stage.name, stage.build)
        workspace.tidy()
        file = built / f"{stage.name}.parquet"
        rows = on.write(result, stage.key, file)
        workspace.replace(stage.name, on.stored(result, file))
        yield StageDone(name=stage.name, title=stage.title, rows=rows, seconds=time.perf_counter() - started)


def _publish(work: Path, day: date, snapshot: str, done: Sequence[StageDone]) -> None:
    built = work / "built"
    body = {"version": 1, "day": day.isoformat(), "snapshot": snapshot, "stages": [stage.name for stage in done]}
    (built / MANIFEST).write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    target = work.parent / day.isoformat()
    if target.exists():
        target.rename(work / "before")
    built.rename(target)
