"""Draw the persons of a chunk, with everything that is true of them.

A chunk is always drawn whole and then cut: one more customer changes nothing of those that were there. Ages are a mixture of a
mobile-first bank (mean 34) and one with pensioners (mean 45), numbers of entries follow the quantiles measured on public data.
"""

from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank import cast
from sandbox.bank.columns import identifiers
from sandbox.bank.fates import fates
from sandbox.bank.leaving import busy, leave
from sandbox.bank.life import CAUSES, COURSES, happen
from sandbox.bank.names import person_names
from sandbox.bank.needs import arise
from sandbox.bank.population import Flags, Floats, People, Places, Words
from sandbox.bank.world import CHUNK, World, day_number, days_of, draw, in_opening_hours

_SILENT = 0.165
# Quantiles of the manual entries a month of those that have any, on a scale of logarithms between them.
_RATE_AT = (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 0.99, 1.0)
_RATES = (0.65, 1.2, 4.1, 8.6, 27.0, 63.0, 198.0, 340.0)
_WITH_APP = 0.31
_BOOK_OF_THE_FIRST = 26  # the first relationship manager's book is filled first, so that it is never small
_LEFT = 6  # place in world.rms of who has left
_TWICE = 0.004  # share of humans that are customers under two ids
_OCCUPATIONS = {
    "student": ("学生",),
    "work": ("中学教师", "护士", "软件工程师", "会计", "销售主管", "公务员", "司机", "设计师", "厨师", "物业管理", "药剂师", "电工"),
    "owner": ("个体工商户", "企业主", "餐馆老板"),
    "free": ("自由职业", "摄影师", "网店店主"),
    "retired": ("退休", "退休教师", "退休工人"),
}  # fmt: skip
_ADULT_CHILD = 18 * 365
# The stage of those from 27 to 45, and the share of those from 24 to 26 who have married.
MIDLIFE, SILVER = 46, 60
GROWN, GROWN_SHARES, YOUNG_COUPLES = ("parenting", "newlywed", "single"), (0.55, 0.15, 0.30), 0.2


def draw_people(world: World, chunk: int, count: int) -> People:
    """The first `count` persons of the chunk."""
    everybody = _draw(world, chunk)
    return _cut(everybody, count) if count < CHUNK else everybody


