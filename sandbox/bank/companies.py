"""What the bank knows of its companies, who stands behind them, and whom they trade with."""

import numpy as np
import pyarrow as pa

from sandbox.bank import cast
from sandbox.bank.columns import cents, days, identifiers, instants, rates, texts, words
from sandbox.bank.endings import end_of
from sandbox.bank.firms import FIRST_NUMBER
from sandbox.bank.leaving import closings
from sandbox.bank.names import CITY, person_names
from sandbox.bank.numbers import credit_code, telephone
from sandbox.bank.population import Companies
from sandbox.bank.world import CHUNK, DAY, EAST, World, draw

_FIRST_RELATION = 5_000_000
_A_CHUNK = 100_000
_NEVER = np.iinfo(np.int32).max
_STREETS = ("湖畔区港前路", "栖湖区织造街", "望澜区临港大道", "青屿区工业路")


def companies(world: World, chunk: int, firms: Companies) -> pa.Table:
    """The rows of the feed."""
    count = len(firms.number)
    chance = draw(world, chunk, "companies feed")
    die = chance.random((8, CHUNK))[:, :count]
    serial = (firms.number - FIRST_NUMBER).tolist()
    opened = (firms.opened_at + EAST) // DAY
    address = [f"{_STREETS[int(where * 4)]}{int(house * 180) + 1}号" for where, house in zip(die[0].tolist(), die[1].tolist(), strict=True)]
    segment = np.where(firms.industry == "小微商贸", "小微商贸", np.array([f"{kind}企业" for kind in firms.industry], dtype=object))
    return pa.table(
        {
            "customer_id": firms.ids,
            "name": texts(firms.name),
            "uscc": texts(np.array([credit_code(number) for number in serial], dtype=object)),
            "industry": texts(firms.industry),
            "industry_code": texts(np.where(die[2] < 0.95, firms.industry_code, "")),
            "founded_on": days(firms.founded),
            "registered_capital": cents(np.round(firms.revenue / 8 / 10_000).clip(10) * 1_000_000),
            "employees": pa.array(firms.employees, pa.int32(), mask=die[3] > 0.85),
            "annual_revenue": cents(np.round(firms.revenue / 10_000) * 1_000_000, die[4] > 0.75),
            "contact_name": texts(contacts(world, chunk, firms)),
            "contact_phone": texts(np.array([telephone(9, number) for number in serial], dtype=object)),
            "city": texts(np.full(count, CITY, dtype=object)),
            "address": texts(np.array(address, dtype=object)),
            "email": texts(np.where(die[5] < 0.6, np.array([f"finance{number}@example.com" for number in serial], dtype=object), "")),
            "identified_on": days(opened + np.floor(die[6] * (end_of(world, firms) - 1 - opened)).astype(np.int64)),
            "segments": texts(segment),
            "rm_id": words(firms.rm, world.rms),
            "branch_id": words(firms.branch, world.branches),
            "opened_at": instants(firms.opened_at),
            "status": words((closings(world, firms) >= 0) | (firms.wound_up >= 0), ("active", "closed")),
        }
    )


def contacts(world: World, chunk: int, firms: Companies) -> np.ndarray:
    """The names of the people who deal with the bank."""
    chance = draw(world, chunk, "company contacts")
    names = person_names(chance, chance.random(CHUNK) < 0.4)[: len(firms.number)]
    if chunk == 0:
        for at, firm in cast.COMPANIES.items():
            if at <= len(names):
                names[at - 1] = firm.contact
    return names


def behind(world: World, chunk: int, firms: Companies) -> pa.Table:
    """Legal persons, owners, people authorised, suppliers and buyers."""
    count = len(firms.number)
    chance = draw(world, chunk, "relations")
    strangers = person_names(chance, chance.random(CHUNK) < 0.6)[:count]
    share = 30 + 70 * chance.random(CHUNK)[:count]
    everybody = np.arange(count)
    owned = np.flatnonzero(firms.owner > 0)
    known = np.where(firms.owner > 0, firms.owner, 0)
    people = identifiers("C", (known, 6), missing=firms.owner <= 0)
    supplier, buyer = firms.link_supplier, firms.link_buyer
    since = np.maximum(firms.founded[supplier], firms.founded[buyer])
    # Trade and powers end with the company or with its relation to the bank; an owner stays the owner.
    closed = closings(world, firms)
    ends = np.where(firms.wound_up >= 0, firms.wound_up, np.where(closed >= 0, closed, _NEVER))
    traded_until = np.minimum(ends[supplier], ends[buyer])
    blocks = [
        # whose, who by id, who by name, kind, share, since, until
        (everybody, people, texts(np.where(firms.owner > 0, "", strangers)), "legal_person", None, firms.founded, None),
        (owned, people.take(pa.array(owned)), None, "owner", share[owned], firms.founded[owned], None),
        (everybody, None, texts(contacts(world, chunk, firms)), "authorised", None, (firms.opened_at + EAST) // DAY, ends),
        (buyer, firms.ids.take(pa.array(supplier)), None, "supplier", None, since, traded_until),
        (supplier, firms.ids.take(pa.array(buyer)), None, "buyer", None, since, traded_until),
    ]
    number = _FIRST_RELATION + chunk * _A_CHUNK
    tables = []
    for place, related, name, kind, owns, day, until in blocks:
        size = len(place)
        numbers = number + np.arange(1, size + 1)
        number += size
        tables.append(
            pa.table(
                {
                    "relation_id": identifiers("R", (numbers, 7)),
                    "customer_id": firms.ids.take(pa.array(place)),
                    "related_id": pa.nulls(size, pa.string()) if related is None else related,
                    "related_name": pa.nulls(size, pa.string()) if name is None else name,
                    "kind": pa.array([kind] * size, pa.string()),
                    "share": pa.nulls(size, pa.decimal128(9, 4)) if owns is None else rates(np.round(owns)),
                    "scope": pa.array(["查询和转账" if kind == "authorised" else None] * size, pa.string()),
                    "since": days(day),
                    "until": days(np.full(size, -1) if until is None else np.where(until == _NEVER, -1, np.maximum(until, day))),
                }
            )
        )
    return pa.concat_tables(tables)
