"""Leaving: are those who are on their way out put before those who stay, and how long before the end were they warned of."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from crm.evaluating.definitions import definitions
from crm.evaluating.figure import Figure, missing
from crm.evaluating.judged import Judged
from crm.evaluating.ranking import Floats, auroc, average_precision, first_share
from crm.evaluating.resampling import above, interval
from crm.evaluating.truth import Leaving, Truth

_TITLE = "流失预警：排序能力 AUROC"
_LATELY = timedelta(days=28)
_UNKNOWN = -1.0  # below every score


def churn_figures(truth: Truth, judged: Judged, past: Sequence[Judged] = ()) -> list[Figure]:
    """The figures over those who are still here on the day: who is gone by then is nobody to warn of. `past` are runs of earlier days.

    Somebody who only looks so is somebody who stays; how often such people were warned of is a figure of its own. A bank cannot see at
    once who is gone: `lately` counts those of the last four weeks as leaving.
    """
    leaving, scores = truth.leaving(), judged.leaving
    if leaving is None or scores is None:
        return [missing("churn.auroc", _TITLE, "truth/churn" if leaving is None else "warnings")]
    day, best = judged.day, truth.ceiling("churn")
    customers = sorted(judged.kinds)
    here = [one for one in customers if not _gone(leaving.get(one, []), day)]
    known = [one for one in customers if not _gone(leaving.get(one, []), day - _LATELY)]
    is_so = np.array([_under_way(leaving.get(one, []), day, really=True) for one in here], dtype=bool)
    lately = np.array([_going(leaving.get(one, []), day) for one in known], dtype=bool)
    only_so = np.array([_under_way(leaving.get(one, []), day, really=False) for one in here], dtype=bool)
    warned = np.array([one in judged.warned for one in here], dtype=bool)
    warned_lately = np.array([one in judged.warned for one in known], dtype=bool)
    return [
        *_ranked("churn", "", _column(here, scores, _UNKNOWN), is_so, _ceiling(here, best)),
        Figure(name="churn.warned_share", title="在预警名单上的客户", value=_share(warned), n=len(here)),
        _of(warned, is_so, "churn.warned_precision", "预警名单里真在流失的"),
        _of(is_so, warned, "churn.warned_recall", "真在流失的人里已预警的"),
        _of(only_so, warned, "churn.false_alarms_warned", "只是看着像的人里被预警的"),
        *_ranked("churn_lately", "，含四周内刚走的", _column(known, scores, _UNKNOWN), lately, _ceiling(known, best)),
        _of(warned_lately, lately, "churn_lately.warned_precision", "预警名单里在流失或刚走的"),
        _of(lately, warned_lately, "churn_lately.warned_recall", "在流失或刚走的人里已预警的"),
        *_lead(leaving, [*past, judged]),
    ]


def _ranked(name: str, of: str, scores: Floats, is_so: NDArray[np.bool_], could: Floats | None) -> list[Figure]:
    share, positives = definitions().flagged, int(is_so.sum())
    if not positives:
        return [missing(f"{name}.auroc", f"{_TITLE}{of}", "没有人正在流失")]
    span = interval(len(is_so), lambda drawn: auroc(scores[drawn], is_so[drawn]))
    first, most = first_share(scores, is_so, share), None if could is None else first_share(could, is_so, share)
    at = f"看前 {share:.0%} 的客户时"
    return [
        Figure(
            name=f"{name}.auroc",
            title=f"{_TITLE}{of}",
            value=auroc(scores, is_so),
            n=positives,
            low=span[0] if span else None,
            high=span[1] if span else None,
            ceiling=None if could is None else auroc(could, is_so),
            above=_above(auroc, scores, could, is_so),
            guarded=True,
        ),
        Figure(
            name=f"{name}.average_precision",
            title=f"流失预警：平均精度{of}",
            value=average_precision(scores, is_so),
            n=positives,
            ceiling=None if could is None else average_precision(could, is_so),
            above=_above(average_precision, scores, could, is_so),
            guarded=True,
            noisy=True,
        ),
        Figure(
            name=f"{name}.precision_at_share",
            title=f"{at}精度{of}",
            value=first.precision,
            n=round(first.flagged),
            ceiling=most.precision if most else None,
            note="" if first.flagged else "客户太少",
        ),
        Figure(
            name=f"{name}.recall_at_share", title=f"{at}召回{of}", value=first.recall, n=positives, ceiling=most.recall if most else None
        ),
    ]


def _above(
    measure: Callable[[Floats, NDArray[np.bool_]], float | None], scores: Floats, could: Floats | None, is_so: NDArray[np.bool_]
) -> float | None:
    if could is None:
        return None
    share = definitions().of_ceiling
    return above(len(is_so), lambda drawn: measure(scores[drawn], is_so[drawn]), lambda drawn: measure(could[drawn], is_so[drawn]), share)


def _column(customers: Sequence[str], scores: Mapping[str, float], otherwise: float) -> Floats:
    return np.array([scores.get(one, otherwise) for one in customers])


def _ceiling(customers: Sequence[str], best: Mapping[str, Mapping[str, float]] | None) -> Floats | None:
    return None if best is None else np.array([best.get(one, {}).get("", 0.0) for one in customers])


def _lead(leaving: dict[str, list[Leaving]], runs: Sequence[Judged]) -> list[Figure]:
    """Of those whose decline was seen by a run before its end: how many were warned of, and how many days before."""
    seen, days = 0, []
    for customer, spells in leaving.items():
        for spell in spells:
            during = [run for run in runs if customer in run.kinds and spell.under_way(run.day)]
            if not spell.really or spell.gone_on is None or not during:
                continue
            seen += 1
            first: date | None = min((run.day for run in during if customer in run.warned), default=None)
            if first is not None:
                days.append((spell.gone_on - first).days)
    if not seen:
        return [missing("churn.caught", "已走的人里走之前预警过的", "没有人在这些日子里走完")]
    return [
        Figure(name="churn.caught", title="已走的人里走之前预警过的", value=len(days) / seen, n=seen),
        Figure(
            name="churn.lead_days", title="预警比离开早几天（中位数）", value=float(statistics.median(days)) if days else None, n=len(days),
            note="" if days else "没有预警过",
        ),
    ]  # fmt: skip


def _gone(spells: Sequence[Leaving], day: date) -> bool:
    return any(spell.really and spell.gone_on is not None and spell.gone_on <= day for spell in spells)


def _going(spells: Sequence[Leaving], day: date) -> bool:
    """On the way out, or gone within the last weeks."""
    return any(spell.really and spell.since <= day and (spell.gone_on is None or spell.gone_on > day - _LATELY) for spell in spells)


def _under_way(spells: Sequence[Leaving], day: date, *, really: bool) -> bool:
    return any(spell.really is really and spell.under_way(day) for spell in spells)


def _share(those: NDArray[np.bool_]) -> float | None:
    return float(those.mean()) if len(those) else None


def _of(those: NDArray[np.bool_], sort: NDArray[np.bool_], name: str, title: str) -> Figure:
    """The share of those who are of the sort."""
    count = int(those.sum())
    return Figure(name=name, title=title, value=_share(sort[those]), n=count, note="" if count else "没有这样的人")