def _draw(world: World, chunk: int) -> People:
    chance = draw(world, chunk, "people")
    number = (chunk * CHUNK + np.arange(1, CHUNK + 1)).astype(np.int32)
    parts = {at - 1: part for at, part in cast.PERSONS.items()} if chunk == 0 else {}
    age = _ages(chance)
    male = chance.random(CHUNK) < 0.54
    born = world.last_day - np.floor((age + chance.random(CHUNK)) * 365.2425).astype(np.int64)
    work = _work(chance, age)
    stage = _stages(chance, age, work)
    _blur(draw(world, chunk, "stages"), age, stage)
    opened_at = in_opening_hours(chance, _opened(chance, world, age))
    wealth = _wealth(chance, age)
    rate = np.exp(np.interp(chance.random(CHUNK), _RATE_AT, np.log(_RATES)))
    rate[chance.random(CHUNK) < _SILENT] = 0.0
    level = _levels(chance, age)
    name = person_names(chance, male)
    occupation = _occupations(chance, work)
    rm = _rms(chance, world, number)
    branch = chance.integers(0, len(world.branches), CHUNK)
    for at, part in parts.items():
        if part.name:
            name[at] = part.name
            rm[at] = part.rm
        male[at] = male[at] if part.male is None else part.male
        if part.age is not None:
            age[at], born[at] = part.age, day_number(cast.born(world.as_of, part.age, part.birthday))
        for array, value in ((work, part.work), (stage, part.stage), (wealth, part.wealth), (rate, part.rate), (level, part.level)):
            array[at] = array[at] if value is None else value
        if part.work is not None:
            occupation[at] = part.occupation or _OCCUPATIONS[part.work][0]
        if part.opened is not None:
            opened_at[at] = world.ago(*part.opened)
    if chunk == 0:
        known = [part.name for part in list(cast.PERSONS.values())[: cast.NAMED]]
        alike = np.isin(name.astype(str), known) & (rm == 0) & (number > cast.NAMED)
        rm[alike] = 1
    opened = days_of(opened_at)
    settled = number <= (max(cast.PERSONS) if chunk == 0 else 0)
    since, child_born, children = _families(chance, world, age, born, stage)
    married = _married(chance, stage)
    partner = _couples(chance, age, male, married & ~settled)
    hers = partner >= 0
    hers &= male == False  # noqa: E712  numpy compares place by place
    his = partner[hers]
    together = np.isin(stage[hers].astype(str), ["newlywed", "parenting"]) & np.isin(stage[his].astype(str), ["newlywed", "parenting"])
    hers_at, his_at = np.flatnonzero(hers)[together], his[together]
    for array in (stage, since, child_born, children):
        array[hers_at] = array[his_at]
    events = happen(
        world,
        draw(world, chunk, "life"),
        age=age,
        stage=stage,
        stage_since=since,
        work=work,
        child_born=child_born,
        children=children,
    )
    kinds = {name: np.asarray(stage == name) for name in ("student", "single", "newlywed", "parenting", "midlife", "silver")}
    kinds |= {"rich": wealth > 500_000, "owner": np.asarray(work == "owner")}
    needs = arise(world, draw(world, chunk, "needs"), events, CAUSES, COURSES, kinds, opened.astype(np.int32))
    house = np.full(CHUNK, -1)
    bought = (events.event == "house_purchase") & (events.on <= world.last_day)
    house[events.person[bought]] = events.on[bought]
    going = draw(world, chunk, "leaving")
    loyal = settled & (number <= cast.NAMED)
    leaving = leave(world, going, opened.astype(np.int32), house, loyal)
    app_rate, response = _by_app(draw(world, chunk, "reach"), age)
    return People(
        number=number,
        ids=identifiers("C", (number, 6)),
        name=name,
        male=male,
        born=born.astype(np.int32),
        age=age.astype(np.int32),
        stage=stage,
        stage_since=since.astype(np.int32),
        opened_at=opened_at,
        work=work,
        occupation=occupation,
        married=married,
        income=_incomes(draw(world, chunk, "income"), work),
        wealth=wealth,
        rate=rate,
        app_rate=app_rate,
        level=level.astype(np.int8),
        rm=rm.astype(np.int32),
        branch=branch.astype(np.int32),
        main_account=identifiers("A", (number, 6), (np.ones(CHUNK), 2)),
        activity=busy(world, going, opened.astype(np.int32), leaving),
        response=response,
        **fates(world, leaving, needs, events),
        partner=partner.astype(np.int32),
        children=children.astype(np.int32),
        child_born=np.where(child_born > world.last_day, -1, child_born).astype(np.int32),
        same_as=_twice(draw(world, chunk, "twice"), settled),
        died=np.full(CHUNK, -1, dtype=np.int32),  # see `endings`
        widowed=np.full(CHUNK, -1, dtype=np.int32),
    )


def _cut(people: People, count: int) -> People:
    """Only the first persons; who is paired with somebody beyond them is alone."""
    changes: dict[str, Any] = {}
    for field in fields(people):
        values = getattr(people, field.name)
        if field.name.startswith("need") or field.name.startswith("event"):
            owner = people.need_person if field.name.startswith("need") else people.event_person
            changes[field.name] = values[owner < count]
        else:
            changes[field.name] = values[:count]
    for name in ("partner", "same_as"):
        changes[name] = np.where(changes[name] >= count, -1, changes[name]).astype(np.int32)
    return replace(people, **changes)


def _ages(chance: Generator) -> NDArray[np.int64]:
    young = 19 + chance.gamma(2.6, 5.8, CHUNK)
    old = chance.normal(44.8, 17.0, CHUNK)
    return np.clip(np.where(chance.random(CHUNK) < 0.7, young, old), 18, 88).astype(np.int64)


def _work(chance: Generator, age: NDArray[np.int64]) -> Words:
    work = chance.choice(np.array(["work", "owner", "free"], dtype=object), CHUNK, p=[0.74, 0.12, 0.14])
    work = np.where((age < 23) & (chance.random(CHUNK) < 0.6), "student", work)
    return np.where(age >= 60, "retired", work).astype(object)


