"""What colleagues say of a line of their list of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityAnswer:
    """`answer` is done, later or unfit; the same reason for the same customer does not come back before `until`."""

    staff: str
    customer_id: str
    what: str
    name: str
    answer: str
    at: datetime
    until: datetime


class PriorityRecords(Protocol):
    """Their answers."""

    def answer(self, answer: PriorityAnswer) -> None: ...

    def answered(self, staff: str, *, since: datetime) -> Sequence[PriorityAnswer]:
        """What that person said since then, oldest first."""
