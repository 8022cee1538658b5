"""Stages of life: is the right one told. Whoever is not told one counts as missed, and is a figure of its own."""

import numpy as np
from numpy.typing import NDArray

from crm.evaluating.classes import by_class, confusion, macro_f1
from crm.evaluating.definitions import definitions
from crm.evaluating.figure import Figure, missing
from crm.evaluating.judged import Judged
from crm.evaluating.resampling import above, interval
from crm.evaluating.truth import Truth

_TITLE = "人生阶段：宏平均 F1"


def life_figures(truth: Truth, judged: Judged) -> tuple[list[Figure], dict[str, dict[str, int]]]:
    """The figures over the persons of the day, and how often each stage was inferred of those who are in each.

    Inferred is what is told without the bank's own tags: they often say the stage itself, and the ceiling does not look at them either.
    """
    so = truth.stages(judged.day)
    if so is None or judged.inferred is None or judged.stages is None:
        return [missing("stages.macro_f1", _TITLE, "truth/stages" if so is None else "stages_of_life")], {}
    persons = [one for one in sorted(judged.kinds) if one in so]
    if not persons:
        return [missing("stages.macro_f1", _TITLE, "没有个人客户")], {}
    true = [so[one] for one in persons]
    inferred, told = [judged.inferred.get(one) for one in persons], [judged.stages.get(one) for one in persons]
    best = truth.ceiling("stage")
    could = None if best is None else [_likeliest(best.get(one, {})) for one in persons]
    span = interval(len(true), lambda drawn: macro_f1([inferred[place] for place in drawn], [true[place] for place in drawn]))
    figures = [
        Figure(
            name="stages.macro_f1",
            title=_TITLE,
            value=macro_f1(inferred, true),
            n=len(true),
            low=span[0] if span else None,
            high=span[1] if span else None,
            ceiling=None if could is None else macro_f1(could, true),
            above=_above(inferred, could, true),
            guarded=True,
            noisy=True,
            note="不看行内标签",
        ),
        Figure(
            name="stages.accuracy",
            title="人生阶段：说对的",
            value=_right(inferred, true),
            n=len(true),
            ceiling=None if could is None else _right(could, true),
        ),
        Figure(name="stages.unknown", title="人生阶段：没有说的", value=inferred.count(None) / len(true), n=len(true)),
        Figure(name="stages.macro_f1_with_tags", title="人生阶段：加上行内标签", value=macro_f1(told, true), n=len(true)),
    ]
    best_of = {one.name: one.f1 for one in by_class(could, true)} if could is not None else {}
    figures += [
        Figure(name=f"stages.f1.{one.name}", title=f"F1（{one.name}）", value=one.f1, n=one.true, ceiling=best_of.get(one.name))
        for one in by_class(inferred, true)
    ]
    return figures, confusion(inferred, true)


def _above(inferred: list[str | None], could: list[str | None] | None, true: list[str]) -> float | None:
    if could is None:
        return None

    def measure(told: list[str | None], drawn: NDArray[np.intp]) -> float | None:
        return macro_f1([told[place] for place in drawn], [true[place] for place in drawn])

    return above(len(true), lambda drawn: measure(inferred, drawn), lambda drawn: measure(could, drawn), definitions().of_ceiling)


def _likeliest(chances: dict[str, float]) -> str | None:
    return min(chances, key=lambda stage: (-chances[stage], stage)) if chances else None


def _right(told: list[str | None], true: list[str]) -> float:
    return sum(one == other for one, other in zip(told, true, strict=True)) / len(true)
