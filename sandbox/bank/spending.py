"""What persons do by hand: small payments in shops, transfers to people and firms, cash, and what others pay them.

Numbers vary from week to week (a gamma for each: negative binomial counts), amounts follow the quantiles measured on public data.
"""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank import shops
from sandbox.bank.entries import CHANNEL, KIND, OUTSIDE, Entries, entries
from sandbox.bank.ledger import at_second
from sandbox.bank.population import FALSE_ALARM, People
from sandbox.bank.world import DAY, EAST, World

_INCOMING = 0.19
# Shares of the hours of a day: little before six, peaks before noon and towards the evening.
_HOURS = np.array([1.2, 0.4, 0.2, 0.2, 0.2, 0.4, 1.5, 4.0, 5.5, 6.0, 6.6, 6.8, 6.6, 6.2, 5.4, 5.4, 5.8, 6.4, 6.6, 6.4, 6.0, 5.4, 4.2, 2.6])
_UNTIL = np.cumsum(_HOURS / _HOURS.sum())
_AT = (0.0, 0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99, 0.999, 1.0)
_OUT = (0.2, 0.6, 2.0, 3.8, 11.0, 44.0, 280.0, 2_050.0, 5_200.0, 25_500.0, 120_000.0, 400_000.0)  # yuan
_IN = (0.01, 0.15, 2.0, 9.0, 73.0, 745.0, 2_450.0, 5_600.0, 13_500.0, 56_000.0, 240_000.0, 700_000.0)
_SMALL = 2_000_00  # cents; above this people transfer rather than pay
_ABROAD = 0.003
_YOUNG_CHILD = 3 * 365


def by_hand(world: World, chance: Generator, people: People, main: NDArray[Any], card: NDArray[Any], income: NDArray[Any]) -> Entries:
    """Entries by hand. `card` is the place of the credit card or -1, `income` the cents that come by themselves, less those that go."""
    weeks = world.weeks
    pace = people.rate[:, None] * (7 / 30.44) * people.activity * chance.gamma(3.0, 1 / 3.0, people.activity.shape)
    counts = chance.poisson(pace)
    per_person = counts.sum(axis=1)
    total = int(per_person.sum())
    person = np.repeat(np.arange(len(people.number)), per_person)
    week = np.repeat(np.tile(np.arange(weeks), len(people.number)), counts.ravel())
    day = world.first_day + week * 7 + (chance.random(total) * 7).astype(np.int64)
    at = at_second(day, _seconds(chance, total))
    into = chance.random(total) < _INCOMING
    amount = _amounts(chance, people, person, into, income)
    small = ~into & (amount < _SMALL)
    dice = chance.random((4, total))
    category = _categories(chance, people, person, day, dice[0])
    shop = shops.SHOP_BEGIN[category] + (dice[1] * shops.SHOP_COUNT[category]).astype(np.int64)
    cash = ~small & (dice[0] < 0.08)
    friend = shops.STRANGER_BEGIN + (people.number[person] * 131 + (dice[1] * dice[1] * 24).astype(np.int64) * 7) % shops.STRANGER_COUNT
    by_card = small & (card[person] >= 0) & (dice[2] < 0.35)
    channel = np.where(
        small,
        np.array([CHANNEL["third_party"], CHANNEL["third_party"], CHANNEL["pos"], CHANNEL["mobile"]])[(dice[3] * 4).astype(np.int64)],
        np.array([CHANNEL["mobile"], CHANNEL["mobile"], CHANNEL["mobile"], CHANNEL["web"], CHANNEL["counter"]])[
            (dice[3] * 5).astype(np.int64)
        ],
    )
    other = np.where(~small & ~cash, OUTSIDE + friend * 97 % 10_000_019, -1)
    memo = np.where(~small & ~cash & (dice[2] < 0.25), (dice[2] * 4 * 8).astype(np.int64), -1)
    return entries(
        np.where(by_card, card[person], main[person]),
        at,
        np.where(into, amount, -amount),
        kind=np.where(small, KIND["payment"], np.where(cash, KIND["cash"], KIND["transfer"])),
        channel=np.where(cash, CHANNEL["atm"], channel),
        party=np.where(small, shop, np.where(cash, -1, friend)),
        other=other,
        category=np.where(small, category, -1),
        country=_countries(chance, people, person, day, small & (by_card | (channel == CHANNEL["pos"]))),
        their_bank=np.where(other >= 0, friend % len(shops.BANKS), -1),
        memo=memo,
    )


