"""NPS with how sure one can be of it, and with the share that answered (requirements §2.5). Pure."""

from dataclasses import dataclass
from math import sqrt

_Z = 1.96
_ENOUGH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Nps:
    """The score, half the width of its 95 % interval, and who was asked."""

    score: float
    half: float
    answers: int
    asked: int

    @property
    def enough(self) -> bool:
        """Whether there are answers enough to compare by."""
        return self.answers >= _ENOUGH

    @property
    def silent(self) -> float:
        """The share of those asked who did not answer."""
        return 1 - self.answers / self.asked


def nps(*, promoters: int, detractors: int, answers: int, asked: int) -> Nps | None:
    """None where nobody answered: that is no score of zero."""
    if answers <= 0:
        return None
    for_us, against = promoters / answers, detractors / answers
    variance = (for_us + against - (for_us - against) ** 2) / answers
    return Nps(score=100 * (for_us - against), half=_Z * 100 * sqrt(variance), answers=answers, asked=max(asked, answers))
