"""Which stages a stage needs, learned from a run in which all were computed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa
from ibis import Schema, Table

from crm.assessing.stage import Stage
from crm.assessing.workspace import Workspace


class Learned:
    """Hands out stages that tell what they ask for while they are computed."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = tuple(stages)
        self._asked: dict[str, set[str]] = {stage.name: set() for stage in stages}
        self._shared: dict[str, set[str]] = {}

    def listening(self) -> tuple[Stage, ...]:
        """The same stages, in their order."""
        return tuple(self._heard(stage) for stage in self._stages)

    def needed(self, names: Collection[str]) -> tuple[Stage, ...]:
        """The stages of those names and all that they need, in their order."""
        wanted, open_ends = set(names), list(names)
        while open_ends:
            more = self._asked.get(open_ends.pop(), set()) - wanted
            wanted |= more
            open_ends += more
        return tuple(stage for stage in self._stages if stage.name in wanted)

    def _heard(self, stage: Stage) -> Stage:
        def build(work: Workspace) -> Table:
            return stage.build(_Listening(work, self._asked[stage.name], self._shared))

        return replace(stage, build=build)


class _Listening:
    """A workspace that writes down which results were asked for. Answers `Workspace`."""

    def __init__(self, work: Workspace, asked: set[str], shared: dict[str, set[str]]) -> None:
        self._work = work
        self._asked = asked
        self._shared = shared

    @property
    def day(self) -> date:
        return self._work.day

    def table(self, name: str) -> Table:
        return self._work.table(name)

    def result(self, name: str) -> Table:
        self._asked.add(name)
        return self._work.result(name)

    def keep(self, expression: Table) -> Table:
        return self._work.keep(expression)

    def shared(self, name: str, build: Callable[[], Table]) -> Table:
        # Whoever comes first builds it; all who share it need what it was built from.
        mine, self._asked = self._asked, self._shared.setdefault(name, set())
        try:
            return self._work.shared(name, build)
        finally:
            mine |= self._asked
            self._asked = mine

    def worked_out(self, expression: Table, schema: Schema, rows: Callable[[pa.Table], pa.Table]) -> Table:
        return self._work.worked_out(expression, schema, rows)