def passing_through(world: World, chance: Generator, people: People, main: NDArray[Any]) -> list[Entries]:
    """A few let money in and out on the same day, month after month: agents, treasurers of clubs, and worse."""
    those = np.flatnonzero((people.rate > 0) & (chance.random(len(people.number)) < 0.012))
    person = np.repeat(those, world.months)
    start = np.tile(world.month_starts[:-1], len(those))
    day = start + chance.integers(0, 27, len(person))
    amount = np.round(chance.lognormal(np.log(8_000), 0.8, len(person))) * 100
    second = chance.integers(9 * 3600, 15 * 3600, len(person))
    stranger = shops.STRANGER_BEGIN + chance.integers(0, shops.STRANGER_COUNT, (2, len(person)))
    shared = {"kind": KIND["transfer"], "channel": CHANNEL["mobile"]}
    came = entries(main[person], at_second(day, second), amount, party=stranger[0], other=OUTSIDE + stranger[0] * 89, **shared)
    later = at_second(day, second + chance.integers(600, 6 * 3600, len(person)))
    went = entries(main[person], later, -amount * 0.998, party=stranger[1], other=OUTSIDE + stranger[1] * 89, **shared)
    return [came, went]


def _seconds(chance: Generator, count: int) -> NDArray[Any]:
    hour = np.searchsorted(_UNTIL, chance.random(count), side="right")
    return np.asarray(np.minimum(hour, 23) * 3600 + chance.integers(0, 3600, count))


def _amounts(chance: Generator, people: People, person: NDArray[Any], into: NDArray[Any], income: NDArray[Any]) -> NDArray[Any]:
    """Cents. What comes in is scaled so that most people spend about what they get."""
    dice = chance.random(len(person))
    own = np.exp(chance.normal(0.0, 0.3, len(people.number))) * np.clip((people.wealth / 30_000) ** 0.08, 0.8, 1.6)
    most = people.wealth * 0.6 + 6 * people.income + 2_000
    yuan = np.empty(len(person))
    for incoming, table in ((False, _OUT), (True, _IN)):
        here = into == incoming
        yuan[here] = np.exp(np.interp(dice[here], _AT, np.log(table))) * own[person[here]]
    yuan = np.minimum(yuan, most[person])
    spent, got = (np.bincount(person, weights=yuan * mask, minlength=len(people.number)) for mask in (~into, into))
    scale = np.clip((spent - income / 100) / np.maximum(got, 1.0), 0.4, 2.5)
    yuan = np.where(into, yuan * scale[person], yuan)
    cents = np.maximum(np.round(yuan * 100), 1)
    # People like round sums when they transfer.
    round_ones = (cents >= _SMALL) & (dice * 1000 % 1 < 0.7)
    return np.asarray(np.where(round_ones, np.round(cents / 10_000) * 10_000, cents).astype(np.int64))


def _categories(chance: Generator, people: People, person: NDArray[Any], day: NDArray[Any], dice: NDArray[Any]) -> NDArray[Any]:
    category = np.searchsorted(np.cumsum(shops.SHARES), dice, side="right").clip(0, len(shops.CATEGORIES) - 1)
    age = day - people.child_born[person]
    with_baby = (people.child_born[person] >= 0) & (age > -120) & (age < _YOUNG_CHILD)
    again = chance.random(len(person))
    category = np.where(with_baby & (again < 0.11), shops.PLACE["baby"], category)
    gift = ~with_baby & (again > 0.9975)  # once for the child of a friend
    category = np.where(gift, shops.PLACE["baby"], category)
    tutored = (people.child_born[person] >= 0) & (age > 5 * 365) & (age < 17 * 365)
    return np.where(tutored & (again > 0.96), shops.PLACE["tutoring"], category)


def _countries(chance: Generator, people: People, person: NDArray[Any], day: NDArray[Any], could: NDArray[Any]) -> NDArray[Any]:
    travels = (people.churn_shape[person] == FALSE_ALARM) & (people.churn_cause[person] == "travel")
    away = travels & (day >= people.churn_since[person]) & (day < people.churn_gone[person])
    abroad = could & (away | (chance.random(len(person)) < _ABROAD))
    country = (people.number[person] * 7 + day // 40) % len(shops.COUNTRIES)
    return np.where(abroad, country, -1)


def local_day(at: NDArray[Any]) -> NDArray[Any]:
    """The day in China of an instant."""
    return np.asarray((at + EAST) // DAY)
