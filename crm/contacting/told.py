"""Which channel and which hours to say, from the published rows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.contacting.definitions import definitions

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChoice:
    """A channel with what is known of it. `probability` is None where neither the customer nor people alike were ever tried by it."""

    channel: str
    probability: float | None
    tried: int
    answered: int
    last_answer_on: date | None
    stated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours from `start` up to before `end`, with how many of all logins lie there."""

    weekend: bool
    start: int
    end: int
    logins: int
    tried: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When somebody is there. `windows`: the best within the hours in which the bank may speak first, the better first."""

    logins: int
    quiet: int
    windows: tuple[Window, ...]


def choices(rows: Sequence[Row]) -> tuple[ChannelChoice, ...]:
    """The channels, best first: the one that the customer asked for, then by probability, equals in the order of the definitions."""
    order = definitions().channels
    found = [
        ChannelChoice(
            channel=row["channel"],
            probability=row["probability"],
            tried=row["tried"],
            answered=row["answered"],
            last_answer_on=row["last_answer_on"],
            stated=row["stated"],
        )
        for row in rows
        if row["channel"] in order
    ]
    return tuple(sorted(found, key=lambda one: (not one.stated, -(one.probability or 0.0), order.index(one.channel))))


def hours(rows: Sequence[Row], *, opens: int, closes: int) -> Hours:
    """The best window of workdays and of weekends within the allowed hours; none where too few logins are known."""
    total = sum(row["logins"] for row in rows)
    quiet = sum(row["logins"] for row in rows if not opens <= row["hour"] < closes)
    if total < definitions().logins_needed:
        return Hours(logins=total, quiet=quiet, windows=())
    found = [best for weekend in (False, True) if (best := _best(rows, weekend, opens, closes)).logins >= definitions().window_logins]
    return Hours(logins=total, quiet=quiet, windows=tuple(sorted(found, key=lambda one: (-one.logins, one.weekend))))


def _best(rows: Sequence[Row], weekend: bool, opens: int, closes: int) -> Window:
    length = definitions().window_hours
    windows = [_window(rows, weekend, start, start + length) for start in range(opens, closes - length + 1)]
    return max(windows, key=lambda one: (one.logins, one.answered, -one.start))


def _window(rows: Sequence[Row], weekend: bool, start: int, end: int) -> Window:
    within = [row for row in rows if row["weekend"] == weekend and start <= row["hour"] < end]
    return Window(
        weekend=weekend,
        start=start,
        end=end,
        logins=sum(row["logins"] for row in within),
        tried=sum(row["tried"] for row in within),
        answered=sum(row["answered"] for row in within),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The last contact in which the customer took part; None where there never was one. `tried_since`: in vain, after it."""

    customer_id: str
    last_on: date | None
    days_since: int | None
    known_from: date
    days_known: int
    tried_since: int

    @property
    def silent_for(self) -> int:
        """Days without contact: since the last, or since there are records of this customer."""
        return self.days_known if self.days_since is None else self.days_since


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaching:
    """How and when a customer is reached."""

    channels: tuple[ChannelChoice, ...]
    hours: Hours
    reached: Reached | None

    @property
    def best(self) -> ChannelChoice | None:
        """The channel to take."""
        return next((one for one in self.channels if one.stated or one.probability is not None), None)


def reached_of(row: Row) -> Reached:
    """Read a row of the stage `contact_reach`."""
    return Reached(
        customer_id=row["customer_id"],
        last_on=row["last_on"],
        days_since=row["days_since"],
        known_from=row["known_from"],
        days_known=row["days_known"],
        tried_since=row["tried_since"],
    )
