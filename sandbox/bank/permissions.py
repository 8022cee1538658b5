"""What customers let the bank do, and the tests of how much risk they bear."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sandbox.bank import cast
from sandbox.bank.columns import days, instants, words
from sandbox.bank.endings import end_of
from sandbox.bank.population import Companies, People
from sandbox.bank.world import DAY, EAST, World, draw, second_of

_PURPOSES = ("care", "marketing", "profiling", "social_security", "registry", "tax", "intellectual_property")
# Share of those who were asked, and of these who said yes.
_OF_PERSONS = (("care", 0.85, 0.92), ("marketing", 0.80, 0.70), ("profiling", 0.75, 0.80), ("social_security", 0.30, 0.75))
_OF_COMPANIES = (
    ("care", 0.9, 0.95), ("marketing", 0.8, 0.75), ("profiling", 0.7, 0.8), ("registry", 0.8, 0.9), ("tax", 0.6, 0.75),
    ("intellectual_property", 0.4, 0.85),
)  # fmt: skip
_WITHDRAWN = 0.08
_SOURCES = ("开户申请书", "手机银行", "网点柜台")
_LEVELS = ("C1", "C2", "C3", "C4", "C5")
_NEVER, _EXPIRED = 0.30, 0.17  # shares without a test, and with an old one


def consents(world: World, chunk: int, who: People | Companies) -> pa.Table:
    """Every word on what is allowed, oldest first."""
    persons = isinstance(who, People)
    chance = draw(world, chunk, "consents" if persons else "company consents")
    count = len(who.number)
    cast_here = cast.PERSONS if persons and chunk == 0 else {}
    settled = np.zeros(count, dtype=bool)
    settled[[at - 1 for at, part in cast_here.items() if part.consents is not None and at <= count]] = True
    row, purpose, granted, at, source = (list[NDArray[Any]]() for _ in range(5))
    opened_day = (who.opened_at + EAST) // DAY
    for name, asked, yes in _OF_PERSONS if persons else _OF_COMPANIES:
        die = chance.random((5, 2_000))[:, :count]
        said = np.flatnonzero((die[0] < asked) & ~settled)
        agreed = die[1] < yes
        when = who.opened_at + 60 * (5 + (die[2] * 35).astype(np.int64))
        age = end_of(world, who) - 1 - opened_day
        back = np.flatnonzero((die[0] < asked) & ~settled & agreed & (age > 30) & (die[3] < _WITHDRAWN))
        later = when + DAY * (7 + (die[4] * np.maximum(age - 8, 1)).astype(np.int64))
        for places, words_said, instant, where in ((said, agreed[said], when[said], 0), (back, np.zeros(len(back), bool), later[back], 1)):
            row.append(places)
            purpose.append(np.full(len(places), _PURPOSES.index(name)))
            granted.append(words_said)
            at.append(instant)
            source.append(np.full(len(places), where))
    for number, part in cast_here.items():
        if part.consents is None or number > count:
            continue
        for name, yes_said, ago, where_said in part.consents:
            instant = max(second_of(world.last_day - ago, 11 * 3600 + 1200), int(who.opened_at[number - 1]))
            for values, value in zip(
                (row, purpose, granted, at, source),
                (number - 1, _PURPOSES.index(name), yes_said, instant, _SOURCES.index(where_said)),
                strict=True,
            ):
                values.append(np.array([value]))
    rows, purposes, yeses, instants_said, sources = (np.concatenate(values) for values in (row, purpose, granted, at, source))
    order = np.lexsort((instants_said, purposes, rows))
    return pa.table(
        {
            "customer_id": who.ids.take(pa.array(rows[order])),
            "purpose": words(purposes[order], _PURPOSES),
            "granted": pa.array(yeses[order].astype(bool)),
            "at": instants(instants_said[order]),
            "source": words(sources[order], _SOURCES),
        }
    )


def risk_assessments(world: World, chunk: int, who: People | Companies) -> pa.Table:
    """The latest test, and for some an earlier one that came out milder or the same."""
    persons = isinstance(who, People)
    chance = draw(world, chunk, "assessments" if persons else "company assessments")
    count = len(who.number)
    die = chance.random((5, 2_000))[:, :count]
    never, expired = (_NEVER, _EXPIRED) if persons else (0.5, 0.2)
    opened = (who.opened_at + EAST) // DAY
    ago = np.where(die[0] < never + expired, 366 + (die[1] * 730).astype(np.int64), (die[1] * 360).astype(np.int64))
    tested = die[0] >= never
    for at, part in cast.PERSONS.items():
        if persons and chunk == 0 and at <= count and part.assessed is not None:
            tested[at - 1], ago[at - 1] = part.assessed >= 0, part.assessed
    on = np.maximum(np.minimum(world.last_day - ago, end_of(world, who) - 1), opened)
    before = on - 200 - (die[2] * 220).astype(np.int64)
    again = tested & (before > opened) & (die[3] < 0.5)
    milder = np.maximum(who.level - (die[4] * 2).astype(np.int8), 1)
    row = np.concatenate([np.flatnonzero(again), np.flatnonzero(tested)])
    level = np.concatenate([milder[again], who.level[tested]])
    day = np.concatenate([before[again], on[tested]])
    order = np.lexsort((day, row))
    return pa.table(
        {
            "customer_id": who.ids.take(pa.array(row[order])),
            "level": words(level[order] - 1, _LEVELS),
            "assessed_on": days(day[order]),
        }
    )
