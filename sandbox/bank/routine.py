"""What runs by itself for persons: wages and pensions, rent, standing orders, fees, the monthly payment of the credit card."""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank import shops
from sandbox.bank.endings import end_of
from sandbox.bank.entries import CHANNEL, KIND, OUTSIDE, Entries, chosen, entries, move
from sandbox.bank.ledger import at_second
from sandbox.bank.population import GRADUAL, SUDDEN, People
from sandbox.bank.spending import local_day
from sandbox.bank.world import World, day_number

_PAYDAYS = np.array([1, 10, 15, 20, 21])
_BATCH = {"channel": CHANNEL["batch"], "bank": True}


def monthly(
    world: World, chance: Generator, places: NDArray[Any], day: Any, *, working_day: bool = True
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Each place once a month on its day of the month, on the Friday before where that is a weekend; the second array are the days."""
    starts = world.month_starts[:-1].astype(np.int64)
    place = np.repeat(places, len(starts))
    wanted = np.repeat(np.broadcast_to(day, len(places)), len(starts)) - 1
    on = np.tile(starts, len(places)) + wanted
    if working_day:
        weekday = (on + 3) % 7  # 1 January 1970 was a Thursday
        closed = np.isin(on, world.festival_days)
        on = on - np.maximum(weekday - 4, 0)
        on = np.where(closed, on - chance.integers(3, 6, len(on)), on)
    return place, on


def routine(world: World, chance: Generator, people: People, main: NDArray[Any], *, mortgaged: NDArray[Any]) -> list[Entries]:
    """Everything but loans and the card. After somebody has left, only fees go on for a while."""
    count = len(people.number)
    die = chance.random((8, count))
    parts: list[Entries] = []
    employed = np.flatnonzero((people.work == "work") & (die[0] < 0.8))
    parts += _wages(world, chance, people, main, employed)
    retired = np.flatnonzero(people.work == "retired")
    person, on = monthly(world, chance, retired, 15)
    parts.append(
        entries(
            main[person],
            at_second(on, 6 * 3600),
            people.income[person] * 100,
            kind=KIND["pension"],
            party=shops.FIXED_AT["养老金"],
            **_BATCH,
        )
    )
    for bill, shop in enumerate(range(4)):
        payers = np.flatnonzero(chance.random(count) < (0.85, 0.78, 0.85, 0.45)[bill])
        person, on = monthly(world, chance, payers, 5 + (people.number[payers] * (bill + 3)) % 21, working_day=False)
        amount = chance.lognormal(np.log((60, 90, 160, 180)[bill]), 0.5, len(person)) * 100
        parts.append(_bill(main[person], on, amount, shops.PLACE["utility"], shops.SHOP_BEGIN[shops.PLACE["utility"]] + shop, 2))
    homes = np.flatnonzero(die[6] < 0.75)
    person, on = monthly(world, chance, homes, 10, working_day=False)
    charge = np.round(chance.lognormal(np.log(210), 0.4, count)) * 100
    parts.append(_bill(main[person], on, charge[person], shops.PLACE["utility"], shops.FIXED_AT["云桥物业"], 4))
    phones = np.flatnonzero(die[1] < 0.8)
    person, on = monthly(world, chance, phones, 3, working_day=False)
    parts.append(_bill(main[person], on, 5_900, shops.PLACE["phone"], shops.SHOP_BEGIN[shops.PLACE["phone"]], 3))
    insured = np.flatnonzero(die[2] < 0.14)
    premium = np.round(chance.lognormal(np.log(320), 0.6, count)) * 100
    person, on = monthly(world, chance, insured, 1 + people.number[insured] % 28)
    parts.append(_bill(main[person], on, premium[person], shops.PLACE["insurance"], shops.SHOP_BEGIN[shops.PLACE["insurance"]], 8))
    tenants = np.flatnonzero((die[3] < 0.28) & np.isin(people.stage.astype(str), ["single", "newlywed"]) & ~mortgaged)
    rent = np.round(chance.lognormal(np.log(2_300), 0.4, count) / 50) * 5_000
    person, on = monthly(world, chance, tenants, 1 + people.number[tenants] % 5, working_day=False)
    parts.append(
        entries(
            main[person],
            at_second(on, 8 * 3600),
            -rent[person],
            kind=KIND["transfer"],
            party=shops.FIXED_AT["房东"],
            other=OUTSIDE + people.number[person] * 13,
            memo=shops.MEMO["房租"],
            **_BATCH,
        )
    )
    messages = np.flatnonzero(die[4] < 0.85)
    person, on = monthly(world, chance, messages, 5, working_day=False)
    parts.append(entries(main[person], at_second(on, 600), -200, kind=KIND["fee"], **_BATCH))
    keeping = np.flatnonzero(die[5] < 0.4)
    person, on = monthly(world, chance, keeping, 21, working_day=False)
    parts.append(entries(main[person], at_second(on, 900), -300, kind=KIND["fee"], **_BATCH))
    parts += _tuition(world, chance, people, main)
    return [_until_gone(people, main, part) for part in parts]


def card_payments(
    world: World,
    chance: Generator,
    hand: list[Entries],
    card: NDArray[Any],
    main: NDArray[Any],
    codes: NDArray[Any],
    *,
    by_itself: NDArray[Any],
) -> list[Entries]:
    """On the 20th the card is paid for what was bought with it up to the 10th, most of the time (of some: always) by itself."""
    holders = np.flatnonzero(card >= 0)
    if not len(holders):
        return []
    owner = np.full(len(codes), -1)
    owner[card[holders]] = holders
    months = world.month_starts
    owed = np.zeros((len(card), world.months + 1))
    for part in hand:
        person = owner[part["account"]]
        month = np.searchsorted(months, local_day(part["at"]) + 20, side="right") - 1  # bought after the 10th: paid in the month after
        on_card = (person >= 0) & (month >= 0) & (month <= world.months)
        np.add.at(owed, (person[on_card], month[on_card]), -part["cents"][on_card].astype(np.float64))
    person, month = np.nonzero(owed[:, : world.months] > 0)
    at = at_second(months[month].astype(np.int64) + 19, 7 * 3600)
    by_bank = (chance.random(len(card)) < 0.75)[person] | by_itself[person]
    channel = np.where(by_bank, CHANNEL["batch"], CHANNEL["mobile"])
    return move(main[person], card[person], codes, at, owed[person, month], kind=KIND["repayment"], channel=channel, bank=by_bank, own=1)


def _wages(world: World, chance: Generator, people: People, main: NDArray[Any], employed: NDArray[Any]) -> list[Entries]:
    payday = _PAYDAYS[chance.integers(0, len(_PAYDAYS), len(people.number))]
    person, on = monthly(world, chance, employed, payday[employed])
    changed, lost, retired = (_event_day(people, name) for name in ("job_change", "job_loss", "retirement"))
    pay = people.income[person] * chance.uniform(0.96, 1.06, len(person))
    pay = np.where((changed[person] >= 0) & (on >= changed[person]), pay * 1.12, pay)
    idle = (lost[person] >= 0) & (on >= lost[person]) & (on < lost[person] + 120)
    pay = np.where(idle | ((retired[person] >= 0) & (on >= retired[person])), 0, pay)
    firm = shops.FIRM_BEGIN + (people.number[person] * 31 + (on >= np.where(changed[person] >= 0, changed[person], 1 << 30)) * 17) % (
        shops.FIRM_COUNT
    )
    named = (people.number % 2 == 0)[person]
    party = np.where(named, firm, shops.FIXED_AT["代发工资"])
    wages = entries(main[person], at_second(on, 6 * 3600), np.round(pay * 100), kind=KIND["payroll"], party=party, **_BATCH)
    bonuses = []
    for festival in world.spring_festivals:
        lucky = employed[chance.random(len(employed)) < 0.5]
        on = np.full(len(lucky), day_number(festival) - 12)
        bonuses.append(
            entries(
                main[lucky],
                at_second(on, 6 * 3600),
                np.round(people.income[lucky] * chance.uniform(0.5, 2.5, len(lucky))) * 100,
                kind=KIND["payroll"],
                party=shops.FIXED_AT["年终奖金"],
                **_BATCH,
            )
        )
    return [wages, *bonuses]


def _tuition(world: World, chance: Generator, people: People, main: NDArray[Any]) -> list[Entries]:
    """In September and at the end of February, for children between 3 and 22."""
    parts, ends = [], end_of(world, people)
    for month, amount in ((9, 4_800), (2, 3_900)):
        starts = world.month_starts[:-1][[(world.first.month - 1 + at) % 12 + 1 == month for at in range(world.months)]]
        for start in starts.tolist():
            old = (start - people.child_born) / 365
            pays = np.flatnonzero(
                (people.child_born >= 0) & (start + 30 < ends) & (old > 3) & (old < 22) & (chance.random(len(people.number)) < 0.6)
            )
            day = start + (1 if month == 9 else 22) + chance.integers(0, 5, len(pays))
            school = shops.SHOP_BEGIN[shops.PLACE["school"]] + np.clip((old[pays] < 7) * 1 + (old[pays] >= 18) * 2, 0, 2)
            parts.append(
                entries(
                    main[pays],
                    at_second(day, chance.integers(8 * 3600, 21 * 3600, len(pays))),
                    -np.round(amount * chance.lognormal(0, 0.4, len(pays)) / 10) * 1000,
                    kind=KIND["payment"],
                    channel=CHANNEL["mobile"],
                    party=school,
                    category=shops.PLACE["school"],
                    memo=shops.MEMO["学费"],
                )
            )
    return parts


def _bill(account: NDArray[Any], on: NDArray[Any], amount: Any, category: int, party: Any, hour: int) -> Entries:
    paid = -np.round(np.broadcast_to(amount, len(account)))
    return entries(account, at_second(on, hour * 3600), paid, kind=KIND["payment"], category=category, party=party, **_BATCH)


def _event_day(people: People, event: str) -> NDArray[Any]:
    day = np.full(len(people.number), -1, dtype=np.int64)
    here = people.event == event
    day[people.event_person[here]] = people.event_on[here]
    return day


def _until_gone(people: People, main: NDArray[Any], part: Entries) -> Entries:
    """Who has left has also moved the wages and the standing orders; of fees nobody thinks."""
    person = np.searchsorted(main, part["account"])  # main accounts are sorted by person
    left = np.isin(people.churn_shape[person], (GRADUAL, SUDDEN)) & (local_day(part["at"]) >= people.churn_gone[person])
    return chosen(part, ~left | (part["kind"] == KIND["fee"]))
