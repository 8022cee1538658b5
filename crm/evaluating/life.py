"""Stages of life: is the right one told. Whoever is not told one counts as missed, and is a figure of its own."""

from crm.evaluating.classes import by_class, confusion, macro_f1
from crm.evaluating.figure import Figure, missing
from crm.evaluating.judged import Judged
from crm.evaluating.resampling import interval
from crm.evaluating.truth import Truth

_TITLE = "人生阶段：宏平均 F1"


def life_figures(truth: Truth, judged: Judged) -> tuple[list[Figure], dict[str, dict[str, int]]]:
    """The figures over the persons of the day, and how often each stage was told of those who are in each."""
    so, said = truth.stages(judged.day), judged.stages
    if so is None or said is None:
        return [missing("stages.macro_f1", _TITLE, "truth/stages" if so is None else "stages_of_life")], {}
    persons = [one for one in sorted(judged.kinds) if one in so]
    true = [so[one] for one in persons]
    told = [said.get(one) for one in persons]
    best = truth.ceiling("stage")
    could = None if best is None else [_likeliest(best.get(one, {})) for one in persons]
    span = interval(len(true), lambda drawn: macro_f1([told[place] for place in drawn], [true[place] for place in drawn]))
    figures = [
        Figure(
            name="stages.macro_f1", title=_TITLE, value=macro_f1(told, true), n=len(true), low=span[0] if span else None,
            high=span[1] if span else None, ceiling=None if could is None else macro_f1(could, true), guarded=True,
            note="" if true else "没有个人客户",
        ),
        Figure(
            name="stages.accuracy", title="人生阶段：说对的", value=_right(told, true), n=len(true),
            ceiling=None if could is None else _right(could, true), note="" if true else "没有个人客户",
        ),
        Figure(
            name="stages.unknown", title="人生阶段：没有说的", value=_right([None if one else "" for one in told], [""] * len(told)),
            n=len(true), note="" if true else "没有个人客户",
        ),
    ]  # fmt: skip
    best_of = {one.name: one.f1 for one in by_class(could, true)} if could is not None else {}
    for one in by_class(told, true):
        figures.append(
            Figure(name=f"stages.f1.{one.name}", title=f"F1（{one.name}）", value=one.f1, n=one.true, ceiling=best_of.get(one.name))
        )
    return figures, confusion(told, true)


def _likeliest(chances: dict[str, float]) -> str | None:
    return min(chances, key=lambda stage: (-chances[stage], stage)) if chances else None


def _right(told: list[str | None], true: list[str]) -> float | None:
    return sum(one == other for one, other in zip(told, true, strict=True)) / len(true) if true else None
