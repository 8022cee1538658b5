"""What a run published, read by customer. Safe to share between threads.

Each process reads through its own in-memory DuckDB; a new run is seen at the next call, and a call that began on one run ends on it.
"""

import json
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm.importing.parts import rows_of
from domain.ports import JudgedAgain

if TYPE_CHECKING:
    import duckdb

    from crm.assessing.lately import JudgedLately

INSIGHT = "insight"
MANIFEST = "manifest.json"
Row = dict[str, Any]


class PublishedInsight:
    """The results of runs under `PEIBAN_DATA/insight`."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._root = data / INSIGHT
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._lately: JudgedLately | None = None

    def days(self) -> list[date]:
        """The days that were judged, oldest first."""
        return sorted(date.fromisoformat(found.parent.name) for found in self._root.glob(f"????-??-??/{MANIFEST}"))

    def latest(self, on: date) -> date | None:
        """The last day judged that is not after `on`."""
        return max((day for day in self.days() if day <= on), default=None)

    def snapshot(self, day: date) -> str | None:
        """From which snapshot of the facts a day was judged, or None for a day that was not."""
        try:
            body: dict[str, Any] = json.loads((self._root / day.isoformat() / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return str(body["snapshot"])

    def of(self, stage: str, customer_id: str, *, on: date) -> list[Row]:
        """The rows of one customer in the result of a stage, of the last run up to the day. Empty where there are none."""
        return self.rows(stage, "customer_id = ?", [customer_id], on=on)

    def rows(self, stage: str, where: str = "true", values: Sequence[Any] = (), *, on: date, order: str = "") -> list[Row]:
        """Rows of the result of a stage, of the last run up to the day. `where` and `order` are SQL of ours, never of a user's."""
        day = self.latest(on)
        files = rows_of(self._root / day.isoformat(), stage) if day else None
        if files is None:
            return []
        ordered = f" ORDER BY {order}" if order else ""
        with self._cursor() as cursor:
            found = cursor.execute(f"SELECT * FROM {files} WHERE {where}{ordered}", list(values))
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def again(self, customer_id: str, stages: Sequence[str], *, day: date) -> JudgedAgain | None:
        """Judge one customer as of a past day. None where it takes a run of that day."""
        from crm.assessing.lately import JudgedLately  # lazy: it imports every stage

        with self._lock:
            lately = self._lately = self._lately or JudgedLately(self._data)
        return lately.of(customer_id, stages, day=day)

    def close(self) -> None:
        """Let go of the engine. The next call starts it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _cursor(self) -> "duckdb.DuckDBPyConnection":
        import duckdb  # lazy: a process that asks for no judgement does not pay for it

        with self._lock:
            if self._connection is None:
                self._connection = duckdb.connect(
                    config={
                        "memory_limit": "128MB",
                        "threads": 1,
                        "temp_directory": "",
                        "autoinstall_known_extensions": False,
                        "autoload_known_extensions": False,
                    }
                )
            return self._connection.cursor()
