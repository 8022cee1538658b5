"""What persons hold besides deposits: bought within what they dare, valued at each month's end, sometimes sold; and regular plans."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank.columns import cents, days, words
from sandbox.bank.endings import is_ended
from sandbox.bank.entries import CHANNEL, KIND, Entries, entries
from sandbox.bank.ledger import at_second
from sandbox.bank.population import GRADUAL, SUDDEN
from sandbox.bank.sales import INVESTED_FOR, bought_here
from sandbox.bank.world import World

# What can be held, its risk from 1 to 5, the drift and the swing of its value in a month, whether it is a fund.
_SHELF = (
    ("P-103", 1, 0.0013, 0.0001, False),
    ("P-104", 2, 0.0018, 0.0004, False),
    ("P-105", 2, 0.0020, 0.0006, False),
    ("P-111", 2, 0.0021, 0.0008, False),
    ("P-113", 2, 0.0020, 0.0020, True),
    ("P-106", 3, 0.0024, 0.0060, False),
    ("P-107", 3, 0.0026, 0.0120, False),
    ("P-110", 3, 0.0030, 0.0250, False),
    ("P-112", 3, 0.0025, 0.0150, True),
    ("P-108", 4, 0.0040, 0.0450, True),
    ("P-109", 5, 0.0045, 0.0600, False),
    ("P-114", 5, 0.0045, 0.0550, True),
)
CODES = tuple(code for code, *_ in _SHELF)
_RISK, _DRIFT, _SWING, _FUND = (np.array([item[part] for item in _SHELF]) for part in (1, 2, 3, 4))
_SOLD = 0.12

Ints = NDArray[Any]


def invest(
    world: World,
    chance: Generator,
    who: Any,
    main: Ints,
    ids: pa.Array,
    opened: Ints,
    *,
    fund_share: float,
    wealth_share: float,
    surely: Ints,
) -> tuple[list[Entries], pa.Table]:
    """Entries of buying and selling, and the holdings. `who` are People or Companies; `surely` are places of those who invest anyway."""
    count = len(who.number)
    person, product, bought, yuan = _positions(world, chance, who, opened, fund_share, wealth_share, surely, count)
    plan_person, plan_yuan = _plans(chance, who, person, fund_share, count)
    ends = world.month_starts[1:].astype(np.int64) - 1
    ends = ends[ends <= world.last_day]
    gone = np.where(np.isin(who.churn_shape, (GRADUAL, SUDDEN)), who.churn_gone, world.last_day + 1)
    parts: list[Entries] = []
    start = np.maximum(bought, world.first_day)
    fresh = (bought > world.first_day) & (bought <= world.last_day)
    parts.append(_traded(chance, main[person[fresh]], bought[fresh], -yuan[fresh] * 100, "purchase"))
    steps = chance.normal(_DRIFT[product][:, None], _SWING[product][:, None], (len(person), len(ends)))
    alive = ends[None, :] > start[:, None]
    value = np.round(yuan[:, None] * np.exp(np.cumsum(np.where(alive, steps, 0), axis=1)) * 100)
    value = np.maximum(value, 100).astype(np.int64)
    # Some sell by chance, who leaves sells all.
    sells = chance.random(len(person)) < _SOLD
    chosen_end = start + np.floor(chance.random(len(person)) * np.maximum(world.last_day - start, 1)).astype(np.int64)
    until = np.minimum(np.where(sells, chosen_end, world.last_day + 1), gone[person])
    month = np.searchsorted(ends, until)
    sold = (month < len(ends)) & (ends[np.minimum(month, len(ends) - 1)] > start) if len(ends) else np.zeros(len(person), dtype=bool)
    last = np.where(sold, month, len(ends))
    columns = np.arange(len(ends))[None, :]
    shown = alive & (columns < last[:, None])
    at_sale = np.flatnonzero(sold)
    if len(at_sale):
        worth = value[at_sale, month[at_sale]]
        parts.append(_traded(chance, main[person[at_sale]], ends[month[at_sale]], worth, "redemption"))
    place, column = np.nonzero(shown)
    rows: list[tuple[Ints, ...]] = [
        (person, product, start, np.round(yuan * 100).astype(np.int64), np.zeros(len(person), dtype=bool)),
        (person[place], product[place], ends[column], value[place, column], np.zeros(len(place), dtype=bool)),
        (
            person[at_sale],
            product[at_sale],
            ends[month[at_sale]] if len(at_sale) else at_sale,
            np.zeros(len(at_sale), dtype=np.int64),
            np.zeros(len(at_sale), dtype=bool),
        ),
    ]
    if len(plan_person):
        bought_monthly, held = _run_plans(world, chance, plan_person, plan_yuan, main, gone, np.maximum(opened, world.first_day), ends)
        parts.append(bought_monthly)
        rows.append(held)
    owner, item, on, amount, plan = (np.concatenate([row[part] for row in rows]) for part in range(5))
    order = np.lexsort((on, item, owner))
    owner, item, on, amount, plan = (array[order] for array in (owner, item, on, amount, plan))
    table = pa.table(
        {
            "customer_id": ids.take(pa.array(owner)),
            "product_code": words(item, CODES),
            "on": days(on),
            "amount": cents(amount),
            "currency": words(np.zeros(len(on)), ("CNY",)),
            "plan": pa.array(plan, pa.bool_()),
        }
    )
    return parts, table


def _positions(
    world: World, chance: Generator, who: Any, opened: Ints, fund_share: float, wealth_share: float, surely: Ints, count: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """One position of a product a customer: who, what, when, how many yuan."""
    rich = np.argsort(np.argsort(who.wealth, kind="stable"), kind="stable") / max(count, 1)
    leaning = np.clip(rich * 2, 0.2, None)
    funds = chance.random(count) < fund_share * leaning
    wealth = chance.random(count) < np.where(funds, 3.6, 0.9) * wealth_share * leaning
    wealth[surely] = True
    score = chance.random((count, len(_SHELF)))
    dares = _RISK[None, :] <= who.level[:, None]
    found: list[tuple[Ints, Ints]] = []
    for buys, kind in ((funds, _FUND), (wealth, ~_FUND)):
        good = np.where(dares & kind[None, :], score, -1.0)
        best = np.argsort(-good, axis=1, kind="stable")
        for rank, share in ((0, 1.0), (1, 0.4), (2, 0.15)):
            product = best[:, rank]
            takes = buys & (good[np.arange(count), product] > 0) & (chance.random(count) < share)
            found.append((np.flatnonzero(takes), product[takes]))
    person = np.concatenate([item[0] for item in found])
    product = np.concatenate([item[1] for item in found])
    day = world.last_day - chance.integers(3, 700, len(person))
    here = bought_here(world, int(who.number[0]), len(who.need))
    answered = np.flatnonzero(who.need_met & np.isin(who.need.astype(str), list(INVESTED_FOR)) & here)
    answered = answered[np.argsort(who.need_until[answered], kind="stable")]
    answers = np.array([CODES.index(INVESTED_FOR[need][0]) for need in who.need[answered]], dtype=np.int64)
    person = np.concatenate([who.need_person[answered], person])
    product = np.concatenate([answers, product])
    day = np.concatenate([who.need_until[answered], day])
    fits = ~is_ended(who)[person] & (_RISK[product] <= who.level[person]) & (day > opened[person] + 3) & (day <= world.last_day)
    person, product, day = person[fits], product[fits], day[fits]
    _, first = np.unique(person.astype(np.int64) * 100 + product, return_index=True)
    person, product, day = person[first], product[first], day[first]
    many = np.bincount(person, minlength=count)[person]
    yuan = np.maximum(np.round(who.wealth[person] * 0.45 / many / 1000) * 1000, 10_000.0)
    return person, product, day, yuan


def _plans(chance: Generator, who: Any, invested: Ints, fund_share: float, count: int) -> tuple[Ints, Ints]:
    """Regular plans of people who hold nothing else."""
    free = np.ones(count, dtype=bool)
    free[invested] = False
    takes = np.flatnonzero(free & ~is_ended(who) & (who.level >= 3) & (chance.random(count) < fund_share * 0.35))
    return takes, np.round(chance.lognormal(np.log(500), 0.6, len(takes)) / 100).clip(1) * 100


def _run_plans(
    world: World, chance: Generator, person: Ints, yuan: Ints, main: Ints, gone: Ints, begin: Ints, ends: Ints
) -> tuple[Entries, tuple[Ints, ...]]:
    days_of = world.month_starts[:-1].astype(np.int64) + 7
    place, month = np.divmod(np.arange(len(person) * len(days_of)), len(days_of))
    on = days_of[month]
    pays = (on <= world.last_day) & (on < gone[person[place]]) & (on > begin[person[place]] + 5)
    bought = entries(
        main[person[place[pays]]],
        at_second(on[pays], 6 * 3600 + 1200),
        -yuan[place[pays]] * 100,
        kind=KIND["purchase"],
        channel=CHANNEL["batch"],
        bank=True,
    )
    product = CODES.index("P-112")
    paid = np.cumsum((pays * yuan[place]).reshape(len(person), -1), axis=1)[:, : len(ends)]
    swing = np.exp(np.cumsum(chance.normal(_DRIFT[product], _SWING[product] * 0.6, paid.shape), axis=1))
    held = (paid > 0) & (ends[None, :] < gone[person][:, None])
    row, column = np.nonzero(held)
    amount = np.round(paid[row, column] * swing[row, column] * 100).astype(np.int64)
    return bought, (person[row], np.full(len(row), product), ends[column], amount, np.ones(len(row), dtype=bool))


def _traded(chance: Generator, account: Ints, on: Ints, cents_moved: Ints, kind: str) -> Entries:
    second = chance.integers(9 * 3600, 16 * 3600, len(account))
    return entries(account, at_second(on, second), cents_moved, kind=KIND[kind], channel=CHANNEL["mobile"])
