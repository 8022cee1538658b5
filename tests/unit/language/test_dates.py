"""What the date tables cannot say: descriptions, zones, and the length of a text."""

from datetime import UTC, datetime

import pytest

from language.dates import find_dates
from language.datespan import Side
from language.extract import extract
from tests.unit.language import wording_tables as tables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天下午三点半", "2026年11月24日（周二）15:30"),
        ("明天下午", "2026年11月24日（周二）下午"),
        ("明天上午9点到11点", "2026年11月24日（周二）09:00–11:00"),
        ("后年九月", "2028年9月"),
        ("后年秋天", "2028年秋天（9月–11月）"),
        ("明年下半年", "2027年下半年"),
        ("大后年", "2029年"),
        ("下周", "2026年11月30日起的一周"),
        ("三个月后", "2027年2月23日前后"),
        ("两年后", "2028年11月前后"),
        ("月底", "2026年11月21日至11月30日"),
        ("春节前", "2026年11月23日至2027年2月5日"),
    ],
)
def test_says_the_date_back(text: str, expected: str) -> None:
    assert find_dates(text, at=tables.AT)[0].describe() == expected


def test_counts_from_the_day_in_the_banks_zone() -> None:
    late_evening_in_london = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)

    assert str(find_dates("今天", at=late_evening_in_london)[0].start) == "2026-11-23"


def test_refuses_an_instant_without_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        find_dates("今天", at=datetime(2026, 11, 23))


@pytest.mark.parametrize(
    ("at", "text", "expected"),
    [
        ("2027-01-31", "一个月后", "2027-02-28"),
        ("2028-01-31", "一个月后", "2028-02-29"),
        ("2027-03-31", "一个月前", "2027-02-28"),
        ("2028-02-29", "一年后", "2029-02-28"),
        ("2026-12-31", "明天", "2027-01-01"),
    ],
)
def test_clamps_to_the_end_of_the_month(at: str, text: str, expected: str) -> None:
    found = find_dates(text, at=datetime.fromisoformat(f"{at}T10:00:00+08:00"))

    assert str(found[0].start) == expected


def test_knows_before_and_after() -> None:
    sides = [find_dates(text, at=tables.AT)[0].side for text in ("国庆后", "月底前", "国庆")]

    assert sides == [Side.AFTER, Side.BEFORE, Side.ON]


def test_extracts_each_character_once() -> None:
    found = extract("孩子后年九月去英国，准备50万，三年不用，利率3.5%", at=tables.AT)

    assert [one.text for one in found.dates] == ["后年九月"]
    assert [one.text for one in found.money] == ["50万"]
    assert [one.text for one in found.durations] == ["三年"]
    assert [one.text for one in found.numbers] == ["3.5%"]


def test_reads_a_long_text_in_time() -> None:
    found = extract("下周三我想存50万，三年不用。" * 60, at=tables.AT)

    assert len(found.money) == 60
