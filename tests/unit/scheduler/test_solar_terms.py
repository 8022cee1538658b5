"""Solar terms fall on the Beijing date that the sky gives."""

from datetime import date, datetime, timedelta

import pytest

from domain.errors import BadInput
from scheduler.calendar import BEIJING, SOLAR_TERMS, solar_term_instants, solar_term_on, solar_terms
from tests.unit.scheduler.apparent_sun import reaches

PUBLISHED_2026 = """小寒01-05 大寒01-20 立春02-04 雨水02-18 惊蛰03-05 春分03-20 清明04-05 谷雨04-20 立夏05-05 小满05-21 芒种06-05 夏至06-21
小暑07-07 大暑07-23 立秋08-07 处暑08-23 白露09-07 秋分09-23 寒露10-08 霜降10-23 立冬11-07 小雪11-22 大雪12-07 冬至12-22"""
PUBLISHED_2027_WHERE_IT_DIFFERS = "雨水02-19 惊蛰03-06 春分03-21 立夏05-06 芒种06-06 立秋08-08 白露09-08"
YEARS = range(2020, 2031)


def by_the_sun(year: int) -> dict[str, datetime]:
    """小寒 is at 285 degrees, and each following term 15 further."""
    first = datetime(year, 1, 5, tzinfo=BEIJING)
    return {
        term: reaches((285 + 15 * place) % 360, first + timedelta(days=15.2 * place)).astimezone(BEIJING)
        for place, term in enumerate(SOLAR_TERMS)
    }


def published(year: int, table: str) -> dict[str, date]:
    return {entry[:2]: date(year, int(entry[2:4]), int(entry[5:7])) for entry in table.split()}


def test_the_dates_of_2026_are_those_published() -> None:
    assert solar_terms(2026) == published(2026, PUBLISHED_2026)


def test_the_dates_of_2027_differ_from_2026_exactly_where_published() -> None:
    same_days = published(2027, PUBLISHED_2026)

    assert solar_terms(2027) == same_days | published(2027, PUBLISHED_2027_WHERE_IT_DIFFERS)


@pytest.mark.parametrize("year", YEARS)
def test_every_term_agrees_with_the_apparent_longitude_of_the_sun(year: int) -> None:
    sky = by_the_sun(year)

    assert {term: moment.date() for term, moment in sky.items()} == solar_terms(year)
    apart = {term: abs(moment - solar_term_instants(year)[term]) for term, moment in sky.items()}
    assert max(apart.values()) < timedelta(seconds=90), apart


@pytest.mark.parametrize(
    ("on", "term"),
    [
        (date(2026, 2, 18), "雨水"),  # 23:51:56, so neither rounding up nor another zone may move it
        (date(2026, 2, 19), None),
        (date(2026, 6, 5), "芒种"),  # 23:48:21
        (date(2026, 6, 6), None),
        (date(2027, 8, 8), "立秋"),
        (date(2027, 8, 7), None),
        (date(2020, 12, 7), "大雪"),  # shortly after midnight: lost to the 6th when aberration and nutation are left out
        (date(2020, 12, 6), None),
        (date(2026, 12, 22), "冬至"),
        (date(2024, 2, 29), None),
    ],
)
def test_a_day_has_its_term_or_none(on: date, term: str | None) -> None:
    assert solar_term_on(on) == term


def test_each_year_has_twenty_four_terms_in_order() -> None:
    for year in (1900, 1950, 2000, 2050, 2100):
        moments = list(solar_term_instants(year).values())

        assert tuple(solar_terms(year)) == SOLAR_TERMS
        assert moments == sorted(moments)
        assert {moment.year for moment in moments} == {year}


def test_years_that_the_tables_do_not_reach_are_refused() -> None:
    with pytest.raises(BadInput, match="1900 to 2100"):
        solar_terms(1899)
    with pytest.raises(BadInput, match="2101"):
        solar_term_on(date(2101, 1, 1))
