"""The nightly run: every stage over the whole bank, published beside the facts by one rename.

    insight/<day>/manifest.json     what was judged, from which snapshot, by which definitions
    insight/<day>/<stage>.parquet   the results, rows in the order of the stage's key; of a large bank the first share of the customers
    insight/<day>/<stage>.1.parquet and on, the next ones (`crm.assessing.shares`)
    insight/.work, insight/.lock    a run under way; whatever a killed one left is swept by the next

A day that was judged before is judged again only when asked for; the same facts and definitions write the same bytes.
"""

import fcntl
import json
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from crm.assessing.engine import Engine, opened
from crm.assessing.garbage import uncollected
from crm.assessing.published import INSIGHT, MANIFEST
from crm.assessing.shares import EVERYBODY, Share
from crm.assessing.stage import Stage
from crm.assessing.stages import STAGES
from crm.assessing.workspace import EngineWorkspace
from crm.importing.parts import files_of, part
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
    shares: int | None = None,
    tags: Sequence[Mapping[str, Any]] = (),
    progress: Progress = lambda _title, _number: None,
) -> AssessReport:
    """Judge every customer as of the day, or as of the last day of the facts. `data` is PEIBAN_DATA.

    `engine` is what `crm.assessing.engine.opened` takes, `tags` what was said of customers in chats (`crm.tags.projection`), `shares` into
    how many the customers are cut where it is not for their facts to say. Raises BadInput where nothing was imported, for a day after the
    facts, and while another run is under way over the same data.
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
            run = _Run(on, stages, day=wanted, shares=on.shares(shares), built=_folder(work))
            done = run.judge(tags, progress)
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


class _Run:
    """One run over an open engine: blocks of stages, and for each the shares of the customers one after the other."""

    def __init__(self, on: Engine, stages: Sequence[Stage], *, day: date, shares: Sequence[Share], built: Path) -> None:
        self._on, self._stages, self._day, self._shares, self._built = on, stages, day, shares, built
        self._at_once = {stage.name for stage in stages if stage.at_once}
        self._rows: Counter[str] = Counter()
        self._seconds: dict[str, float] = defaultdict(float)

    def judge(self, tags: Sequence[Mapping[str, Any]], progress: Progress) -> tuple[StageDone, ...]:
        """Compute and write every stage."""
        before = 0
        for block, shares in blocks(self._stages, self._shares):
            for turn, share in enumerate(shares):
                workspace = self._on.workspace(self._day, share, partial(self._written, share))
                workspace.give("tags", tags)
                for place, stage in enumerate(block):
                    progress(stage.title, before + (turn * len(block) + place) // len(shares))
                    self._compute(workspace, stage, part(self._built, stage.name, share.number))
                workspace.close()
            before += len(block)
        return tuple(
            StageDone(name=stage.name, title=stage.title, rows=self._rows[stage.name], seconds=self._seconds[stage.name])
            for stage in self._stages
        )

    def _compute(self, workspace: EngineWorkspace, stage: Stage, file: Path) -> None:
        started = time.perf_counter()
        result = workspace.judge(stage.name, stage.build)
        workspace.tidy()
        self._rows[stage.name] += self._on.write(result, stage.key, file)
        workspace.replace(stage.name, self._on.stored(result, file))
        self._seconds[stage.name] += time.perf_counter() - started

    def _written(self, share: Share, name: str) -> tuple[Sequence[Path], bool]:
        if share.is_everybody or name in self._at_once:
            return files_of(self._built, name), share.is_everybody
        file = part(self._built, name, share.number)
        return ([file] if file.exists() else []), True


def blocks(stages: Sequence[Stage], shares: Sequence[Share]) -> Iterator[tuple[tuple[Stage, ...], Sequence[Share]]]:
    """Stages that follow each other, and the shares for each of which they are computed one after the other."""
    if len(shares) == 1:
        yield tuple(stages), shares
        return
    for at_once, some in groupby(stages, key=lambda stage: stage.at_once):
        yield tuple(some), (EVERYBODY,) if at_once else shares


def _publish(work: Path, day: date, snapshot: str, done: Sequence[StageDone]) -> None:
    built = work / "built"
    body = {"version": 1, "day": day.isoformat(), "snapshot": snapshot, "stages": [stage.name for stage in done]}
    (built / MANIFEST).write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    target = work.parent / day.isoformat()
    if target.exists():
        target.rename(work / "before")
    built.rename(target)
