"""Reading the bank's own holiday entries (`holidays.yaml`) into a `Calendar`."""

from datetime import date
from pathlib import Path

from domain.errors import BadInput
from scheduler.calendar import Calendar
from scheduler.definitions import Entry, read_definitions

HOLIDAYS_FILE = Path(__file__).with_name("holidays.yaml")


def load_calendar(path: Path = HOLIDAYS_FILE) -> Calendar:
    """Read the file. Raises BadInput naming file and year for a date of another year, a day listed twice or a key it does not know."""
    overrides: dict[date, bool] = {}
    announced: set[int] = set()
    years = read_definitions(path).only("years").inner("years")
    for year in years.values:
        if not isinstance(year, int):
            raise BadInput(f"{path.name}: '{year}' is not a year; write it as a number, as 2027")
        entry = Entry(_body(years, year), f"{path.name}, year {year}").only("notice", "complete", "free", "working")
        entry.text("notice")
        if entry.flag("complete"):
            announced.add(year)
        listed = [(day, key == "working") for key in ("free", "working") for day in _days(entry, key, year)]
        overrides |= dict(listed)
        if len(dict(listed)) < len(listed):
            raise BadInput(f"{entry.where}: a day is listed twice; keep one of the entries")
    return Calendar(overrides=overrides, announced=frozenset(announced))


def _body(years: Entry, year: int) -> dict[object, object]:
    body = years.values[year]
    if not isinstance(body, dict):
        raise BadInput(f"{years.where}: {year} must be a mapping with notice, complete, free and working")
    return body


def _days(entry: Entry, key: str, year: int) -> tuple[date, ...]:
    days = tuple(day for day in entry.many(key) if type(day) is date and day.year == year)
    if len(days) < len(entry.many(key)):
        raise BadInput(f"{entry.where}: every entry of '{key}' must be a date of that year, written as {year}-02-08")
    return days