def _stages(chance: Generator, age: NDArray[np.int64], work: Words) -> Words:
    grown = chance.choice(np.array(GROWN, dtype=object), CHUNK, p=GROWN_SHARES)
    young = np.where((age >= 24) & (chance.random(CHUNK) < YOUNG_COUPLES), "newlywed", "single")
    stage = np.where(age >= SILVER, "silver", np.where(age >= MIDLIFE, "midlife", np.where(age >= 27, grown, young)))
    return np.where(work == "student", "student", stage).astype(object)


def _blur(chance: Generator, age: NDArray[np.int64], stage: Words) -> None:
    """No birthday ends the years with children: some have them late, of others they are grown early."""
    late = (stage == "midlife") & (chance.random(CHUNK) < late_parents(age))
    early = (stage == "parenting") & (chance.random(CHUNK) < early_midlife(age))
    stage[late], stage[early] = "parenting", "midlife"


def late_parents(age: NDArray[Any]) -> Floats:
    """The share of those of an age beyond the years with children who are in them."""
    return np.asarray(np.where(age >= MIDLIFE, np.clip(0.5 * (54 - age) / 8, 0, 1), 0.0))


def early_midlife(age: NDArray[Any]) -> Floats:
    """The share of parents of an age whose children are grown."""
    return np.asarray(np.where(age < MIDLIFE, np.clip(0.35 * (age - 38) / 7, 0, 1), 0.0))


def _opened(chance: Generator, world: World, age: NDArray[np.int64]) -> NDArray[np.int64]:
    share = chance.random(CHUNK)
    within = chance.random(CHUNK)
    longest = np.maximum(365 * np.minimum(15, age - 16), 366)
    ago = np.select(
        [share < 0.03, share < 0.10, share < 0.25],
        [within * 3, 3 + within * 87, 90 + within * 275],
        365 + within * (longest - 365),
    )
    return np.asarray(world.last_day - np.floor(ago).astype(np.int64))


def _wealth(chance: Generator, age: NDArray[np.int64]) -> Floats:
    typical = 18_000 * (1 + np.maximum(0, np.minimum(age, 60) - 25) / 12)
    few = np.where(chance.random(CHUNK) < 0.02, 60 * chance.pareto(1.6, CHUNK) + 50, 1.0)  # a few hold most of it
    return np.asarray(np.minimum(typical * chance.lognormal(0.0, 1.2, CHUNK) * few, 3e8))


def _levels(chance: Generator, age: NDArray[np.int64]) -> NDArray[np.int64]:
    dice = chance.random(CHUNK)
    young = np.searchsorted(np.cumsum([0.1, 0.25, 0.35, 0.2]), dice)
    old = np.searchsorted(np.cumsum([0.35, 0.35, 0.2, 0.07]), dice)
    return np.asarray(np.where(age >= 60, old, young) + 1)


def _occupations(chance: Generator, work: Words) -> Words:
    dice = chance.random(CHUNK)
    occupation = np.full(CHUNK, "", dtype=object)
    for kind, names in _OCCUPATIONS.items():
        here = np.flatnonzero(work == kind)
        occupation[here] = np.array(names, dtype=object)[(dice[here] * len(names)).astype(np.int64)]
    return occupation


def _incomes(chance: Generator, work: Words) -> Floats:
    spread = chance.normal(0.0, 1.0, CHUNK)
    made = {"work": 8.95 + 0.45 * spread, "owner": 9.5 + 0.8 * spread, "free": 8.7 + 0.6 * spread, "student": 7.2 + 0.3 * spread}
    income = np.maximum(5_500 + 900 * spread, 2_000)  # a pension
    for kind, logs in made.items():
        income = np.where(work == kind, np.exp(logs), income)
    return np.round(income / 10) * 10


def _rms(chance: Generator, world: World, number: Places) -> NDArray[np.int64]:
    working = np.array([place for place in range(len(world.rms)) if place != _LEFT])
    rm = working[number % len(working)]
    rm = np.where(chance.random(CHUNK) < 0.012, _LEFT, rm)
    return np.asarray(np.where(number <= _BOOK_OF_THE_FIRST, 0, rm))


