"""What customers may use once or until a day: fees waived for newcomers, vouchers, points, better rates. Some end within days."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sandbox.bank.arrays import Numbers, at, each, keys, of, pick
from sandbox.bank.booked import Booked
from sandbox.bank.columns import cents, days, instants, rates, words
from sandbox.bank.crowd import Crowd, crowds
from sandbox.bank.population import Companies, People
from sandbox.bank.world import World, draw
from sandbox.bank.writing import Folder

# name, kind, worth in yuan, days, weight, share that is used (if there is an entry that could, where one is needed)
_KINDS = (
    ("首笔转账免手续费", "fee_waiver", 12, 90, 0, 0.95),
    ("新客存款加息券", "rate_uplift", 0, 30, 0, 0.25),
    ("满减立减金", "voucher", 10, 30, 34, 0.7),
    ("生日咖啡券", "voucher", 30, 21, 20, 0.55),
    ("积分换礼", "points", 50, 365, 22, 0.2),
    ("贵宾体检", "service", 600, 180, 6, 0.3),
    ("跨境汇款手续费减免", "fee_waiver", 80, 120, 8, 0.35),
    ("存款利率上浮券", "rate_uplift", 0, 45, 10, 0.2),
)
_WAIVER, _WELCOME_RATE, _VOUCHER, _ABROAD = 0, 1, 2, 6
_MONTHLY = 0.09


def entitlements(people: People, companies: Companies, world: World, folder: Folder) -> None:
    """Write the entitlements of everybody."""
    for crowd in crowds(people, companies):
        _grant(crowd, world, folder)


def _grant(crowd: Crowd, world: World, folder: Folder) -> None:
    dice = draw(world, crowd.chunk, "entitlements")
    opened = crowd.opened_on
    new = np.flatnonzero((opened >= world.first_day) & (opened <= world.last_day))
    lucky = new[dice.random(len(new)) < 0.4]
    owner = each(dice.poisson(_MONTHLY * world.months, len(crowd)))
    granted = world.first_day + dice.integers(0, world.days, len(owner))
    after = (granted >= opened[owner]) & ~(crowd.ended[owner] & (granted >= crowd.stops[owner]))
    owner, granted = owner[after], granted[after]
    later = pick(dice, [kind[4] for kind in _KINDS], len(owner))
    owner = np.concatenate([new, lucky, owner])
    granted = np.concatenate([opened[new], opened[lucky], granted])
    kind = np.concatenate([np.full(len(new), _WAIVER), np.full(len(lucky), _WELCOME_RATE), later])
    lasts, share = np.array([row[3] for row in _KINDS])[kind], np.array([row[5] for row in _KINDS])[kind]
    count = len(owner)
    expires = granted + lasts
    # A newcomer's waiver goes with the first transfer, which most make soon; the rest is used at leisure or at the last moment.
    wait = np.where(kind == _WAIVER, dice.exponential(11.0, count), dice.beta(1.2, 1.0, count) * lasts)
    used = at(granted, dice.normal(14.5, 3.5, count).clip(8, 22.5) * 3_600) + (wait * 86_400).astype(np.int64)
    used = np.maximum(used, crowd.opened_at[owner] + 1_800)
    ends = at(np.minimum(expires, crowd.stops[owner]), np.zeros(count))
    redeemed = (dice.random(count) < share) & (used < np.minimum(ends, world.end))
    used_by, used = _entries(crowd, owner, kind, granted, used, np.minimum(ends, world.end), folder.booked.get(crowd.company))
    redeemed &= used >= 0
    uplift = np.where(np.array([row[1] == "rate_uplift" for row in _KINDS])[kind], 0.15, -1.0)
    worth = np.array([row[2] for row in _KINDS])[kind] * 100
    folder.add(
        "entitlements",
        pa.table(
            {
                "entitlement_id": keys("E", crowd.chunk, count),
                "customer_id": of(crowd.ids, owner),
                "kind": words(kind, [row[1] for row in _KINDS]),
                "name": words(kind, [row[0] for row in _KINDS]),
                "value": cents(worth, worth == 0),
                "uplift": rates(np.maximum(uplift, 0.0), uplift < 0),
                "product_code": words(np.where(uplift > 0, 0, -1), ("P-101",)),
                "approval": words(kind, [f"APR-{world.as_of.year}-03{place:02d}" for place in range(len(_KINDS))]),
                "granted_on": days(granted),
                "expires_on": days(expires),
                "redeemed_at": instants(np.where(redeemed, used, -1)),
                "redeemed_by": pa.array(used_by, pa.string(), mask=~redeemed),
            }
        ),
    )


def _entries(
    crowd: Crowd, owner: Numbers, kind: Numbers, granted: Numbers, used: Numbers, ends: Numbers, entries: Booked | None
) -> tuple[NDArray[Any], Numbers]:
    """Which entry used each, and when: the first fitting one after the wish for it, or else after the grant; -1 where there is none.

    The waiver goes with the very first transfer. What needs no entry (a coffee, a check-up) is used when it is wished for.
    """
    ids, moment = np.full(len(owner), None, dtype=object), used.copy()
    if entries is None:
        return ids, moment
    fits = {_WAIVER: entries.kind == "transfer", _VOUCHER: entries.kind == "payment", _ABROAD: entries.abroad}
    for which, wanted in fits.items():
        here = np.flatnonzero(kind == which)
        number = crowd.numbers[owner[here]]
        begin = np.maximum(at(granted[here], 0 * here), crowd.opened_at[owner[here]])
        wish = entries.first(number, begin if which == _WAIVER else used[here], ends[here], wanted)
        place = np.where(wish >= 0, wish, entries.first(number, begin, ends[here], wanted))
        found = place >= 0
        ids[here[found]] = entries.ids[place[found]]
        moment[here] = np.where(found, entries.moment[np.maximum(place, 0)] if len(entries.ids) else -1, -1)
    return ids, moment
