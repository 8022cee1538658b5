"""Leaving: are those who are on their way out put before those who stay, and how long before the end were they warned of."""

import statistics
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from crm.evaluating.definitions import definitions
from crm.evaluating.figure import Figure, missing
from crm.evaluating.judged import Judged
from crm.evaluating.ranking import auroc, average_precision, first_share
from crm.evaluating.resampling import interval
from crm.evaluating.truth import Leaving, Truth

_TITLE = "流失预警：排序能力 AUROC"
_UNKNOWN = -1.0  # below every score


def churn_figures(truth: Truth, judged: Judged, past: Sequence[Judged] = ()) -> list[Figure]:
    """The figures over those who are still here on the day: who is gone by then is nobody to warn of. `past` are runs of earlier days.

    Somebody who only looks so is somebody who stays; how often such people were warned of is a figure of its own.
    """
    leaving = truth.leaving()
    if leaving is None or judged.leaving is None:
        return [missing("churn.auroc", _TITLE, "truth/churn" if leaving is None else "warnings")]
    here = [one for one in sorted(judged.kinds) if not _gone(leaving.get(one, []), judged.day)]
    is_so = np.array([_under_way(leaving.get(one, []), judged.day, really=True) for one in here], dtype=bool)
    scores = np.array([judged.leaving.get(one, _UNKNOWN) for one in here])
    best = truth.ceiling("churn")
    could = None if best is None else np.array([best.get(one, {}).get("", 0.0) for one in here])
    warned = np.array([one in judged.warned for one in here], dtype=bool)
    only_so = np.array([_under_way(leaving.get(one, []), judged.day, really=False) for one in here], dtype=bool)
    return [
        *_ranked(scores, is_so, could),
        Figure(name="churn.warned_share", title="在预警名单上的客户", value=_share(warned), n=len(here)),
        _of(warned, is_so, "churn.warned_precision", "预警名单里真在流失的"),
        _of(is_so, warned, "churn.warned_recall", "真在流失的人里已预警的"),
        _of(only_so, warned, "churn.false_alarms_warned", "只是看着像的人里被预警的"),
        *_lead(leaving, [*past, judged]),
    ]


def _ranked(scores: NDArray[np.float64], is_so: NDArray[np.bool_], could: NDArray[np.float64] | None) -> list[Figure]:
    share, positives = definitions().flagged, int(is_so.sum())
    if not positives:
        return [missing("churn.auroc", _TITLE, "没有人正在流失")]
    span = interval(len(is_so), lambda drawn: auroc(scores[drawn], is_so[drawn]))
    first, most = first_share(scores, is_so, share), None if could is None else first_share(could, is_so, share)
    at = f"看前 {share:.0%} 的客户时"
    return [
        Figure(
            name="churn.auroc", title=_TITLE, value=auroc(scores, is_so), n=positives, low=span[0] if span else None,
            high=span[1] if span else None, ceiling=None if could is None else auroc(could, is_so), guarded=True,
        ),
        Figure(
            name="churn.average_precision", title="流失预警：平均精度", value=average_precision(scores, is_so), n=positives,
            ceiling=None if could is None else average_precision(could, is_so),
        ),
        Figure(
            name="churn.precision_at_share", title=f"{at}精度", value=first.precision, n=round(first.flagged),
            ceiling=most.precision if most else None,
        ),
        Figure(name="churn.recall_at_share", title=f"{at}召回", value=first.recall, n=positives, ceiling=most.recall if most else None),
    ]  # fmt: skip


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


def _under_way(spells: Sequence[Leaving], day: date, *, really: bool) -> bool:
    return any(spell.really is really and spell.under_way(day) for spell in spells)


def _share(those: NDArray[np.bool_]) -> float | None:
    return float(those.mean()) if len(those) else None


def _of(those: NDArray[np.bool_], sort: NDArray[np.bool_], name: str, title: str) -> Figure:
    """The share of those who are of the sort."""
    count = int(those.sum())
    return Figure(name=name, title=title, value=_share(sort[those]), n=count, note="" if count else "没有这样的人")
