"""The hidden side of a chunk, for evaluations only."""

from typing import Any

import numpy as np
import pyarrow as pa

from sandbox.bank.app import weekly_visits
from sandbox.bank.columns import days, rates, texts, words
from sandbox.bank.crowd import COMPANY_APP_RATE
from sandbox.bank.endings import is_ended
from sandbox.bank.foreseeing import chances_of_leaving
from sandbox.bank.population import CHANNELS, NO_CHURN, SHAPES, People
from sandbox.bank.staging import chances_of_stages
from sandbox.bank.world import World, draw
from sandbox.bank.writing import Folder

_BEFORE = {"newlywed": "single", "parenting": "newlywed", "midlife": "parenting", "silver": "midlife", "single": "student"}


def tell_truth(world: World, who: Any, folder: Folder) -> None:
    """Stages (of persons), events, needs, churn, answers, who is the same human, and what nobody could know better."""
    ids = who.ids
    if isinstance(who, People):
        _stages(world, who, folder)
        twice = np.flatnonzero(who.same_as >= 0)
        folder.add(
            "identities",
            pa.table({"customer_id": ids.take(pa.array(twice)), "same_as": ids.take(pa.array(who.same_as[twice]))}),
            truth=True,
        )
    folder.add(
        "life_events",
        pa.table({"customer_id": ids.take(pa.array(who.event_person)), "kind": texts(who.event), "on": days(who.event_on)}),
        truth=True,
    )
    folder.add(
        "needs",
        pa.table(
            {
                "customer_id": ids.take(pa.array(who.need_person)),
                "need": texts(who.need),
                "since": days(who.need_since),
                "until": days(who.need_until),
                "met": pa.array(who.need_met, pa.bool_()),
            }
        ),
        truth=True,
    )
    seen = np.flatnonzero((who.churn_shape != NO_CHURN) & (who.churn_since <= world.last_day) & ~is_ended(who))
    over = who.churn_gone[seen] <= world.last_day
    folder.add(
        "churn",
        pa.table(
            {
                "customer_id": ids.take(pa.array(seen)),
                "shape": words(who.churn_shape[seen], SHAPES),
                "cause": texts(who.churn_cause[seen]),
                "since": days(who.churn_since[seen]),
                "gone_on": days(np.where(over, who.churn_gone[seen], -1)),
            }
        ),
        truth=True,
    )
    count = len(who.number)
    folder.add(
        "responses",
        pa.table(
            {
                "customer_id": ids.take(pa.array(np.repeat(np.arange(count), len(CHANNELS)))),
                "channel": words(np.tile(np.arange(len(CHANNELS)), count), CHANNELS),
                "percent": rates(who.response.ravel() * 100.0),
            }
        ),
        truth=True,
    )
    _ceilings(world, who, folder)


def _stages(world: World, people: People, folder: Folder) -> None:
    """The stage of the last day, and the one before where it changed within the files."""
    changed = np.flatnonzero((people.stage_since > world.first_day) & np.isin(people.stage.astype(str), list(_BEFORE)))
    person = np.concatenate([np.arange(len(people.number)), changed])
    stage = np.concatenate([people.stage, np.array([_BEFORE[stage] for stage in people.stage[changed]], dtype=object)])
    since = np.concatenate([people.stage_since, np.maximum(people.stage_since[changed] - 900, people.born[changed] + 18 * 365)])
    order = np.lexsort((since, person))
    table = pa.table({"customer_id": people.ids.take(pa.array(person[order])), "stage": texts(stage[order]), "since": days(since[order])})
    folder.add("stages", table, truth=True)


def _ceilings(world: World, who: Any, folder: Folder) -> None:
    """One row for each need that anything speaks for, for leaving, and for each stage of life that one may be in.

    What has no row has no chance. Cases are told where they are drawn (`laundering`).
    """
    person, need, chance = who.need_person, who.need, who.need_chance
    # Of several spells of one need the last one counts.
    last = np.ones(len(person), dtype=bool)
    last[:-1] = (person[1:] != person[:-1]) | (need[1:] != need[:-1])
    leaves = np.where(is_ended(who), 0.0, _leaves(world, who))
    leaving = np.flatnonzero(leaves >= 0.1)
    staged, stage, staged_chance = (
        _stage_chances(world, who) if isinstance(who, People) and len(who.number) else (leaving[:0], need[:0], chance[:0])
    )
    owner = np.concatenate([person[last], leaving, staged])
    target = np.concatenate(
        [
            np.array([f"need:{name}" for name in need[last]], dtype=object),
            np.full(len(leaving), "churn", dtype=object),
            np.array([f"stage:{name}" for name in stage], dtype=object),
        ]
    )
    percent = np.concatenate([chance[last], leaves[leaving], staged_chance])
    order = np.lexsort((target.astype(str), owner))
    folder.add(
        "ceilings",
        pa.table({"customer_id": who.ids.take(pa.array(owner[order])), "target": texts(target[order]), "percent": rates(percent[order])}),
        truth=True,
    )


def _stage_chances(world: World, people: People) -> Any:
    return chances_of_stages(world, people, draw(world, int(people.number[0]), "staged"))


def _leaves(world: World, who: Any) -> Any:
    persons = isinstance(who, People)
    rate = who.app_rate.astype(float) if persons else np.full(len(who.number), COMPANY_APP_RATE)
    dice = draw(world, int(who.number[0]), "foreseen persons" if persons else "foreseen companies") if len(who.number) else None
    if dice is None:
        return np.zeros(0)
    return chances_of_leaving(world, who, dice, by_hand=who.rate * (7 / 30.44), visits=weekly_visits(rate))
