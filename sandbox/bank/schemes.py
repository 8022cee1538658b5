"""Patterns of payments: those of laundering, and honest ones that look alike. One function a pattern; the account numbers count from 0.

A party below zero is an account of another bank, and NOBODY is cash. All figures are the generator's own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sandbox.bank.arrays import HOUR, Numbers, at

NOBODY = -1_000_000
TRANSFER, CASH, PAYROLL, PURCHASE = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The payments of one case: who paid whom, when, how many cents and how. `roles` has one word for each account."""

    roles: tuple[str, ...]
    payer: Numbers
    payee: Numbers
    moment: Numbers
    cents: Numbers
    kind: int | Numbers = TRANSFER
    country: str = ""

    def joined(self, other: "Scheme") -> "Scheme":
        """Both together, of the same accounts."""
        kinds = [np.broadcast_to(np.asarray(one.kind), one.cents.shape) for one in (self, other)]
        parts = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in ("payer", "payee", "moment", "cents")}
        return Scheme(roles=self.roles, **parts, kind=np.concatenate(kinds), country=self.country or other.country)


def _strangers(dice: Generator, count: int, pool: int = 9_000) -> Numbers:
    return -1 - dice.integers(0, pool, count)


def _hours(dice: Generator, day: Numbers, begin: float, end: float) -> Numbers:
    return at(day, dice.uniform(begin * HOUR, end * HOUR, len(day)))


def _round(amount: Numbers, step: int) -> Numbers:
    return (np.maximum(1, np.rint(amount / step)) * step * 100).astype(np.int64)


def structuring(dice: Generator, day: int, _: int) -> Scheme:
    """Cash or transfers, again and again a little less than what would be reported, then out in one or two pieces."""
    count = int(dice.integers(9, 26))
    big = dice.random() < 0.35
    limit = 200_000 if big else 50_000
    days = day + np.sort(dice.integers(0, 14, count))
    cash = not big and dice.random() < 0.75
    amounts = _round(limit * (1 - dice.beta(1.3, 9.0, count) * 0.5) - 100, 100)
    source = np.full(count, NOBODY) if cash else _strangers(dice, count)
    collected = Scheme(
        roles=("collector",),
        payer=source,
        payee=np.zeros(count, dtype=np.int64),
        moment=_hours(dice, days, 9.2, 17.4),
        cents=amounts,
        kind=CASH if cash else TRANSFER,
    )
    return collected.joined(_out(dice, 0, int(amounts.sum()), collected.moment.max(), int(dice.integers(1, 3))))


def fan_in(dice: Generator, day: int, _: int) -> Scheme:
    """Many pay one within days, who passes it on."""
    count = int(dice.integers(15, 42))
    days = day + dice.integers(0, 5, count)
    amounts = _round(dice.lognormal(8.6, 0.5, count), 100)
    into = Scheme(
        roles=("collector",),
        payer=_strangers(dice, count),
        payee=np.zeros(count, dtype=np.int64),
        moment=_hours(dice, days, 8, 23),
        cents=amounts,
    )
    return into.joined(_out(dice, 0, int(amounts.sum()), into.moment.max(), 2))


def fan_out(dice: Generator, day: int, _: int) -> Scheme:
    """One great sum comes and is scattered."""
    count = int(dice.integers(12, 36))
    amounts = _round(dice.lognormal(8.9, 0.4, count), 10)
    start = int(at(np.array([day]), np.array([10 * HOUR]))[0])
    into = Scheme(
        roles=("distributor",),
        payer=_strangers(dice, 1),
        payee=np.zeros(1, dtype=np.int64),
        moment=np.array([start]),
        cents=np.array([int(amounts.sum() * 1.01)]),
    )
    return into.joined(
        Scheme(
            roles=("distributor",),
            payer=np.zeros(count, dtype=np.int64),
            payee=_strangers(dice, count),
            moment=start + HOUR + np.sort(dice.integers(0, 40 * HOUR, count)),
            cents=amounts,
        )
    )


def cycle(dice: Generator, day: int, accounts: int) -> Scheme:
    """Money goes round and comes back a little smaller, once in six to ten days."""
    rounds = int(dice.integers(1, 4))
    hops = accounts * rounds
    days = day + 1 + np.floor(np.linspace(0, rounds * dice.integers(6, 11) - 1, hops)).astype(np.int64)
    amount = dice.lognormal(11.6, 0.5) * np.cumprod(1 - dice.uniform(0.005, 0.03, hops))
    ring = np.arange(hops) % accounts
    moment = np.sort(_hours(dice, days, 9, 21))
    filled = Scheme(
        roles=tuple("ring" for _ in range(accounts)),
        payer=_strangers(dice, 1),
        payee=np.zeros(1, dtype=np.int64),
        moment=moment[:1] - 20 * HOUR,
        cents=_round(np.array([amount[0] * 1.05]), 100),
    )
    return filled.joined(Scheme(roles=filled.roles, payer=ring, payee=(ring + 1) % accounts, moment=moment, cents=_round(amount, 1)))


