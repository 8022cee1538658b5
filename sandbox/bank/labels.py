"""What a bank adds for learning: attributes that it happens to know, and what became of customers."""

import numpy as np
import pyarrow as pa

from sandbox.bank.arrays import Numbers, of
from sandbox.bank.columns import cents, days, words
from sandbox.bank.crowd import crowds
from sandbox.bank.endings import end_of
from sandbox.bank.population import Companies, People
from sandbox.bank.sales import CATEGORIES, sales
from sandbox.bank.world import World, days_of, draw
from sandbox.bank.writing import Folder


def labels(people: People, companies: Companies, world: World, folder: Folder) -> None:
    """Write attributes of persons and outcomes of everybody."""
    if len(people.number):
        _attributes(people, world, folder)
    kinds = ("churned", *(f"bought:{category}" for category in CATEGORIES))
    for crowd in crowds(people, companies):
        left = np.flatnonzero((crowd.stops <= world.last_day) & (crowd.stops >= world.first_day) & ~crowd.ended)
        sold = sales(crowd, world)
        owner = np.concatenate([left, sold.owner])
        amount = np.concatenate([np.full(len(left), -1), sold.amount])
        folder.add(
            "outcomes",
            pa.table(
                {
                    "customer_id": of(crowd.ids, owner),
                    "kind": words(np.concatenate([np.zeros(len(left), dtype=np.int64), sold.category + 1]), kinds),
                    "on": days(np.concatenate([crowd.stops[left], sold.day])),
                    "amount": cents(amount, amount < 0),
                }
            ),
        )


def _attributes(people: People, world: World, folder: Folder) -> None:
    """The bank asked some of them at some time; what it noted was so on that day."""
    dice = draw(world, int(people.number[0]), "attributes")
    count = len(people.number)
    home = people.married.astype(np.int64) + people.children + 1
    has_child = people.child_born >= 0
    house = np.where(people.wealth > np.median(people.wealth), 0, 1) if count else home
    house = np.where(dice.random(count) < 0.2, 1 - house, house)
    car = dice.random(count) < np.clip(0.1 + people.income / 40_000, 0, 0.8)
    years = np.where(has_child, (world.last_day - people.child_born) // 365, 0)
    numbers = tuple(str(number) for number in range(60))
    told: tuple[tuple[str, float, Numbers, tuple[str, ...], Numbers], ...] = (
        ("family_size", 0.45, np.clip(home, 1, 59), numbers, np.ones(count, dtype=bool)),
        ("oldest_child_age", 0.4, np.clip(years, 0, 59), numbers, has_child),
        ("housing", 0.35, house, ("自有", "租住"), np.ones(count, dtype=bool)),
        ("car", 0.3, car.astype(np.int64), ("无", "有"), np.ones(count, dtype=bool)),
    )
    opened = days_of(people.opened_at)
    for name, share, value, pool, known in told:
        owner = np.flatnonzero(known & (dice.random(count) < share))
        asked = world.last_day - dice.integers(0, 28, len(owner))
        known_then = (asked >= opened[owner]) & (asked < end_of(world, people)[owner])
        owner, asked = owner[known_then], asked[known_then]
        folder.add(
            "attributes",
            pa.table(
                {
                    "customer_id": of(people.ids, owner),
                    "as_of": days(asked),
                    "name": words(np.zeros(len(owner), dtype=np.int64), (name,)),
                    "value": words(value[owner], pool),
                }
            ),
        )
