"""What a customer holds besides deposits: bought within what they dare, valued at each month's end, sometimes sold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from numpy.random import Generator

from sandbox.bank.ledger import Account, Entry, Ledger, instant, months_between

# What can be held, its risk from 1 to 5, the drift and the swing of its value in a month.
_SHELF = (
    ("P-103", 1, 0.0013, 0.0001),
    ("P-104", 2, 0.0018, 0.0004),
    ("P-105", 2, 0.0020, 0.0006),
    ("P-111", 2, 0.0021, 0.0008),
    ("P-113", 2, 0.0020, 0.0020),
    ("P-106", 3, 0.0024, 0.0060),
    ("P-107", 3, 0.0026, 0.0120),
    ("P-110", 3, 0.0030, 0.0250),
    ("P-112", 3, 0.0025, 0.0150),
    ("P-108", 4, 0.0040, 0.0450),
    ("P-109", 5, 0.0045, 0.0600),
    ("P-114", 5, 0.0045, 0.0550),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One product held by one customer, with its value in cents at the ends of months."""

    product: str
    values: tuple[tuple[date, int], ...]


def invest(draw: Generator, ledger: Ledger, main: Account, *, yuan: float, level: str, pieces: int) -> list[Position]:
    """Buy up to `pieces` products for about `yuan` in all, none riskier than the level allows."""
    daring = int(level[1])
    shelf = [item for item in _SHELF if item[1] <= daring]
    chosen = sorted(draw.choice(len(shelf), size=min(pieces, len(shelf)), replace=False).tolist())
    positions = []
    for place in chosen:
        product, _, drift, swing = shelf[place]
        cents = max(int(yuan / len(chosen)), 10_000) * 100
        bought = max(ledger.as_of - timedelta(days=int(draw.integers(3, 700))), ledger.first)
        if bought > ledger.first:
            at = instant(bought, int(draw.integers(9 * 3600, 16 * 3600)))
            if not ledger.enter(_trade(at, main, -cents, "purchase")):
                continue
        sold = draw.random() < 0.12
        values = tuple(_values(draw, ledger, main, bought, cents, drift, swing, sold=bool(sold)))
        positions.append(Position(product=product, values=values))
    return positions


def holding_rows(customer_id: str, positions: list[Position]) -> Iterator[dict[str, object]]:
    """The lines of holdings.csv."""
    for position in positions:
        for on, cents in position.values:
            yield {"customer_id": customer_id, "product_code": position.product, "on": on, "amount": f"{cents // 100}.{cents % 100:02d}"}


def _values(
    draw: Generator, ledger: Ledger, main: Account, bought: date, cents: int, drift: float, swing: float, *, sold: bool
) -> Iterator[tuple[date, int]]:
    yield bought, cents
    value = cents
    ends = [month - timedelta(days=1) for month in months_between(bought, ledger.as_of)[1:]]
    for end in ends[:-1] if sold else ends:
        if end > bought:
            value = max(int(value * (1 + draw.normal(drift, swing))), 100)
            yield end, value
    if sold and ends and ends[-1] > bought and ledger.enter(_trade(instant(ends[-1], 15 * 3600), main, value, "redemption")):
        yield ends[-1], 0


def _trade(at: int, account: Account, cents: int, kind: str) -> Entry:
    return Entry(at=at, account=account, cents=cents, kind=kind, channel="mobile")
