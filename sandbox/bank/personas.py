"""The stories of the cast: what happened to them and what they need, so that every feed tells the same. docs/personas.md tells it in words.

Days are counted back from the last day of the files. Whoever is not named here is left to chance.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from sandbox.bank.arrays import flags, of
from sandbox.bank.columns import cents, days, identifiers, rates, words
from sandbox.bank.population import GRADUAL, NO_CHURN, Companies, People
from sandbox.bank.world import World, days_of
from sandbox.bank.writing import Folder

_OPEN_CHANCE = 90.0  # percent, of a scorer that knows the model


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """`needs` are (need, felt since, over since or -1), `events` are (event, on)."""

    needs: tuple[tuple[str, int, int], ...] = ()
    events: tuple[tuple[str, int], ...] = ()
    app_rate: float = 0.0
    stage_since: int = -1
    child_born: int = -1
    partner: int = -1
    leaves: tuple[str, int, int] | None = None  # cause, since, gone; below zero is still to come
    quiet: bool = False


_PERSONS: dict[int, Story] = {
    1: Story(needs=(("business_loan", 50, -1), ("wealth_management", 30, -1)), app_rate=70.0),
    2: Story(
        needs=(("wedding", 220, 80), ("insurance_protection", 20, -1)), events=(("wedding", 75),), app_rate=60.0, stage_since=75, partner=14
    ),
    3: Story(needs=(("pension_saving", 140, -1),), app_rate=35.0),
    4: Story(needs=(("payroll_change", 50, 20), ("fund_plan", 15, -1)), events=(("job_change", 45),), app_rate=120.0),
    5: Story(needs=(("term_deposit", 40, -1), ("health_service", 150, -1))),
    6: Story(
        needs=(("maternity_card", 260, 90), ("education_saving", 60, -1)),
        events=(("birth", 130),),
        app_rate=80.0,
        stage_since=130,
        child_born=130,
    ),
    14: Story(needs=(("renovation", 30, -1),), events=(("wedding", 75),), app_rate=55.0, stage_since=75, partner=2),
    15: Story(needs=(("inheritance", 100, -1),), quiet=True),
    16: Story(app_rate=65.0, leaves=("app_failure", 60, -5)),
    17: Story(needs=(("study_abroad", 200, -1), ("personal_fx", 90, -1)), app_rate=40.0, child_born=6_440),
}

_COMPANIES: dict[int, Story] = {
    1: Story(needs=(("trade_settlement", 200, -1), ("fx_hedging", 70, -1)), events=(("order_boom", 60),)),
    2: Story(needs=(("supply_chain", 150, -1), ("dealer_finance", 90, -1)), events=(("expansion", 120),)),
    3: Story(needs=(("trade_settlement", 120, -1),), events=(("new_market", 125),)),
    4: Story(needs=(("ip_pledge", 40, -1), ("working_capital", 25, -1)), events=(("patent", 60), ("order_boom", 35))),
}
TOLD = (*_PERSONS, *(900_000 + number for number in _COMPANIES))  # numbers of everybody with a story
_LICENSED = {1: True, 2: False, 3: False, 4: False}
_PATENTS = 6  # of the fourth company
# Large deposits: yuan, opened so many days ago, mature in so many.
_RICH, _FIRST_DEPOSIT = 15, 95
_DEPOSITS = ((1_500_000, 1_056, 40), (1_200_000, 700, 396))
_SUPPLIERS = 5  # of the second company at least, where the bank has as many


def large_deposits(people: People, companies: Companies, world: World, folder: Folder) -> None:  # noqa: ARG001  all feeds are called alike
    """Write the deposits of the quiet customer with much money: chance would leave it to a day whether he has any."""
    if _RICH not in people.number:
        return
    rows = len(_DEPOSITS)
    yuan, since, matures = (np.array(values) for values in zip(*_DEPOSITS, strict=True))
    account = identifiers("A", (np.full(rows, _RICH), 6), (_FIRST_DEPOSIT + np.arange(rows), 2))
    none = np.zeros(rows, dtype=np.int64)
    opened = world.last_day - since
    folder.add(
        "accounts",
        pa.table(
            {
                "account_id": account,
                "customer_id": of(people.ids, np.full(rows, int(np.flatnonzero(people.number == _RICH)[0]))),
                "kind": words(none, ("deposit",)),
                "product_code": words(none, ("P-102",)),
                "currency": words(none, ("CNY",)),
                "opened_on": days(opened),
                "rate": rates(np.full(rows, 1.45)),
                "renews": flags(none),
                "matures_on": days(world.last_day + matures),
            }
        ),
    )
    on = np.maximum(opened, world.first_day - 1)
    folder.add("balances", pa.table({"account_id": account, "on": days(on), "balance": cents(yuan * 100)}))


def as_told(people: People, world: World) -> People:
    """The people of a chunk, the cast among them with its stories."""
    cast = {place: _PERSONS[number] for place, number in enumerate(people.number.tolist()) if number in _PERSONS}
    if not cast:
        return people
    changes = _common(people, cast, world)
    columns = ("app_rate", "stage_since", "child_born", "children", "partner", "married", "response", "same_as")
    changes |= {name: getattr(people, name).copy() for name in columns}
    for place, story in cast.items():
        changes["app_rate"][place] = story.app_rate
        changes["response"][place, 4] = 0.2 if story.app_rate else 0.0
        changes["same_as"][place] = -1
        if story.stage_since >= 0:
            changes["stage_since"][place] = world.last_day - story.stage_since
        if story.child_born >= 0:
            changes["child_born"][place], changes["children"][place] = world.last_day - story.child_born, 1
        if 0 < story.partner <= len(people.number):
            changes["partner"][place], changes["married"][place] = story.partner - 1, True
    return replace(people, **changes)


def as_told_of_companies(companies: Companies, world: World) -> Companies:
    """The companies of a chunk likewise."""
    cast = {place: _COMPANIES[number - 900_000] for place, number in enumerate(companies.number.tolist()) if number - 900_000 in _COMPANIES}
    if not cast:
        return companies
    changes = _common(companies, cast, world)
    licence, patents, high_tech = companies.trade_licence.copy(), companies.patents.copy(), companies.high_tech.copy()
    for place in cast:
        number = place + 1
        licence[place] = _LICENSED[number]
        patents[place], high_tech[place] = (_PATENTS, True) if number == 4 else (0, False)
    changes |= {"trade_licence": licence, "patents": patents, "high_tech": high_tech}
    return _supplied(replace(companies, **changes))


def _common(who: People | Companies, cast: dict[int, Story], world: World) -> dict[str, Any]:
    """Needs, events, leaving and activity as told."""
    places = np.array(sorted(cast))
    last = world.last_day
    needs = [(place, need, since, until) for place, story in cast.items() for need, since, until in story.needs]
    events = [(place, event, on) for place, story in cast.items() for event, on in story.events]
    kept, before = ~np.isin(who.need_person, places), ~np.isin(who.event_person, places)
    until = np.array([last - over if over >= 0 else -1 for *_, over in needs], dtype=np.int32)
    told: dict[str, Any] = {
        "need_person": np.array([need[0] for need in needs], dtype=np.int32),
        "need": np.array([need[1] for need in needs], dtype=object),
        "need_since": np.array([last - need[2] for need in needs], dtype=np.int32),
        "need_until": until,
        "need_met": until >= 0,
        "need_chance": np.where(until < 0, _OPEN_CHANCE, 0.0),
    }
    changes = {name: np.concatenate([getattr(who, name)[kept], array]) for name, array in told.items()}
    order = np.lexsort((changes["need_since"], changes["need"].astype(str), changes["need_person"]))
    changes = {name: array[order] for name, array in changes.items()}
    person = np.concatenate([who.event_person[before], np.array([event[0] for event in events], dtype=np.int32)])
    event = np.concatenate([who.event[before], np.array([event[1] for event in events], dtype=object)])
    on = np.concatenate([who.event_on[before], np.array([last - event[2] for event in events], dtype=np.int32)])
    order = np.lexsort((event.astype(str), on, person))
    changes |= {"event_person": person[order], "event": event[order], "event_on": on[order]}
    names = ("churn_shape", "churn_cause", "churn_since", "churn_gone", "activity")
    leaving = {name: getattr(who, name).copy() for name in names}
    middle = world.first_day + 7 * np.arange(world.weeks) + 3
    opened = days_of(who.opened_at)
    for place, story in cast.items():
        steady = who.activity[places[0]] * (middle + 3 >= opened[place])  # the first of the cast is always there
        leaving["churn_shape"][place], leaving["churn_cause"][place] = NO_CHURN, ""
        leaving["churn_since"][place] = leaving["churn_gone"][place] = -1
        if story.leaves:
            cause, since, gone = story.leaves
            leaving["churn_shape"][place], leaving["churn_cause"][place] = GRADUAL, cause
            leaving["churn_since"][place], leaving["churn_gone"][place] = last - since, last - gone
            steady = steady * np.clip((last - gone - middle) / (since - gone), 0, 1)
        leaving["activity"][place] = steady * (0.1 if story.quiet else 1.0)
    return changes | leaving


def _supplied(companies: Companies) -> Companies:
    """A small bank, too, holds suppliers of the core manufacturer."""
    core = 1
    count = len(companies.number)
    if count <= core:
        return companies
    known = set(companies.link_supplier[companies.link_buyer == core].tolist())
    dealers = set(companies.link_buyer[companies.link_supplier == core].tolist())
    free = [place for place in range(len(_COMPANIES), count) if place not in known | dealers]
    more = free[: max(0, _SUPPLIERS - len(known))]
    if not more:
        return companies
    volume = np.array([companies.revenue[place] / 12 * 0.3 for place in more])
    added = {
        "link_supplier": np.array(more, dtype=np.int32),
        "link_buyer": np.full(len(more), core, dtype=np.int32),
        "link_volume": volume,
        "link_day": np.array([5 + place % 20 for place in more], dtype=np.int32),
        "link_regularity": np.full(len(more), 0.9),
    }
    joined = {name: np.concatenate([getattr(companies, name), array]) for name, array in added.items()}
    order = np.lexsort((joined["link_buyer"], joined["link_supplier"]))
    return replace(companies, **{name: array[order] for name, array in joined.items()})
