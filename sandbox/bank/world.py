"""What is the same for everybody in the simulated bank: its time, its festivals, its price of a dollar, and where chance comes from."""

import zlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from lunar_python import Lunar
from numpy.random import Generator
from numpy.typing import NDArray

Days = NDArray[np.int32]

CHUNK = 2_000  # customers that are simulated together
DAY = 86_400
EAST = 8 * 3600
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class World:
    """The frame of one bank. Days are counted since 1970; `first` and `as_of` are the first and the last day of the files."""

    seed: int
    first: date
    as_of: date
    customers: int
    companies: int

    @property
    def months(self) -> int:
        """Calendar months from `first` to `as_of`, the last one maybe cut."""
        return (self.as_of.year - self.first.year) * 12 + self.as_of.month - self.first.month + 1

    @property
    def first_day(self) -> int:
        """`first` as a number."""
        return day_number(self.first)

    @property
    def last_day(self) -> int:
        """`as_of` as a number."""
        return day_number(self.as_of)

    @property
    def days(self) -> int:
        """How many days the files cover."""
        return self.last_day - self.first_day + 1

    @property
    def weeks(self) -> int:
        """Weeks counted from `first`, the last one maybe cut."""
        return -(-self.days // 7)

    @property
    def begin(self) -> int:
        """The first second."""
        return second_of(self.first_day)

    @property
    def end(self) -> int:
        """The first second after the last day."""
        return second_of(self.last_day + 1)

    def ago(self, days: int, hour: int) -> int:
        """An instant in that hour of the day so many days before the last, in seconds since 1970 UTC."""
        return second_of(self.last_day - days, hour * 3600 + 1200)

    @cached_property
    def month_starts(self) -> Days:
        """The first day of each month, and of the month after the last."""
        months = [self.first.year * 12 + self.first.month - 1 + place for place in range(self.months + 1)]
        return np.array([day_number(date(month // 12, month % 12 + 1, 1)) for month in months], dtype=np.int32)

    @cached_property
    def spring_festivals(self) -> tuple[date, ...]:
        """New Year's Day of the lunar calendar, of each year that the files touch and of those beside them."""
        return tuple(
            date(*(int(part) for part in Lunar.fromYmd(year, 1, 1).getSolar().toYmd().split("-")))
            for year in range(self.first.year - 1, self.as_of.year + 2)
        )

    @cached_property
    def national_days(self) -> tuple[date, ...]:
        """1 October of each year that the files touch and of those beside them."""
        return tuple(date(year, 10, 1) for year in range(self.first.year - 1, self.as_of.year + 2))

    @cached_property
    def festival_days(self) -> Days:
        """Days on which offices are closed for a long holiday, counted since 1970."""
        spring = [day_number(day) + offset for day in self.spring_festivals for offset in range(-1, 7)]
        national = [day_number(day) + offset for day in self.national_days for offset in range(7)]
        return np.array(sorted({*spring, *national}), dtype=np.int32)

    @cached_property
    def usd(self) -> NDArray[np.int64]:
        """Yuan for 10,000 dollars on each day: a rate with four decimals as an integer."""
        steps = draw(self, 0, "usd").normal(0.0, 0.0012, self.days)
        return np.round(71_200 * np.exp(np.clip(np.cumsum(steps), -0.08, 0.08))).astype(np.int64)

    @cached_property
    def rms(self) -> tuple[str, ...]:
        """Relationship managers. The last of the six of old is followed by one who has left; more customers need more of them."""
        more = max(0, (self.customers + self.companies) // 600 - 6)
        return (*(f"S{number:04d}" for number in range(3, 9)), "S0017", *(f"S{number:04d}" for number in range(18, 18 + more)))

    @property
    def branches(self) -> tuple[str, ...]:
        """The branches."""
        return ("B001", "B002", "B003", "B004")


def draw(world: World, chunk: int, what: str) -> Generator:
    """A source of chance for one matter of one chunk: another matter never changes it."""
    return np.random.default_rng(np.random.SeedSequence([world.seed, chunk, zlib.crc32(what.encode())]))


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - _EPOCH


def day_of_number(number: int) -> date:
    """The day of that number."""
    return date.fromordinal(int(number) + _EPOCH)


def second_of(day: int, second: int = 0) -> int:
    """Seconds since 1970 UTC of a second of a day in China."""
    return int(day) * DAY + second - EAST


def days_of(seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The day in China of each instant."""
    return np.asarray((seconds + EAST) // DAY)


def in_opening_hours(chance: Generator, days: NDArray[np.int64]) -> NDArray[np.int64]:
    """An instant of each day at which branches are open, 9:00 to 16:49."""
    minutes = 60 * chance.integers(0, 470, len(days))
    return np.asarray(days * DAY - EAST + 9 * 3600 + minutes, dtype=np.int64)


def months_back(day: date, months: int) -> date:
    """The first day of the calendar month that many before: 1 is the month of the day itself."""
    month = day.year * 12 + day.month - months
    return date(month // 12, month % 12 + 1, 1)
