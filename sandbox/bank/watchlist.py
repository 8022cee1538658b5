"""People to be looked at: some are customers, some only share a name with one, most are nobody whom the bank knows."""

import numpy as np
import pyarrow as pa

from sandbox.bank.arrays import keys, pick
from sandbox.bank.cast import PERSONS
from sandbox.bank.columns import days, words
from sandbox.bank.names import STRANGERS, traditional
from sandbox.bank.numbers import identity_number
from sandbox.bank.population import Companies, People
from sandbox.bank.world import World, day_of_number, draw
from sandbox.bank.writing import Folder

_KINDS = ("fraud", "gambling", "sanction", "exposed", "court", "other")
_SOURCES = ("反诈名单", "反赌名单", "制裁名单", "公职人员名单", "失信被执行人", "内部关注")
_MATCHES, _ALIKE, _STRANGERS = 0.0006, 0.0012, 0.004  # of the persons of a chunk
_SERIAL = 400_000  # identity numbers from here on are nobody's


def watchlist(people: People, companies: Companies, world: World, folder: Folder) -> None:  # noqa: ARG001  all feeds are called alike
    """Write the entries that concern the persons of a chunk, and their share of those that concern nobody."""
    count = len(people.number)
    if not count:
        return
    dice = draw(world, int(people.number[0]), "watchlist")
    free = np.flatnonzero(people.number > max(PERSONS))
    wanted = [int(np.ceil(share * count)) for share in (_MATCHES, _ALIKE)]
    some = dice.permutation(free)[: sum(wanted)]
    matches, alike = some[: wanted[0]], some[wanted[0] :]
    names, numbers = [], []
    for place in matches.tolist():
        born = day_of_number(int(people.born[place]))
        names.append(str(people.name[place]))
        numbers.append(identity_number(born, int(people.number[place]), male=bool(people.male[place])))
    for place in alike.tolist():
        # The same name, written as older documents do for some; another person, or one whose number the list does not know.
        name, nobody = str(people.name[place]), dice.random() < 0.5
        names.append(traditional(name) if dice.random() < 0.3 else name)
        born = day_of_number(int(people.born[place]) - int(dice.integers(400, 4_000)))
        numbers.append(identity_number(born, _SERIAL + place, male=bool(people.male[place])) if nobody else "")
    for place in range(int(np.ceil(_STRANGERS * count))):
        names.append(STRANGERS[int(dice.integers(0, len(STRANGERS)))])
        born = day_of_number(world.last_day - int(dice.integers(20 * 365, 70 * 365)))
        numbers.append(identity_number(born, _SERIAL + count + place, male=bool(dice.random() < 0.7)) if dice.random() < 0.6 else "")
    rows = len(names)
    kind = pick(dice, (34, 18, 6, 14, 22, 6), rows)
    listed = world.last_day - dice.integers(0, 900, rows)
    removed = np.where(dice.random(rows) < 0.08, np.minimum(listed + dice.integers(30, 400, rows), world.last_day), -1)
    folder.add(
        "watchlist",
        pa.table(
            {
                "entry_id": keys("W", int(people.number[0]), rows),
                "name": pa.array(names, pa.string()),
                "id_number": pa.array([number or None for number in numbers], pa.string()),
                "kind": words(kind, _KINDS),
                "source": words(kind, _SOURCES),
                "listed_on": days(listed),
                "removed_on": days(removed),
            }
        ),
    )
