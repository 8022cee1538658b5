"""A simulated bank from files to figures: taken in elsewhere, judged on its last day and some days before, and measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crm.assessing.run import assess
from crm.assessing.stage import Stage
from crm.assessing.stages import STAGES
from crm.evaluating.channels import channel_figures
from crm.evaluating.churn import churn_figures
from crm.evaluating.definitions import definitions
from crm.evaluating.dependence import Learned
from crm.evaluating.figure import OVER, Figure
from crm.evaluating.judged import Judged, judged
from crm.evaluating.life import life_figures
from crm.evaluating.needs import need_figures, need_table
from crm.evaluating.truth import Truth

Progress = Callable[[str], None]
_APART = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What was measured. `stages` tells of the persons in each stage of life how often each was told of them."""

    day: date
    customers: int
    past: tuple[date, ...]
    figures: tuple[Figure, ...]
    needs: tuple[dict[str, Any], ...]
    stages: dict[str, dict[str, int]]

    @property
    def over(self) -> tuple[Figure, ...]:
        """The figures that are too good to be true."""
        return tuple(figure for figure in self.figures if figure.verdict == OVER)

    def as_record(self) -> dict[str, Any]:
        """For programs."""
        return {
            "version": definitions().version,
            "day": self.day.isoformat(),
            "customers": self.customers,
            "past": [day.isoformat() for day in self.past],
            "figures": [figure.as_record() for figure in self.figures],
            "needs": list(self.needs),
            "stages": self.stages,
            "over": [figure.name for figure in self.over],
        }


def days_of(as_of: date, past: int) -> tuple[date, ...]:
    """The days to judge, the earliest first: two weeks apart, the last one is the last day of the files."""
    return tuple(as_of - number * _APART for number in range(past, -1, -1))


def evaluate_bank(
    data: Path, truth: Truth, *, as_of: date, past: int, stages: Sequence[Stage] = STAGES, progress: Progress = lambda _: None
) -> Evaluation:
    """Judge the bank that was taken in under `data` on the days, then measure. Nothing of the truth is seen by any stage."""
    learned = Learned(stages)
    *before, last_day = days_of(as_of, past)
    last = _run(data, last_day, learned.listening(), progress)
    # Earlier days are only asked who was warned of.
    runs = [_run(data, day, learned.needed(["warnings"]), progress) for day in before]
    progress("对照答案")
    life, table = life_figures(truth, last)
    return Evaluation(
        day=as_of,
        customers=len(last.kinds),
        past=tuple(before),
        figures=(*need_figures(truth, last), *churn_figures(truth, last, runs), *life, *channel_figures(truth, last)),
        needs=tuple(need_table(truth, last)),
        stages=table,
    )


def _run(data: Path, day: date, stages: Sequence[Stage], progress: Progress) -> Judged:
    assess(data, day=day, stages=stages, progress=lambda title, _: progress(f"{day} {title}"))
    return judged(data, day)
