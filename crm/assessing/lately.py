"""Past days that were judged again lately: the next question about one is answered at once, for whomever of a bank that was computed whole.

Kept in the memory of the process and nowhere else: new facts or a new run of that time make it worthless.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crm.assessing.one import PastDay, judge_again, past_day
from crm.assessing.stage import Stage
from crm.assessing.stages import STAGES
from domain.ports import JudgedAgain

_KEPT = 16  # a whole bank of 5,000 customers is some megabytes, one customer nothing
_Asked = tuple[PastDay, str | None, tuple[str, ...]]


class JudgedLately:
    """Judges customers as of past days. Safe to share between threads: one day is computed at a time, for each takes up to `memory`."""

    def __init__(self, data: Path, *, stages: Sequence[Stage] = STAGES, memory: str = "1GB") -> None:
        self._data, self._stages, self._memory = data, stages, memory
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Asked, Mapping[str, pa.Table]] = OrderedDict()

    def of(self, customer_id: str, wanted: Sequence[str], *, day: date) -> JudgedAgain | None:
        """Judge a customer as of the day. None where there are no facts of that day, or the parameters of that time are missing and the
        bank is too large to compute whole."""
        past = past_day(self._data, day, self._stages)
        if past is None:
            return None
        with self._lock:
            results = self._results(past, customer_id, wanted)
        if results is None:
            return None
        return JudgedAgain(
            day=day, parameters=past.parameters or day, rows={name: _rows(found, customer_id) for name, found in results.items()}
        )

    def _results(self, past: PastDay, customer_id: str, wanted: Sequence[str]) -> Mapping[str, pa.Table] | None:
        asked = (past, customer_id if past.parameters else None, tuple(wanted))
        if asked not in self._kept:
            results = judge_again(self._data, past, customer_id, wanted, stages=self._stages, memory=self._memory)
            if results is None:
                return None
            self._kept[asked] = results
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(asked)
        return self._kept[asked]


def _rows(result: pa.Table, customer_id: str) -> list[dict[str, Any]]:
    own = result.filter(pc.equal(result["customer_id"], customer_id)) if "customer_id" in result.column_names else result
    found: list[dict[str, Any]] = own.to_pylist()
    return found