def rapid_in_out(dice: Generator, day: int, _: int) -> Scheme:
    """What comes is gone within the hour, nearly all of it, many times."""
    count = int(dice.integers(5, 16))
    moment = _hours(dice, day + np.sort(dice.integers(0, 12, count)), 9, 22)
    amounts = _round(dice.lognormal(9.9, 0.6, count), 10)
    nothing = np.zeros(count, dtype=np.int64)
    into = Scheme(roles=("transit",), payer=_strangers(dice, count), payee=nothing, moment=moment, cents=amounts)
    gone = (amounts * dice.uniform(0.96, 1.0, count)).astype(np.int64)
    wait = dice.integers(60, 70 * 60, count)
    return into.joined(Scheme(roles=("transit",), payer=nothing, payee=_strangers(dice, count), moment=moment + wait, cents=gone))


def dormant_awake(dice: Generator, day: int, _: int) -> Scheme:
    """An account that slept for years takes great sums and empties itself."""
    count = int(dice.integers(2, 6))
    amounts = _round(dice.lognormal(11.2, 0.5, count), 1_000)
    into = Scheme(
        roles=("sleeper",),
        payer=_strangers(dice, count),
        payee=np.zeros(count, dtype=np.int64),
        moment=_hours(dice, day + np.sort(dice.integers(0, 3, count)), 9, 20),
        cents=amounts,
    )
    return into.joined(_out(dice, 0, int(amounts.sum()), into.moment.max(), int(dice.integers(2, 6))))


def cross_border_burst(dice: Generator, day: int, _: int) -> Scheme:
    """Sums from many at home go abroad within days, without a trade behind them."""
    count = int(dice.integers(5, 13))
    amounts = _round(dice.lognormal(10.5, 0.35, count), 100)
    moment = _hours(dice, day + np.sort(dice.integers(0, 5, count)), 9, 20)
    nothing = np.zeros(count, dtype=np.int64)
    into = Scheme(roles=("sender",), payer=_strangers(dice, count), payee=nothing, moment=moment, cents=amounts)
    away = _strangers(dice, count) - 500_000
    gone = Scheme(
        roles=("sender",), payer=nothing, payee=away, moment=moment + dice.integers(HOUR, 30 * HOUR, count), cents=amounts * 98 // 100
    )
    return into.joined(
        Scheme(**{**{name: getattr(gone, name) for name in gone.__slots__}, "country": ("HK", "MY", "TH", "AE")[int(dice.integers(0, 4))]})
    )


def mule(dice: Generator, day: int, accounts: int) -> Scheme:
    """New accounts lent to others: a trial with a coin, then money by night that leaves at once, by cash machine or to the same hands."""
    boss = _strangers(dice, 1)
    count = int(dice.integers(4, 11))
    whose = np.repeat(np.arange(accounts), count + 1)
    first = np.tile(np.arange(count + 1) == 0, accounts)
    days = day + np.where(first, 0, 1 + dice.integers(0, 6, len(whose)))
    moment = np.where(first, _hours(dice, days, 12, 20), _hours(dice, days, 20.5, 23.6))
    amounts = np.where(first, 100, _round(dice.lognormal(8.7, 0.6, len(whose)), 1))
    into = Scheme(
        roles=tuple("mule" for _ in range(accounts)), payer=_strangers(dice, len(whose)), payee=whose, moment=moment, cents=amounts
    )
    cash = dice.random(len(whose)) < 0.4
    later = Scheme(
        roles=into.roles,
        payer=whose[~first],
        payee=np.where(cash, NOBODY, boss[0])[~first],
        moment=(moment + dice.integers(120, 22 * 60, len(whose)))[~first],
        cents=amounts[~first] * 99 // 100,
        kind=np.where(cash, CASH, TRANSFER)[~first],
    )
    return into.joined(later)


