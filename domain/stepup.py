"""What is kept of a second factor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUpState:
    """A staff member's second factor: secret, last accepted time step, failures since the last success, lock."""

    secret: str
    last_step: int
    failures: int
    locked_until: datetime | None


class StepUpRecords(Protocol):
    """Second factors and the grants they gave."""

    def state(self, staff_id: str) -> StepUpState | None: ...

    def enrol(self, staff_id: str, secret: str, *, sandbox: bool = False) -> None:
        """Give somebody a second factor. `sandbox` marks an invented person, whose code the `totp` command may tell."""

    def sandbox_secret(self, staff_id: str) -> str | None:
        """The secret of an invented person, None for everybody else."""

    def save(self, staff_id: str, state: StepUpState) -> None: ...

    def grant(self, *, staff_id: str, conversation_id: str, customer_id: str, until: datetime) -> None: ...

    def granted_until(self, *, staff_id: str, conversation_id: str, customer_id: str) -> datetime | None: ...
