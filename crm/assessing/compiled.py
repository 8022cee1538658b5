"""What stages compiled to, kept by this process: writing SQL from an expression costs far more than a small bank takes to run it.

A stage reads `seen_…`, `result_…` and `shared_…`, which have the same names and columns in every bank. So its SQL depends on nothing but
the day, its own definition and the columns of the results before it. The same stage of the same day runs from the kept text, over another
bank or for another customer; where a column before it differs, it is compiled again.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pyarrow as pa
from ibis import Schema

#: Some days of all stages. The text of a day is half a megabyte.
_KEPT = 400

Rows = Callable[[pa.Table], pa.Table]
Read = tuple[Literal["table", "result", "shared"], str]


@dataclass(frozen=True, slots=True)
class Statement:
    """One table to compute: by a query, or by Python from what a statement before it computed."""

    name: str
    schema: Schema
    columns: str  # the same as SQL
    query: str
    listed: tuple[tuple[str, pa.Table], ...] = ()  # lists of definitions that the query names
    rows: Rows | None = None  # the query is then asked for, and this makes the rows of its answer
    passing: bool = True  # of use within the stage only


@dataclass(slots=True)
class Compiled:
    """What a stage, or what several stages share, compiled to: what it reads, with the columns, and what it computes in turn."""

    name: str
    reads: dict[Read, Schema] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)


class Kept:
    """The latest of what was compiled. Safe to share between threads."""

    def __init__(self, limit: int = _KEPT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, Compiled] = OrderedDict()

    def get(self, day: date, name: str, build: object = None) -> Compiled | None:
        """What the definition compiled to for the day."""
        with self._lock:
            found = self._held.get((day, name, build))
            if found is not None:
                self._held.move_to_end((day, name, build))
            return found

    def put(self, compiled: Compiled, day: date, name: str, build: object = None) -> None:
        """Keep it in place of what was compiled before."""
        with self._lock:
            self._held[day, name, build] = compiled
            self._held.move_to_end((day, name, build))
            if len(self._held) > self._limit:
                self._held.popitem(last=False)


KEPT = Kept()