def market_trader(dice: Generator, day: int, _: int) -> Scheme:
    """A stall: the day's cash is brought nearly every day, and goods are paid every week."""
    begin = day - int(dice.integers(40, 110))
    days = np.arange(begin, day)[dice.random(day - begin) < 0.85]
    amounts = _round(dice.lognormal(8.7, 0.45, len(days)), 50)
    into = Scheme(
        roles=("trader",),
        payer=np.full(len(days), NOBODY),
        payee=np.zeros(len(days), dtype=np.int64),
        moment=_hours(dice, days, 16, 18.5),
        cents=amounts,
        kind=CASH,
    )
    weeks = np.arange(begin + 7, day, 7)
    paid = np.full(len(weeks), int(amounts.sum() * 0.8 / max(1, len(weeks))) // 100 * 100)
    return into.joined(
        Scheme(
            roles=("trader",),
            payer=np.zeros(len(weeks), dtype=np.int64),
            payee=_strangers(dice, 1).repeat(len(weeks)),
            moment=_hours(dice, weeks, 9, 12),
            cents=paid,
        )
    )


def wedding_gifts(dice: Generator, day: int, _: int) -> Scheme:
    """Guests give, all on one weekend; the hall is paid the week after."""
    count = int(dice.integers(45, 120))
    amounts = np.array([600, 800, 1_000, 1_200, 1_600, 2_000, 3_000, 6_000, 8_800])[dice.integers(0, 9, count)] * 100
    gifts = Scheme(
        roles=("bride",),
        payer=_strangers(dice, count),
        payee=np.zeros(count, dtype=np.int64),
        moment=_hours(dice, day + dice.integers(0, 2, count), 9, 23),
        cents=amounts,
    )
    return gifts.joined(_out(dice, 0, int(amounts.sum() * 0.7), gifts.moment.max() + 96 * HOUR, 2))


def payroll_fan_out(dice: Generator, day: int, _: int) -> Scheme:
    """A small firm pays its people on one morning of each month."""
    people = _strangers(dice, int(dice.integers(8, 40)))
    wages = _round(dice.lognormal(8.6, 0.25, len(people)), 10)
    months = day - 30 * np.arange(3)[::-1]
    into = Scheme(
        roles=("employer",),
        payer=_strangers(dice, 1).repeat(3),
        payee=np.zeros(3, dtype=np.int64),
        moment=_hours(dice, months - 3, 10, 15),
        cents=np.full(3, int(wages.sum() * 1.1)),
    )
    pays = Scheme(
        roles=("employer",),
        payer=np.zeros(3 * len(people), dtype=np.int64),
        payee=np.tile(people, 3),
        moment=at(np.repeat(months, len(people)), np.full(3 * len(people), 9.5 * HOUR)) + np.tile(np.arange(len(people)), 3),
        cents=np.tile(wages, 3),
        kind=PAYROLL,
    )
    return into.joined(pays)


def house_purchase(dice: Generator, day: int, _: int) -> Scheme:
    """Savings and parents' money come together within days and go to the developer in one piece."""
    count = int(dice.integers(3, 8))
    amounts = _round(dice.lognormal(11.9, 0.6, count), 10_000)
    into = Scheme(
        roles=("buyer",),
        payer=_strangers(dice, count),
        payee=np.zeros(count, dtype=np.int64),
        moment=_hours(dice, day + np.sort(dice.integers(0, 8, count)), 9, 20),
        cents=amounts,
    )
    return into.joined(
        Scheme(
            roles=("buyer",),
            payer=np.zeros(1, dtype=np.int64),
            payee=_strangers(dice, 1),
            moment=into.moment.max() + np.array([30 * HOUR]),
            cents=np.array([int(amounts.sum() * 0.99)]),
            kind=PURCHASE,
        )
    )


def _out(dice: Generator, account: int, total: int, after: int, pieces: int) -> Scheme:
    """Nearly all of it goes on, in so many pieces."""
    parts = dice.dirichlet(np.full(pieces, 8.0)) * total * dice.uniform(0.95, 0.99)
    return Scheme(
        roles=("",),
        payer=np.full(pieces, account),
        payee=_strangers(dice, pieces),
        moment=after + HOUR + np.sort(dice.integers(0, 30 * HOUR, pieces)),
        cents=np.maximum(1, parts).astype(np.int64),
    )


# name, function, least and most accounts
Pattern = tuple[str, Callable[[Generator, int, int], Scheme], int, int]
LAUNDERING: tuple[Pattern, ...] = (
    ("structuring", structuring, 1, 1),
    ("fan_in", fan_in, 1, 1),
    ("fan_out", fan_out, 1, 1),
    ("cycle", cycle, 3, 5),
    ("rapid_in_out", rapid_in_out, 1, 1),
    ("dormant_awake", dormant_awake, 1, 1),
    ("cross_border_burst", cross_border_burst, 1, 1),
    ("mule", mule, 2, 4),
)
HONEST: tuple[Pattern, ...] = (
    ("market_trader", market_trader, 1, 1),
    ("wedding_gifts", wedding_gifts, 1, 1),
    ("payroll_fan_out", payroll_fan_out, 1, 1),
    ("house_purchase", house_purchase, 1, 1),
)
