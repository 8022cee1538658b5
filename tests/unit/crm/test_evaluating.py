"""The measures on cases that were reckoned by hand: draws, nobody, everybody, one class, files that are not there."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from crm.evaluating.churn import churn_figures
from crm.evaluating.classes import by_class, confusion, macro_f1
from crm.evaluating.figure import FINE, NO_DATA, OVER, Figure
from crm.evaluating.judged import Judged
from crm.evaluating.life import life_figures
from crm.evaluating.needs import need_figures, need_table
from crm.evaluating.offers import found_at, hit_rate, precision, recall
from crm.evaluating.ranking import auroc, average_precision, first_share
from crm.evaluating.resampling import interval
from crm.evaluating.truth import Truth
from domain.errors import BadInput

_DAY = date(2026, 11, 23)


def test_a_draw_counts_half_whatever_the_order_of_rows() -> None:
    assert auroc([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == pytest.approx(3.5 / 4)
    assert auroc([0.1, 0.5, 0.5, 0.9], [False, False, True, True]) == pytest.approx(3.5 / 4)
    assert auroc([1.0, 1.0], [True, False]) == 0.5
    assert auroc([1.0, 2.0], [True, True]) is None
    assert auroc([1.0, 2.0], [False, False]) is None


def test_average_precision_by_hand() -> None:
    assert average_precision([4, 3, 2, 1], [True, False, True, False]) == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert average_precision([1, 1, 1, 1], [True, False, False, False]) == pytest.approx(1 / 4)
    assert average_precision([1, 2], [False, False]) is None


def test_the_first_share_takes_the_expected_part_of_equals() -> None:
    first = first_share([9, 5, 5, 5], [True, True, False, False], 0.5)
    assert first.flagged == 2.0
    assert first.precision == pytest.approx((1 + 1 / 3) / 2)
    assert first.recall == pytest.approx((1 + 1 / 3) / 2)
    nobody = first_share([1.0, 2.0], [True, False], 0.15)
    assert (nobody.flagged, nobody.precision, nobody.recall) == (0.0, None, 0.0)


def test_offers_by_hand() -> None:
    found = [
        found_at(3, {"gold": 0.9, "wedding": 0.8, "pension": 0.7, "car": 0.6}, {"gold", "car"}),
        found_at(3, {"gold": 0.4}, set(), least=0.5),
        found_at(1, {"gold": 0.5, "car": 0.5}, {"car"}),
    ]
    assert [(one.offered, one.right, one.true) for one in found] == [(3.0, 1.0, 2), (0.0, 0.0, 0), (1.0, 0.5, 1)]
    assert precision(found) == pytest.approx(1.5 / 4)
    assert recall(found) == pytest.approx(1.5 / 3)
    assert hit_rate(found) == pytest.approx((1 + 0.5) / 2)
    assert (precision([]), recall([]), hit_rate([])) == (None, None, None)


def test_every_class_that_is_true_counts_alike_and_not_told_is_missed() -> None:
    told, true = ["a", "a", None, "b"], ["a", "b", "b", "b"]
    assert macro_f1(told, true) == pytest.approx((2 * 1 / (2 + 1) + 2 * 1 / (1 + 3)) / 2)
    assert confusion(told, true) == {"a": {"a": 1}, "b": {"": 1, "a": 1, "b": 1}}
    assert [one.name for one in by_class(["c"], ["a"])] == ["a"]
    assert macro_f1(["a"], ["a"]) == 1.0
    assert macro_f1([], []) is None


def test_an_interval_holds_the_figure_and_a_crowd_of_one_has_none() -> None:
    span = interval(100, lambda drawn: float((drawn < 30).mean()))
    assert span is not None
    assert span[0] < 0.3 < span[1]
    assert span == interval(100, lambda drawn: float((drawn < 30).mean()))
    assert interval(1, lambda _: 1.0) is None


def test_a_guarded_figure_may_not_come_near_its_ceiling() -> None:
    def verdict(value: float | None, ceiling: float | None, n: int = 100) -> str:
        return Figure(name="x", title="x", value=value, n=n, ceiling=ceiling, guarded=True, noisy=True).verdict

    assert verdict(0.70, 0.80) == FINE
    assert verdict(0.77, 0.80) == OVER
    assert verdict(0.10, 0.98) == OVER
    assert verdict(0.77, 0.80, n=5) == FINE
    assert verdict(0.99, None) == FINE
    assert verdict(None, 0.98) == NO_DATA


def test_what_is_above_by_chance_alone_is_not_over(tmp_path: Path) -> None:
    def auroc_of(count: int, better: float) -> Figure:
        """Every fifth leaves; ours sees them as well as the best scorer does, or `better`."""
        chance = np.random.default_rng(5)
        names = [f"C{number}" for number in range(count)]
        leaves = {name: number % 5 == 0 for number, name in enumerate(names)}
        could = {name: leaves[name] + chance.normal(0, 1) for name in names}
        ours = {name: leaves[name] * (1 + better) + chance.normal(0, 1) for name in names}
        least = min(could.values())
        rows = "".join(f"{name},gradual,rate,2026-10-01,\n" for name in names if leaves[name])
        best = "".join(f"{name},churn,{10 * (could[name] - least)}\n" for name in names)
        truth = _truth(tmp_path, churn=f"customer_id,shape,cause,since,gone_on\n{rows}", ceilings=f"customer_id,target,percent\n{best}")
        judged = Judged(day=_DAY, kinds=dict.fromkeys(names, "person"), leaving=ours)
        return {figure.name: figure for figure in churn_figures(truth, judged)}["churn.auroc"]

    few, many, knows = auroc_of(200, 0.2), auroc_of(6_000, 0.2), auroc_of(200, 4.0)
    assert few.value is not None
    assert few.ceiling is not None
    assert few.value > 0.95 * few.ceiling
    assert (few.verdict, many.verdict, knows.verdict) == (FINE, OVER, OVER)


def _truth(folder: Path, **files: str) -> Truth:
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return Truth(folder)


def test_a_missing_file_is_no_data_and_not_zero(tmp_path: Path) -> None:
    truth = _truth(tmp_path)
    judged = Judged(day=_DAY, kinds={"C1": "person"}, needs={}, leaving={}, stages={}, inferred={})
    figures = [*need_figures(truth, judged), *churn_figures(truth, judged), *life_figures(truth, judged)[0]]
    assert [figure.verdict for figure in figures] == [NO_DATA] * 3
    assert truth.files == ()


def test_needs_that_are_open_on_the_day_count(tmp_path: Path) -> None:
    rows = "C1,gold,2026-01-01,\nC1,wedding,2026-01-01,2026-11-23\nC2,gold,2026-11-24,\n"
    truth = _truth(tmp_path, needs=f"customer_id,need,since,until\n{rows}")
    judged = Judged(
        day=_DAY, kinds={"C1": "person", "C2": "person"}, needs={"C1": {"gold": 0.8, "wedding": 0.6}, "C2": {"gold": 0.7, "car": 0.2}}
    )
    figures = {figure.name: figure for figure in need_figures(truth, judged)}
    assert figures["needs.precision_at_3"].value == pytest.approx(1 / 3)
    assert figures["needs.recall_at_3"].value == 1.0
    assert figures["needs.precision_at_3_always"].value == pytest.approx(1 / 4)
    assert figures["needs.precision_at_3_popular"].value == pytest.approx(1 / 2)  # gold for both
    assert figures["needs.precision_at_3.company"].verdict == NO_DATA
    assert {"need": "gold", "open": 1, "among_first": 1, "offered": 2, "right": 1} in need_table(truth, judged)


def test_who_is_gone_is_nobody_to_warn_of_and_who_only_looks_so_stays(tmp_path: Path) -> None:
    rows = [
        "C1,gradual,rate,2026-10-01,",  # on the way out
        "C2,sudden,,2026-11-01,2026-11-02",  # gone three weeks ago
        "C3,false_alarm,travel,2026-11-10,",
        "C4,gradual,moved,2026-01-01,2026-03-01",  # gone long ago
    ]
    truth = _truth(tmp_path, churn="\n".join(["customer_id,shape,cause,since,gone_on", *rows]))
    kinds = {f"C{number}": "person" for number in range(1, 6)}
    scores = {"C1": 0.9, "C2": 0.1, "C3": 0.8, "C4": 0.95, "C5": 0.2}
    before = Judged(day=date(2026, 11, 1), kinds=kinds, leaving=scores, warned=frozenset({"C2"}))
    judged = Judged(day=_DAY, kinds=kinds, leaving=scores, warned=frozenset({"C1", "C3"}))
    figures = {figure.name: figure.value for figure in churn_figures(truth, judged, [before])}
    assert figures["churn.auroc"] == 1.0
    assert figures["churn_lately.auroc"] == pytest.approx(2 / 4)
    assert figures["churn.warned_precision"] == 0.5
    assert figures["churn.false_alarms_warned"] == 1.0
    assert (figures["churn.caught"], figures["churn.lead_days"]) == (1.0, 1.0)


def test_the_stage_of_the_day_counts_and_ties_of_the_ceiling_go_by_name(tmp_path: Path) -> None:
    truth = _truth(
        tmp_path,
        stages="customer_id,stage,since\nC1,single,2020-01-01\nC1,newlywed,2026-01-01\nC1,parenting,2027-01-01\nC2,silver,2000-01-01\n",
        ceilings="customer_id,target,percent\nC1,stage:single,50\nC1,stage:newlywed,50\nC2,stage:silver,100\n",
    )
    judged = Judged(
        day=_DAY, kinds={"C1": "person", "C2": "person"}, stages={"C1": "newlywed", "C2": "silver"}, inferred={"C1": None, "C2": "silver"}
    )
    figures, table = life_figures(truth, judged)
    values = {figure.name: (figure.value, figure.ceiling) for figure in figures}
    assert values["stages.macro_f1"] == (0.5, 1.0)
    assert values["stages.macro_f1_with_tags"] == (1.0, None)
    assert values["stages.unknown"] == (0.5, None)
    assert table == {"newlywed": {"": 1}, "silver": {"silver": 1}}


def test_a_truth_that_cannot_be_read_is_refused_with_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no column since"):
        _truth(tmp_path, stages="customer_id,stage\nC1,single\n")
    (tmp_path / "stages.csv").unlink()
    (tmp_path / "needs.parquet").write_bytes(b"not a file")
    with pytest.raises(BadInput, match="cannot be read"):
        Truth(tmp_path)
