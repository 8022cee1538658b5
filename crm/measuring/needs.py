"""What is missing for which feature: the table of needs against what the snapshot holds. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from crm.measuring.definitions import read, title_of
from crm.measuring.freshness import stopped_since
from crm.measuring.health import FeedState

_MONTH_DAYS = 30.4
_ENOUGH = 0.95  # a feed that begins a few days into its first month reaches back far enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One feed that a feature needs, and how much of it. `better`: the feature works without it."""

    feed: str
    columns: tuple[str, ...] = ()
    filled: float = 50.0
    months: float = 0.0
    rows: int = 1
    better: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something that the assistant can do, if it has the data."""

    id: str
    title: str
    needs: tuple[Need, ...]


class Lack(StrEnum):
    """Why data does not suffice."""

    ABSENT = "absent"
    FEW = "few"
    SHORT = "short"
    EMPTY = "empty"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that is missing, with the sentence for people."""

    feed: str
    column: str
    lack: Lack
    text: str
    better: bool


class Readiness(StrEnum):
    """`ready`: nothing needed is missing; `weak`: something falls short; `blocked`: a needed feed or column is not there at all."""

    READY = "ready"
    WEAK = "weak"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureState:
    """A feature and what is missing for it."""

    feature: Feature
    missing: tuple[Missing, ...]

    @property
    def readiness(self) -> Readiness:
        """What only makes it better holds nothing up."""
        needed = [one for one in self.missing if not one.better]
        if any(one.lack is Lack.ABSENT for one in needed):
            return Readiness.BLOCKED
        return Readiness.WEAK if needed else Readiness.READY


def check_features(feeds: Mapping[str, FeedState], at: datetime) -> tuple[FeatureState, ...]:
    """Every feature in the order of the table."""
    return tuple(
        FeatureState(feature=feature, missing=tuple(lack for need in feature.needs for lack in _missing(need, feeds.get(need.feed), at)))
        for feature in features()
    )


@cache
def features() -> tuple[Feature, ...]:
    """The table of needs."""
    return tuple(
        Feature(id=name, title=entry["title"], needs=tuple(_need(need) for need in entry["needs"])) for name, entry in read("needs").items()
    )


def _need(entry: dict[str, Any]) -> Need:
    return Need(**{**entry, "columns": tuple(entry.get("columns", ()))})  # a key that a need lacks fails when the table is read


def _missing(need: Need, state: FeedState | None, at: datetime) -> list[Missing]:
    title = title_of(need.feed)

    def lack(kind: Lack, text: str, column: str = "") -> Missing:
        return Missing(feed=need.feed, column=column, lack=kind, text=text, better=need.better)

    if state is None or not state.rows:
        return [lack(Lack.ABSENT, f"没有送来{title}（{need.feed}）")]
    found = []
    if state.rows < need.rows:
        found.append(lack(Lack.FEW, f"{title}只有 {state.rows} 行，至少要 {need.rows} 行"))
    months = _months(state)
    if months < need.months * _ENOUGH:
        found.append(lack(Lack.SHORT, f"{title}只有 {months:.1f} 个月，至少要 {need.months:g} 个月"))
    for column in need.columns:
        percent = state.filled.get(column, 0.0)
        if percent < need.filled:
            told = "全是空的" if not percent else f"只有 {percent:g}% 填了"
            found.append(lack(Lack.EMPTY, f"{title}的 {column} {told}，至少要 {need.filled:g}%", column))
    if state.freshness and (stopped := stopped_since(state.freshness, at)):
        found.append(lack(Lack.STOPPED, stopped))
    return found


def _months(state: FeedState) -> float:
    if state.first_at is None or state.last_at is None:
        return 0.0
    return (state.last_at - state.first_at).total_seconds() / 86_400 / _MONTH_DAYS
