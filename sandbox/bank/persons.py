"""What the bank knows of its persons: the feed with its gaps and oddities, and who is whose husband, wife or parent."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sandbox.bank import cast
from sandbox.bank.columns import cents, days, identifiers, instants, texts, words
from sandbox.bank.endings import end_of
from sandbox.bank.leaving import closings
from sandbox.bank.names import CITY, FIRMS, traditional
from sandbox.bank.numbers import identity_number, telephone
from sandbox.bank.population import People
from sandbox.bank.world import DAY, EAST, World, day_of_number, draw

_MISSING = (("occupation", 0.14), ("birth_date", 0.03), ("phone", 0.03), ("id_number", 0.02), ("city", 0.05), ("gender", 0.01))
_OLD_LETTERS = 0.04
_WIDE = 0.006
_DISTRICTS = (("湖畔区", "望湖路"), ("栖湖区", "杨柳街"), ("望澜区", "潮音路"), ("青屿区", "灯塔巷"))
_EDUCATION = ("secondary", "college", "bachelor", "master", "doctor")
_ASKED_FOR = ("wecom", "sms", "phone", "app", "branch")
_TAGS = {"newlywed": "新婚", "parenting": "育儿家庭", "midlife": "中年", "silver": "银发"}
_WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


def persons(world: World, chunk: int, people: People) -> pa.Table:
    """The rows of the feed."""
    chance = draw(world, chunk, "persons feed")
    count = len(people.number)
    # Drawn for a whole chunk, so that one customer more changes no other.
    die = chance.random((26, 2_000))[:, :count]
    known = {name: die[place] >= share for place, (name, share) in enumerate(_MISSING)}
    for at, part in cast.PERSONS.items():
        if chunk == 0 and at <= min(count, cast.NAMED):
            for column, mask in known.items():
                mask[at - 1] = column not in part.missing
    numbers = people.number.tolist()
    name = people.name.copy()
    for old in np.flatnonzero((die[6] < _OLD_LETTERS) & (people.number > (max(cast.PERSONS) if chunk == 0 else 0))):
        name[old] = traditional(name[old])
    identity = np.array(
        [
            identity_number(day_of_number(born), number, male=bool(male))
            for born, number, male in zip(people.born.tolist(), numbers, people.male.tolist(), strict=True)
        ],
        dtype=object,
    )
    phone = np.array([telephone(1, number) for number in numbers], dtype=object)
    born, male = people.born.copy(), people.male.copy()
    # Who came a second time is found by the identity number, or else by name, day of birth and telephone.
    second = np.flatnonzero(people.same_as >= 0)
    first = people.same_as[second]
    name[second], born[second], male[second] = people.name[first], people.born[first], people.male[first]
    by_number = second % 2 == 0
    identity[second[by_number]] = identity[first[by_number]]
    identity[second[~by_number]] = ""
    phone[second[~by_number]] = phone[first[~by_number]]
    for mask in known.values():
        mask[second], mask[first] = True, True
    for wide in np.flatnonzero(die[7] < _WIDE):
        phone[wide] = phone[wide].translate(_WIDE_DIGITS)
    district = (die[8] * 4).astype(np.int64)
    address = [
        f"{_DISTRICTS[where][0]}{_DISTRICTS[where][1]}{int(house * 200) + 1}号{int(stairs * 6) + 1}单元{int(flat * 28) + 1}01"
        for where, house, stairs, flat in zip(district.tolist(), die[9].tolist(), die[10].tolist(), die[11].tolist(), strict=True)
    ]
    opened = (people.opened_at + EAST) // DAY
    tag = np.array([_TAGS.get(stage, "") for stage in people.stage.tolist()], dtype=object)
    job = np.where(people.work == "owner", "企业主", np.where((people.work == "work") & (die[12] < 0.9), "代发", ""))
    employed = (people.work == "work") & (die[13] < 0.7)
    identified = opened + np.floor(die[14] * (end_of(world, people) - 1 - opened)).astype(np.int64)
    family = np.where(people.widowed >= 0, 2, people.married.astype(np.int32))
    status = np.where(people.died >= 0, 2, closings(world, people) >= 0)
    return pa.table(
        {
            "customer_id": people.ids,
            "name": texts(name),
            "gender": words(np.where(known["gender"], male.astype(np.int32), -1), ("female", "male")),
            "birth_date": days(np.where(known["birth_date"], born, -1)),
            "id_number": texts(np.where(known["id_number"], identity, "")),
            "phone": texts(np.where(known["phone"], phone, "")),
            "city": texts(np.where(known["city"], CITY, "")),
            "district": words(np.where(known["city"], district, -1), [place for place, _ in _DISTRICTS]),
            "address": texts(np.where(die[15] < 0.8, np.array(address, dtype=object), "")),
            "occupation": texts(np.where(known["occupation"], people.occupation, "")),
            "employer": words(np.where(employed, people.number * 31 % len(FIRMS), -1), FIRMS),
            "monthly_income": cents(np.round(people.income / 500) * 50_000, die[16] > 0.55),
            "marital_status": words(np.where(die[17] < 0.85, family, -1), ("single", "married", "widowed")),
            "education": words(np.where(die[18] < 0.5, (die[19] ** 1.3 * 4.2).astype(np.int32), -1), _EDUCATION),
            "birthday_calendar": words((die[20] < np.where(people.age >= 50, 0.25, 0.05)).astype(np.int32), ("solar", "lunar")),
            "preferred_channel": words(np.where(die[21] < 0.15, (die[22] * 5).astype(np.int32), -1), _ASKED_FOR),
            "identity_valid_until": days(np.where(die[23] < 0.9, world.last_day + (die[24] * 3_900).astype(np.int64) - 180, -1)),
            "identified_on": days(identified),
            "segments": texts(np.array([";".join(filter(None, pair)) for pair in zip(tag, job, strict=True)], dtype=object)),
            "rm_id": words(people.rm, world.rms),
            "branch_id": words(people.branch, world.branches),
            "opened_at": instants(people.opened_at),
            "status": words(status.astype(np.int32), ("active", "closed", "deceased")),
        }
    )


def households(world: World, chunk: int, people: People) -> pa.Table:
    """Husbands and wives, and grown-up children with a mother or father here."""
    chance = draw(world, chunk, "households")
    pair = np.flatnonzero(people.partner > np.arange(len(people.number)))
    young = np.flatnonzero(
        np.isin(people.stage.astype(str), ["student", "single"]) & (people.age <= 30) & (chance.random(len(people.number)) < 0.12)
    )
    old = np.flatnonzero(np.isin(people.stage.astype(str), ["midlife", "silver"]))
    parent = old[chance.integers(0, len(old), len(young))] if len(old) else young
    fits = people.age[parent] - people.age[young] >= 20
    young, parent = young[fits], parent[fits]
    customer = np.concatenate([pair, young])
    related = np.concatenate([people.partner[pair], parent])
    since = np.concatenate([np.maximum(people.stage_since[pair], people.born[pair] + 22 * 365), people.born[young]])
    ends = np.where(people.died >= 0, people.died, np.iinfo(np.int32).max)
    until = np.minimum(ends[customer], ends[related])
    number = chunk * 10_000 + np.arange(1, len(customer) + 1)
    return pa.table(
        {
            "relation_id": identifiers("R", (number, 7)),
            "customer_id": people.ids.take(pa.array(customer)),
            "related_id": people.ids.take(pa.array(related)),
            "kind": words(np.repeat([0, 1], [len(pair), len(young)]), ("spouse", "parent")),
            "since": days(since),
            "until": days(np.where(until < world.last_day + 1, until, -1)),
        }
    )


def assignments(world: World, chunk: int, who: Any, *, first_number: int) -> pa.Table:
    """Who kept the relation from when on: the book of some was passed on."""
    chance = draw(world, chunk, f"assignments {first_number}")
    die = chance.random((3, 2_000))[:, : len(who.number)]
    opened = (who.opened_at + EAST) // DAY
    held: NDArray[np.int64] = np.floor(die[1] * (end_of(world, who) - 1 - opened)).astype(np.int64)
    passed = (die[0] < 0.10) & (held > 20) & ((who.number > first_number + 26) | (first_number > 0))
    left = world.rms.index("S0017")
    passed &= who.rm != left
    earlier = (who.rm + 1 + (die[2] * (len(world.rms) - 1)).astype(np.int64)) % len(world.rms)
    row = np.concatenate([np.arange(len(opened)), np.flatnonzero(passed)])
    rm = np.concatenate([np.where(passed, earlier, who.rm), who.rm[passed]])
    since = np.concatenate([opened, (opened + held)[passed]])
    why = np.concatenate([np.zeros(len(opened)), np.where(earlier[passed] == left, 2, 1)])
    order = np.lexsort((since, row))
    return pa.table(
        {
            "customer_id": who.ids.take(pa.array(row[order])),
            "rm_id": words(rm[order], world.rms),
            "since": days(since[order]),
            "reason": words(why[order], ("opened", "transfer", "leaver")),
        }
    )
