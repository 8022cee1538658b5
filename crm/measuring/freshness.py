"""Whether a feed has stopped, told from its last moment, its usual silence and the instant of asking. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from compliance.days import BANK_ZONE, bank_day, bank_time
from crm.measuring.definitions import read, title_of
from domain.book import FeedFreshness


def allowance(feed: FeedFreshness) -> timedelta:
    """How long the feed may be silent at a close of day before it counts as stopped."""
    rules = _rules()
    if feed.usual_silence is None or feed.closes < rules["closes_needed"]:
        return timedelta(days=rules["unlearned_days"])
    times = rules["times_when_rare"] if feed.usual_silence >= timedelta(days=1) else rules["times"]
    return feed.usual_silence * float(times) + timedelta(hours=rules["grace_hours"])


def silence(feed: FeedFreshness, at: datetime) -> timedelta:
    """How long nothing had come at the last midnight before the instant: files cover whole days, the day under way is still to come."""
    close = datetime.combine(bank_day(at), time(0), tzinfo=BANK_ZONE)
    return max(close - feed.last_at, timedelta())


def has_stopped(feed: FeedFreshness, at: datetime) -> bool:
    """Whether the feed was silent for longer than it may be."""
    return silence(feed, at) > allowance(feed)


def stopped_since(feed: FeedFreshness, at: datetime) -> str:
    """行为数据停在昨天18:00, or nothing while the feed goes on."""
    return f"{title_of(feed.feed)}停在{_moment(feed, bank_day(at))}" if has_stopped(feed, at) else ""


def caveat(feeds: Iterable[FeedFreshness], answer: str, at: datetime) -> str:
    """One sentence on the feeds that an answer rests on and that have stopped, or nothing."""
    known = {feed.feed: feed for feed in feeds}
    said = [line for name in _rules()["answers"][answer] if name in known and (line := stopped_since(known[name], at))]
    return f"{'，'.join(said)}，之后的变化这里看不到" if said else ""


def _moment(feed: FeedFreshness, today: date) -> str:
    # The end of a day is written as the first moment of the next one.
    day = bank_day(feed.last_at - timedelta(microseconds=1)) if feed.dated else bank_day(feed.last_at)
    near = {0: "今天", 1: "昨天", 2: "前天"}.get((today - day).days)
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{near or f'{year}{day.month}月{day.day}日'}{'' if feed.dated else f'{bank_time(feed.last_at):%H:%M}'}"


@cache
def _rules() -> dict[str, Any]:
    return read("freshness")
