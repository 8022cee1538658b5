"""What learning makes of the cells of a public table, and of features that know too much. No bank is needed."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.learning.additive import Column, fit
from crm.learning.cells import typed
from crm.learning.cutting import edges_of
from crm.learning.definitions import definitions
from crm.learning.leaks import Why, by_name, by_value, suspicious
from crm.learning.measuring import auroc, measured
from tests import shapes

_NO_FEATURES = ("Exited", "Surname", "Attrition_Flag", "CLIENTNUM", "CustomerId", "RowNumber", "Naive_Bayes_Score")


def _typed(*cells: str | None) -> list[object]:
    return typed(np.array(cells, dtype=object)).tolist()


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (("1,234.50", "$2,000", "￥3", "45%", "-1.5e2"), [1234.5, 2000.0, 3.0, 45.0, -150.0]),
        (("12.0", "7", "7", "8"), [12.0, 7.0, 7.0, 8.0]),
        (("true", "false"), None),
        (("Less than $40K", "$60K - $80K"), None),
        (("1,2", "3,4"), None),
    ],
)
def test_numbers_are_read_as_tables_write_them(cells: tuple[str, ...], numbers: list[float] | None) -> None:
    assert _typed(*cells) == (numbers if numbers is not None else list(cells))


@pytest.mark.parametrize("unknown", ["unknown", "Unknown", "N/A", "?", "未知", "不詳", "nan"])
def test_a_word_for_unknown_makes_no_words_of_numbers_and_stays_among_words(unknown: str) -> None:
    found = _typed("3", unknown, "5", None)
    assert [found[0], found[2]] == [3.0, 5.0]
    assert np.isnan(found[1])  # type: ignore[call-overload]
    assert np.isnan(found[3])  # type: ignore[call-overload]
    assert _typed("married", unknown, "single") == ["married", unknown, "single"]
    assert _typed(unknown, unknown) == [unknown, unknown]


def test_days_are_numbers_in_their_order() -> None:
    found = _typed("2025-01-31", "2025/2/1", "2025-02-28T09:00:00")
    assert [float(str(one)) for one in found] == [found[0], float(str(found[0])) + 1, float(str(found[0])) + 28]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=200), st.integers(0, 200), st.integers(2, 24))
def test_a_code_of_most_rows_is_a_bin_of_its_own_and_every_value_has_one(values: list[int], codes: int, bins: int) -> None:
    column = np.array([*values, *[999] * codes], dtype=np.float64)
    edges = edges_of(column, bins=bins, rows_a_bin=5)
    assert list(edges) == sorted(set(edges))
    places = np.searchsorted(np.array(edges), column, side="left")
    assert places.max(initial=0) <= len(edges)
    if codes * bins >= len(column):
        assert set(places[column == 999]).isdisjoint(places[column < 999])


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("duration", Why.NAMED),
        ("LastCallDuration", Why.NAMED),
        ("call duration seconds", Why.NAMED),
        ("Exited", Why.NAMED),
        ("churn_reason", Why.NAMED),
        ("通話時長", Why.NAMED),
        ("RowNumber", Why.IDENTITY),
        ("CustomerId", Why.IDENTITY),
        ("Customer ID", Why.IDENTITY),
        ("Surname", Why.IDENTITY),
        ("客戶號", Why.IDENTITY),
        ("Gender", Why.NOT_JUDGED_BY),
        ("NumOfProducts", None),
        ("children_number", None),
        ("loan_duration", None),
        ("Months_on_book", None),
        ("pdays", None),
    ],
)
def test_a_name_tells_what_must_not_be_learned_from(name: str, why: Why | None) -> None:
    assert [one.why for one in by_name([name], keep=())] == ([why] if why else [])
    assert by_name([name], keep=[name]) == []


def _leaky(rows: int = 2000) -> tuple[dict[str, Column], np.ndarray]:
    random = np.random.default_rng(5)
    labels = (random.random(rows) < 0.1).astype(np.float64)
    last = np.full(rows, 999.0)
    last[labels > 0] = random.integers(1, 20, int(labels.sum()))  # a day since the closing, and 999 for who never closed
    refunded = np.where((labels > 0) & (random.random(rows) < 0.4), 1.0, 0.0)
    columns: dict[str, Column] = {
        "days_since_form": last,
        "refunded": refunded,
        "honest": random.normal(size=rows) + labels,
        "family": np.array([f"家{one}" for one in random.integers(0, rows // 3, rows)], dtype=object),
        "line": random.permutation(rows) + 70000.0,
        "town": np.array(list("甲乙丙丁"), dtype=object)[random.integers(0, 4, rows)],
        "same": np.ones(rows),
    }
    return columns, labels


def test_values_tell_what_knows_the_outcome_and_what_only_says_who() -> None:
    columns, labels = _leaky()
    rows = np.arange(len(labels))
    found = {one.name: one.why for one in by_value(columns, labels, rows, keep=())}
    assert found == {"days_since_form": Why.TOO_GOOD, "family": Why.IDENTITY, "line": Why.IDENTITY, "same": Why.EMPTY}


def test_what_knows_the_outcome_of_some_is_named() -> None:
    columns, labels = _leaky()
    (found,) = suspicious({name: columns[name] for name in ("refunded", "honest", "town")}, labels, np.arange(len(labels)))
    assert (found.name, found.rate, found.rows) == ("refunded", 1.0, int(np.nansum(columns["refunded"])))


def test_figures_have_intervals_that_are_the_same_every_time() -> None:
    random = np.random.default_rng(3)
    odds = random.normal(-2, 1.5, 3000)
    chances = 1 / (1 + np.exp(-odds))
    labels = (random.random(3000) < chances).astype(np.float64)
    right = measured(labels, chances, share=0.15, probabilities=True)
    assert right == measured(labels, chances, share=0.15, probabilities=True)
    assert right.lift_from < right.flagged.lift < right.lift_to
    assert right.flagged.lift == pytest.approx(right.flagged.precision / labels.mean(), abs=0.01)
    assert right.brier_saved is not None
    assert right.brier_saved_from is not None
    assert 0 < right.brier_saved_from < right.brier_saved
    assert right.slope == pytest.approx(1, abs=0.12)
    bold = measured(labels, 1 / (1 + np.exp(-2 * odds)), share=0.15, probabilities=True)
    assert bold.slope == pytest.approx(0.5, abs=0.06)
    blind = measured(labels, np.full(3000, 0.5) + random.normal(0, 0.1, 3000), share=0.15, probabilities=True)
    assert blind.brier_saved is not None
    assert blind.brier_saved < 0


@pytest.mark.parametrize("shape", [shapes.accounts(2500, 21), shapes.cards(2000, 22)], ids=["accounts", "cards"])
def test_the_model_orders_as_well_as_boosted_trees_on_what_is_bent_and_works_together(shape: shapes.Shape) -> None:
    from sklearn.ensemble import GradientBoostingClassifier

    known = {name: cells for name, cells in shape.columns.items() if name not in _NO_FEATURES}
    columns = {name: typed(np.array(cells, dtype=object)) for name, cells in known.items()}
    labels, rows = shape.happened.astype(np.float64), np.arange(shape.rows)
    learned, on = rows % 10 < 7, rows % 10 >= 7
    model = fit(_only(columns, learned), labels[learned], chosen=rows[learned] % 10 < 2, rules=definitions().model).model
    said = model.probability(_only(columns, on))
    numbers = np.column_stack([_coded(one) for one in columns.values()])
    trees = GradientBoostingClassifier(n_estimators=80, max_depth=3, random_state=1)
    trees.fit(numbers[learned], labels[learned])
    assert auroc(labels[on], said) > auroc(labels[on], trees.predict_proba(numbers[on])[:, 1]) - 0.03
    assert auroc(labels[on], said) > auroc(labels[on], shape.truth[on]) - 0.05
    slope = measured(labels[on], said, share=0.15, probabilities=True).slope
    assert slope is not None
    assert 0.7 < slope < 1.4


def _only(columns: Mapping[str, Column], rows: np.ndarray) -> dict[str, Column]:
    return {name: one[rows] for name, one in columns.items()}


def _coded(column: Column) -> np.ndarray:
    return np.unique([str(one) for one in column], return_inverse=True)[1].astype(np.float64) if column.dtype == object else column
