"""One table of another bank, or a public one, as a folder of the data contract: a row a customer, or a row a line of an invoice.

A row a customer becomes a person with an attribute per column. With amounts, the lines of one customer and one moment become one entry:
money spent is negative, and what was taken back is a reversal.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any

_BRANCH, _LONGEST, _CENT = "B1", 200, Decimal("0.01")
_HEADERS = {
    "branches": ("branch_id", "name", "city"),
    "persons": ("customer_id", "name", "branch_id", "opened_at"),
    "attributes": ("customer_id", "as_of", "name", "value"),
    "accounts": ("account_id", "customer_id", "kind", "opened_on"),
    "transactions": ("transaction_id", "account_id", "at", "amount", "initiator", "kind", "reversal"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Which columns are what. `amount` may be two columns, `Quantity*Price`. `day_form` is that of `strptime`, ISO when empty."""

    customer: str | None = None
    day: str | None = None
    amount: str | None = None
    day_form: str = ""
    as_of: date | None = None


@dataclass(slots=True)
class Summary:
    """What was written and what was left: rows without a customer, and why others were."""

    as_of: date | None = None
    rows: dict[str, int] = field(default_factory=dict)
    without_customer: int = 0
    unreadable: int = 0


def convert(source: Path, out: Path, mapped: Mapped) -> Summary:
    """Write the folder; the manifest comes last. Raises ValueError with one line where the table cannot be read so."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "manifest.json").unlink(missing_ok=True)
    summary = Summary()
    with ExitStack() as stack:
        _check(source, mapped)
        tables = _Tables(out, stack, summary)
        tables.write("branches", _BRANCH, source.stem[:60], "-")
        first = _entries(source, mapped, tables) if mapped.amount else _attributes(source, mapped, tables)
        last = mapped.as_of or summary.as_of
        if last is None:
            raise ValueError("the table tells no day; give the last day that it covers with --as-of 2026-01-31")
        for customer, day in first.items():
            tables.write("persons", customer, f"客户{customer}", _BRANCH, f"{day or last}T00:00:00+08:00")
            if mapped.amount:
                tables.write("accounts", f"A-{customer}", customer, "card", day or last)
    summary.as_of = last
    body = {"contract": 2, "bank": source.stem, "as_of": last.isoformat(), "time_zone": "Asia/Shanghai"}
    (out / "manifest.json").write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    return summary


class _Tables:
    """The files of the folder, opened when a row comes for them."""

    def __init__(self, out: Path, stack: ExitStack, summary: Summary) -> None:
        self.summary = summary
        self._out, self._stack = out, stack
        self._writers: dict[str, Any] = {}
        for name in _HEADERS:
            (out / f"{name}.csv").unlink(missing_ok=True)

    def write(self, name: str, *cells: object) -> None:
        """One row."""
        if name not in self._writers:
            file = self._stack.enter_context((self._out / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            self._writers[name] = csv.writer(file)
            self._writers[name].writerow(_HEADERS[name])
        self._writers[name].writerow(cells)
        self.summary.rows[name] = self.summary.rows.get(name, 0) + 1

    def seen(self, day: date) -> None:
        """The last day so far."""
        self.summary.as_of = max(day, self.summary.as_of or day)


def _attributes(source: Path, mapped: Mapped, tables: _Tables) -> dict[str, date | None]:
    """A row a customer. Returns the day of each."""
    first: dict[str, date | None] = {}
    for number, row in enumerate(_rows(source), start=1):
        customer = _customer(row[mapped.customer]) if mapped.customer else f"R{number:07d}"
        moment = _moment(row[mapped.day], mapped.day_form) if mapped.day else None
        if not customer or (mapped.day and moment is None):
            tables.summary.without_customer += not customer
            tables.summary.unreadable += bool(customer)
            continue
        if customer in first:
            raise ValueError(f"{mapped.customer} holds {customer[:40]} twice; leave --id out where a row is a call and not a customer")
        day = moment.date() if moment else None
        known = day or mapped.as_of
        if known is None:
            raise ValueError("the table tells no day; give the last day that it covers with --as-of 2026-01-31")
        tables.seen(known)
        first[customer] = day
        for name, value in row.items():
            if name not in (mapped.customer, mapped.day) and (cell := " ".join(value.split())[:_LONGEST]):
                tables.write("attributes", customer, known, name, cell)
    return first


def _entries(source: Path, mapped: Mapped, tables: _Tables) -> dict[str, date | None]:
    """A row a line: one entry for what a customer paid at a moment. Returns the first day of each customer."""
    if not mapped.customer or not mapped.day:
        raise ValueError("amounts need --id and --day")
    totals: dict[tuple[str, datetime, bool], Decimal] = {}
    factors = str(mapped.amount).split("*")
    for row in _rows(source):
        customer, moment = _customer(row[mapped.customer]), _moment(row[mapped.day], mapped.day_form)
        amount = _product(row, factors)
        if not customer or moment is None or amount is None:
            tables.summary.without_customer += not customer
            tables.summary.unreadable += bool(customer)
            continue
        key = (customer, moment, amount < 0)
        totals[key] = totals.get(key, Decimal()) + amount
    first: dict[str, date | None] = {}
    for number, ((customer, moment, back), amount) in enumerate(sorted(totals.items(), key=lambda one: one[0][1]), start=1):
        first.setdefault(customer, moment.date())
        tables.seen(moment.date())
        if paid := (-amount).quantize(_CENT):
            at = f"{moment.isoformat(timespec='seconds')}+08:00"
            tables.write("transactions", f"T{number:08d}", f"A-{customer}", at, paid, "customer", "payment", str(back).lower())
    return first


def _rows(source: Path) -> Iterator[dict[str, str]]:
    with _opened(source) as file:
        for row in csv.DictReader(file, delimiter=_separator(source)):
            yield {name: (value or "") for name, value in row.items() if name}


def _opened(source: Path) -> IO[str]:
    """The file as text: UTF-8, else what Chinese spreadsheets write, else Latin."""
    for encoding in ("utf-8-sig", "gb18030", "latin-1"):
        try:
            with source.open(encoding=encoding) as file:
                for _ in file:
                    pass
        except UnicodeDecodeError:
            continue
        return source.open(encoding=encoding, newline="")
    raise ValueError(f"{source.name} is no text")


def _separator(source: Path) -> str:
    with _opened(source) as file:
        header = file.readline()
    return max(",;\t|", key=header.count)


def _check(source: Path, mapped: Mapped) -> None:
    with _opened(source) as file:
        names = next(csv.reader(file, delimiter=_separator(source)), [])
    wanted = [one for one in (mapped.customer, mapped.day, *(mapped.amount or "").split("*")) if one]
    missing = [one for one in wanted if one not in names]
    if missing:
        raise ValueError(f"{source.name} has no column {'、'.join(missing)}; it has {'、'.join(names)[:400]}")


def _customer(cell: str) -> str:
    """An id without blanks; spreadsheets write whole numbers as 12345.0."""
    return "".join(cell.split()).removesuffix(".0")[:60]


def _moment(cell: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(cell.strip(), form) if form else datetime.fromisoformat(cell.strip())  # noqa: DTZ007
    except ValueError:
        return None


def _product(row: Mapping[str, str], factors: list[str]) -> Decimal | None:
    found = Decimal(1)
    try:
        for name in factors:
            found *= Decimal(row[name].strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
