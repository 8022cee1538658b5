"""When a feed counts as stopped, and what is said of it."""

from datetime import datetime, timedelta

import pytest

from compliance.days import BANK_ZONE
from crm.measuring.definitions import feed_definitions
from crm.measuring.freshness import caveat, has_stopped, stopped_since
from domain.book import FeedFreshness

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=BANK_ZONE)


def feed(last: str, *, usual: timedelta | None, name: str = "app_events", dated: bool = False, closes: int = 90) -> FeedFreshness:
    at = datetime.fromisoformat(last).replace(tzinfo=BANK_ZONE)
    return FeedFreshness(feed=name, last_at=at, usual_silence=usual, closes=closes, dated=dated)


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2026-11-23T23:58", ""),
        ("2026-11-24T08:00", ""),
        ("2026-11-23T18:00", "行为数据停在昨天18:00"),
        ("2026-11-22T18:00", "行为数据停在前天18:00"),
        ("2026-11-03T08:05", "行为数据停在11月3日08:05"),
        ("2025-11-03T08:05", "行为数据停在2025年11月3日08:05"),
    ],
)
def test_a_feed_that_never_rests_has_stopped_when_it_misses_an_evening(last: str, said: str) -> None:
    assert stopped_since(feed(last, usual=timedelta(minutes=10)), NOW) == said


@pytest.mark.parametrize(("usual_hours", "stopped"), [(0, True), (2, True), (4, False), (48, False)])
def test_what_is_long_depends_on_the_rhythm_of_the_feed(usual_hours: int, stopped: bool) -> None:
    # Silent for 6 h at the close: allowed are one and a half times the usual and two hours.
    assert has_stopped(feed("2026-11-23T18:00", usual=timedelta(hours=usual_hours)), NOW) is stopped


@pytest.mark.parametrize(("days", "stopped"), [(7, False), (8, True)])
def test_a_feed_that_speaks_by_chance_is_given_more_time(days: int, stopped: bool) -> None:
    # Usually silent for up to three days: two and a half times that and two hours are seven days and fourteen hours.
    last = (NOW.replace(hour=0) - timedelta(days=days)).replace(tzinfo=None).isoformat()

    assert has_stopped(feed(last, usual=timedelta(days=3)), NOW) is stopped


def test_a_feed_of_days_tells_its_last_day() -> None:
    # The end of the 20th is written as the first moment of the 21st.
    told = stopped_since(feed("2026-11-21T00:00", usual=timedelta(0), name="balances", dated=True), NOW)

    assert told == "余额数据停在11月20日"


@pytest.mark.parametrize(("closes", "usual"), [(13, timedelta(minutes=1)), (0, None)])
def test_without_a_rhythm_only_a_long_silence_counts(closes: int, usual: timedelta | None) -> None:
    assert not has_stopped(feed("2026-11-01T18:00", usual=usual, closes=closes), NOW)
    assert has_stopped(feed("2026-09-01T18:00", usual=usual, closes=closes), NOW)


def test_a_caveat_names_only_the_feeds_that_the_answer_rests_on() -> None:
    stopped = (feed("2026-11-20T18:00", usual=timedelta(0)), feed("2026-11-20T18:00", usual=timedelta(0), name="surveys"))

    assert caveat(stopped, "profile", NOW) == "行为数据停在11月20日18:00，之后的变化这里看不到"
    assert caveat(stopped, "assets", NOW) == ""


def test_every_feed_of_the_contract_has_a_name_and_its_columns_exist() -> None:
    from crm.importing.feeds import FEEDS

    definitions = feed_definitions()
    assert set(definitions) == {one.name for one in FEEDS}
    for one in FEEDS:
        columns = {column.name for column in one.columns}
        defined = definitions[one.name]
        assert defined.empty <= columns, one.name
        assert defined.moment is None or defined.moment in columns, one.name