def _families(
    chance: Generator, world: World, age: NDArray[np.int64], born: NDArray[np.int64], stage: Words
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Since when the stage lasts, when the oldest child was born, how many children there are."""
    dice = chance.random(CHUNK)
    last = world.last_day
    grown_up = born + 22 * 365
    parent, midlife, silver = stage == "parenting", stage == "midlife", stage == "silver"
    oldest = last - np.floor(dice * np.minimum((age - 23) * 365, 17 * 365)).astype(np.int64) - 1
    teen = last - (14 * 365 + np.floor(dice * np.minimum(12, age - 35) * 365)).astype(np.int64)
    has_child = parent | ((midlife | silver) & (chance.random(CHUNK) < 0.8))
    child_born = np.where(parent, oldest, np.where(midlife, teen, last - (25 * 365 + np.floor(dice * 15 * 365)).astype(np.int64)))
    child_born = np.where(has_child, child_born, -1)
    children = np.where(has_child, 1 + (chance.random(CHUNK) < 0.3), 0)
    grown = np.minimum(born + np.floor(MIDLIFE * 365.2425).astype(np.int64), last - np.floor(dice * 900).astype(np.int64))
    since = np.select(
        [stage == "newlywed", parent, midlife, silver, stage == "student"],
        [last - np.floor(dice * 900).astype(np.int64), oldest, grown,
         born + np.floor(SILVER * 365.2425).astype(np.int64), born + 18 * 365],
        grown_up,
    )  # fmt: skip
    return np.minimum(since, last), child_born, children


def _married(chance: Generator, stage: Words) -> Flags:
    older = np.isin(stage.astype(str), ["midlife", "silver"]) & (chance.random(CHUNK) < 0.82)
    return np.asarray((stage == "newlywed") | ((stage == "parenting") & (chance.random(CHUNK) < 0.93)) | older)


def _couples(chance: Generator, age: NDArray[np.int64], male: Flags, married: Flags) -> NDArray[np.int64]:
    """About every fifth customer shares the bank with the other half."""
    apart = age + chance.normal(0, 1.5, CHUNK)
    ready = married & (chance.random(CHUNK) < 0.45)
    men, women = (np.flatnonzero(ready & (male == is_male)) for is_male in (True, False))
    pairs = min(len(men), len(women))
    men, women = (np.sort(chance.permutation(some)[:pairs]) for some in (men, women))
    men, women = (some[np.argsort(apart[some], kind="stable")] for some in (men, women))
    close = np.abs(age[men] - age[women]) <= 10
    partner = np.full(CHUNK, -1)
    partner[men[close]], partner[women[close]] = women[close], men[close]
    return partner


def _by_app(chance: Generator, age: NDArray[np.int64]) -> tuple[Floats, NDArray[np.float32]]:
    """Page views a month of those who use the app, and how probably each channel gets an answer."""
    uses = chance.random(CHUNK) < _WITH_APP * np.clip(1.25 - (age - 25) / 80, 0.3, 1.25) / 1.12
    views = np.where(uses, chance.lognormal(np.log(43), 1.12, CHUNK), 0.0)
    old = np.clip((age - 25) / 50, 0, 1)
    mean = np.stack(
        [0.34 - 0.12 * old, 0.012 - 0.004 * old, 0.22 + 0.2 * old, 0.03 - 0.015 * old, 0.14 - 0.08 * old, 0.35 + 0.25 * old], axis=1
    )
    steadiness = 6.0
    response = chance.beta(mean * steadiness, (1 - mean) * steadiness)
    response[:, 4] = np.where(uses, response[:, 4], 0.0)
    return views, response.astype(np.float32)


def _twice(chance: Generator, settled: Flags) -> Places:
    """Some humans came a second time and got a second id: the later place points to the earlier one."""
    same = np.full(CHUNK, -1, dtype=np.int32)
    free = np.flatnonzero(~settled)
    chosen = np.sort(chance.permutation(free)[: 2 * max(1, int(_TWICE * CHUNK))])
    half = len(chosen) // 2
    same[chosen[half:]] = chosen[:half]
    return same
