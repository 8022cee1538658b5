"""The register of recordings (双录) of sales across the counter: complete, with parts missing, hardly to be heard, or none at all."""

import hashlib

import numpy as np
import pyarrow as pa

from sandbox.bank.arrays import HOUR, Numbers, at, in_hours, integers, keys, of, pick
from sandbox.bank.booked import Booked
from sandbox.bank.columns import days, instants, words
from sandbox.bank.crowd import crowds
from sandbox.bank.population import Companies, People
from sandbox.bank.sales import CATEGORIES, sales
from sandbox.bank.world import World, draw
from sandbox.bank.writing import Folder

_RECORDED = {"wealth": ("P-104", 90), "fund": ("P-113", -1), "insurance": ("", 3_650), "pension": ("P-111", 1_826)}
_COUNTER = 0.85  # of these sales; the others were made in the app, without a seller
_NONE = 0.05
_SEGMENTS = (
    "identity;risk_disclosure;consent;signature",
    "identity;risk_disclosure;consent",
    "identity;risk_disclosure;signature",
    "identity;consent;signature",
    "risk_disclosure;consent;signature",
    "identity;signature",
)


def recordings(people: People, companies: Companies, world: World, folder: Folder) -> None:
    """Write the register for the sales of wealth products, funds and insurance."""
    wanted = np.isin(CATEGORIES, list(_RECORDED))
    products = [_RECORDED.get(category, ("", -1))[0] for category in CATEGORIES]
    terms = np.array([_RECORDED.get(category, ("", -1))[1] for category in CATEGORIES])
    for crowd in crowds(people, companies):
        dice = draw(world, crowd.chunk, "recordings")
        sold = sales(crowd, world)
        made = dice.random(len(sold.owner)) < _COUNTER * (1 - _NONE)
        kept = np.flatnonzero(wanted[sold.category] & made)
        owner, category, day = sold.owner[kept], sold.category[kept], sold.day[kept]
        count = len(owner)
        began = at(day, (9 * HOUR + dice.integers(0, 7 * HOUR, count)))
        began = np.where(in_hours(began) < world.end - HOUR, in_hours(began), began)
        lasted = dice.integers(5 * 60, 25 * 60, count)
        order, ordered_at = _orders(crowd.numbers[owner], day, folder.booked.get(crowd.company))
        # It is recorded first and ordered then.
        began = np.where(ordered_at >= 0, ordered_at - lasted - 120, began)
        ended = began + lasted
        quality = np.where(dice.random(count) < 0.07, dice.integers(15, 55, count), dice.integers(72, 100, count))
        names = keys("D", crowd.chunk, count)
        digests = [hashlib.sha256(name.encode()).hexdigest() for name in names.to_pylist()]
        product = [products[place] for place in category]
        folder.add(
            "recordings",
            pa.table(
                {
                    "recording_id": names,
                    "customer_id": of(crowd.ids, owner),
                    "staff_id": words(crowd.rm[owner], world.rms),
                    "product_code": pa.array([code or None for code in product], pa.string()),
                    "order_id": order,
                    "started_at": instants(began),
                    "ended_at": instants(np.where(dice.random(count) < 0.02, -1, ended)),
                    "segments": words(pick(dice, (84, 5, 4, 4, 2, 1), count), _SEGMENTS),
                    "quality": integers(quality),
                    "sha256": pa.array(digests, pa.string()),
                    "location": pa.array([f"archive-1/{name}" for name in names.to_pylist()], pa.string()),
                    "product_ends_on": days(np.where(terms[category] > 0, day + terms[category], -1)),
                    "disputed": pa.array(dice.random(count) < 0.01),
                }
            ),
        )


def _orders(number: Numbers, day: Numbers, entries: Booked | None) -> tuple[pa.Array, Numbers]:
    """The entry that bought on that day, and its moment or -1. A policy is paid to the insurer and leaves none."""
    nothing = np.full(len(number), -1)
    if entries is None:
        return pa.nulls(len(number), pa.string()), nothing
    place = entries.first(number, at(day, 0 * day), at(day + 1, 0 * day), entries.kind == "purchase")
    if not len(entries.ids):
        return pa.nulls(len(number), pa.string()), nothing
    found = place >= 0
    return pa.array(entries.ids[place], pa.string(), mask=~found), np.where(found, entries.moment[place], -1)
