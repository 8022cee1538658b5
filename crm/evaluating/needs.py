"""Needs: of those that were offered first, how many are open; of those that are open, how many were offered."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from crm.evaluating.definitions import definitions
from crm.evaluating.figure import Figure, missing
from crm.evaluating.judged import Judged
from crm.evaluating.offers import Found, found_at, hit_rate, precision, recall
from crm.evaluating.resampling import above, interval
from crm.evaluating.truth import Truth

Offers = Mapping[str, Mapping[str, float]]
Measure = Callable[[list[Found]], float | None]
_KINDS = {"person": "个人", "company": "企业"}


def need_figures(truth: Truth, judged: Judged) -> list[Figure]:
    """The figures, over all customers of the day: whoever needs nothing and is offered something was offered wrongly."""
    true, offers = truth.needs(judged.day), judged.needs
    if true is None or offers is None:
        note = "truth/needs" if true is None else "needs"
        return [missing("needs.precision_at_3", "需求命中：给出的前三个里对的", note)]
    best = truth.ceiling("need")
    everybody = sorted(judged.kinds)
    figures = [
        _figure("needs.precision_at_3", "需求命中：给出的前三个里对的", precision, everybody, offers, true, best, sure=True, guarded=True),
        _figure("needs.coverage", "有需求的人里给对至少一个的", hit_rate, everybody, offers, true, best, sure=True),
        _figure("needs.recall_at_3", "真实需求里排进前三的", recall, everybody, offers, true, best),
        _figure("needs.hit_rate_at_3", "有需求的人里前三个有对的", hit_rate, everybody, offers, true, best),
        _figure(
            "needs.precision_at_3_popular",
            "对照：人人都给同类最常见的三个",
            precision,
            everybody,
            _commonest(judged.kinds, true),
            true,
            None,
        ),
        _figure("needs.precision_at_3_always", "每人都给三个时对的", precision, everybody, offers, true, best),
    ]
    for kind, title in _KINDS.items():
        those = [customer for customer in everybody if judged.kinds[customer] == kind]
        figures.append(_figure(f"needs.precision_at_3.{kind}", f"需求命中（{title}）", precision, those, offers, true, best, sure=True))
        figures.append(_figure(f"needs.recall_at_3.{kind}", f"需求找回（{title}）", recall, those, offers, true, best))
    return figures


def _commonest(kinds: Mapping[str, str], true: Mapping[str, set[str]]) -> dict[str, dict[str, float]]:
    """What somebody would offer who knows nothing of anybody, but how common each need is among persons and among companies."""
    count = {
        kind: Counter(need for customer, its in kinds.items() if its == kind for need in true.get(customer, ()))
        for kind in set(kinds.values())
    }
    return {customer: {need: float(often) for need, often in count[kind].items()} for customer, kind in kinds.items()}


def need_table(truth: Truth, judged: Judged) -> list[dict[str, object]]:
    """By need: how many have it, for how many of them it is among the first, to how many it was offered, and rightly."""
    rules, true, offers = definitions(), truth.needs(judged.day), judged.needs
    if true is None or offers is None:
        return []
    rows: dict[str, dict[str, int]] = {}
    for customer in judged.kinds:
        given = sorted(offers.get(customer, {}).items(), key=lambda one: (-one[1], one[0]))[: rules.first]
        first = {need for need, _ in given}
        for need in first | true.get(customer, set()):
            row = rows.setdefault(need, {"open": 0, "among_first": 0, "offered": 0, "right": 0})
            offered = any(name == need and chance >= rules.offered_from for name, chance in given)
            is_open = need in true.get(customer, set())
            row["open"] += is_open
            row["among_first"] += is_open and need in first
            row["offered"] += offered
            row["right"] += offered and is_open
    return [{"need": need, **row} for need, row in sorted(rows.items())]


def _figure(
    name: str,
    title: str,
    measure: Measure,
    customers: Sequence[str],
    offers: Offers,
    true: Mapping[str, set[str]],
    best: Offers | None,
    *,
    sure: bool = False,
    guarded: bool = False,
) -> Figure:
    found = _found(customers, offers, true, sure=sure)

    def drawn(places: NDArray[np.intp]) -> float | None:
        return measure([found[place] for place in places])

    could = None if best is None else _found(customers, best, true, sure=sure)
    span = interval(len(found), drawn)
    count = sum(one.offered for one in found) if measure is precision else sum(one.true for one in found)
    value = measure(found)
    return Figure(
        name=name,
        title=title,
        value=value,
        n=round(count),
        low=span[0] if span else None,
        high=span[1] if span else None,
        ceiling=None if could is None else measure(could),
        above=_above(measure, found, could) if guarded else None,
        guarded=guarded,
        noisy=guarded,
        note="" if value is not None else "没有给出" if measure is precision else "没有真实需求",
    )


def _above(measure: Measure, found: list[Found], could: list[Found] | None) -> float | None:
    if could is None:
        return None
    return above(
        len(found),
        lambda drawn: measure([found[place] for place in drawn]),
        lambda drawn: measure([could[place] for place in drawn]),
        definitions().of_ceiling,
    )


def _found(customers: Sequence[str], offers: Offers, true: Mapping[str, set[str]], *, sure: bool) -> list[Found]:
    rules = definitions()
    least = rules.offered_from if sure else 0.0
    nothing: set[str] = set()
    return [found_at(rules.first, offers.get(one, {}), true.get(one, nothing), least=least) for one in customers]
