"""What is kept of a second factor."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUpState:
    """A staff member's second factor: secret, last accepted time step, failures since the last success, lock."""

    secret: str
    last_step: int
    failures: int
    locked_until: datetime | None
