"""What customers said since the run, as the next run will have it: in at once, out at once, and nothing else touched (B15)."""

from datetime import date
from typing import Any

from crm.needs.said import with_said

RUN, TODAY = date(2026, 11, 20), date(2026, 11, 23)
LICENCE = {"evidence": "trade_licence", "count": 1, "last_on": date(2026, 11, 1), "strength": 1.0, "value": 1.0}


def _tag(tag: str, **columns: Any) -> dict[str, Any]:
    row = {"tag": tag, "confidence": 90, "on": TODAY, "until": date(2027, 11, 23), "contested_on": None, "denied_until": None}
    return row | {"usable": True} | columns


def _then(tag: str, on: date) -> dict[str, Any]:
    return _tag(tag, on=on) | {"denied": False}


def _values(rows: list[dict[str, Any]], **said: Any) -> dict[str, float]:
    body: dict[str, Any] = {"then": [], "now": [], "age": 40} | said
    return {row["evidence"]: row["value"] for row in with_said(rows, day=RUN, today=TODAY, **body)}


def _row(evidence: str, on: date | None) -> dict[str, Any]:
    return {"evidence": evidence, "count": 1, "last_on": on, "strength": 0.9, "value": 0.9}


def test_what_was_said_since_comes_in_where_it_may_be_used() -> None:
    assert _values([LICENCE], now=[_tag("plans_abroad")]) == {"trade_licence": 1.0, "says_study_abroad": 0.9}
    assert _values([LICENCE], now=[_tag("plans_abroad", usable=False)]) == {"trade_licence": 1.0}
    assert _values([], now=[_tag("plans_abroad", until=TODAY)]) == {}


def test_a_plan_of_half_a_year_ago_counts_less() -> None:
    assert _values([], now=[_tag("plans_abroad", on=date(2026, 5, 24))])["says_study_abroad"] == 0.639425


def test_a_child_of_young_parents_is_a_small_one() -> None:
    assert set(_values([], now=[_tag("parenting")], age=30)) == {"small_child"}
    assert set(_values([], now=[_tag("parenting")], age=40)) == {"child"}


def test_what_was_taken_back_goes_with_the_row_that_came_from_it() -> None:
    day = date(2026, 11, 18)
    rows = [_row("says_study_abroad", day), LICENCE]
    assert _values(rows, then=[_then("plans_abroad", day)], now=[_tag("plans_abroad", on=day, usable=False)]) == {"trade_licence": 1.0}
    assert _values([_row("child", None)], then=[_then("parenting", day)], now=[]) == {"child": 0.9}  # the bank's own files say so too


def test_what_is_struck_counts_no_more_whoever_said_it() -> None:
    struck = _tag("parenting", contested_on=TODAY, denied_until=date(2028, 1, 1))
    assert _values([_row("child", None), _row("small_child", None), LICENCE], now=[struck]) == {"trade_licence": 1.0}


def test_without_anything_said_the_rows_are_those_of_the_run() -> None:
    assert with_said([LICENCE], then=[], now=[], age=None, day=RUN, today=TODAY) == [LICENCE]
