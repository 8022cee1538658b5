"""What a scorer could say of stages of life who knows how this bank is made, but of each person sees only what was seen.

Age and work say most. Between those who are single, newly married, have children or have them no more, what the files show of a family is
drawn anew with their own noise: what was noted, who is in the bank beside them, and what is bought for children and weddings. The scorer
is as good as one of the files, and knows nothing of the draw itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sandbox.bank.people import GROWN_SHARES, MIDLIFE, SILVER, YOUNG_COUPLES, early_midlife, late_parents
from sandbox.bank.population import Flags, Floats, People, Places, Words
from sandbox.bank.world import World

_OPEN = ("parenting", "newlywed", "single", "midlife")
_STEP = 0.5
_AGES = np.arange(_STEP / 2, 26.0, _STEP)  # years of the oldest child
_HALF = _STEP / 2 + 1e-6
_NEVER = 1e-9
_NEW = 900  # days for which a couple is newly married
_NOTED_STATUS, _NOTED_CHILD, _NOTED_SIZE = 0.85, 0.4, 0.45
_MARRIED = (0.93, 1.0, 0.0, 0.82)
_WITH_CHILD = (1.0, 0.0, 0.0, 0.8)
_HERE = 0.4  # of the married, the other half is a customer too
_SMALL = 0.73  # of what is done by hand
_GIFT, _BABY, _LESSONS, _TUTORED = 0.0025, 0.11, 0.004, 0.04  # of what is small
_TUITION = 0.6
_WEDDING_SEEN, _BEFORE_WEDDING = 0.75, 60  # where the days before it are in the files


@dataclass(frozen=True, slots=True)
class _Bought:
    """What was bought for children: [people] or [people, terms]."""

    pace: Floats
    baby: Places
    lessons: Places
    tuition: Flags


def chances_of_stages(world: World, people: People, dice: Generator) -> tuple[Places, Words, Floats]:
    """Whose stage is which with how many percent: place, stage, percent. What is left out has no chance."""
    age, work = people.age, people.work.astype(str)
    student, silver = work == "student", age >= SILVER
    drawn = [
        (stage, np.flatnonzero(those), np.full(int(those.sum()), 100.0))
        for stage, those in (("student", student), ("silver", silver & ~student), ("single", (age < 24) & ~student))
    ]
    who = np.flatnonzero((age >= 24) & ~silver & ~student)
    logs = np.log(np.maximum(_beforehand(age[who]), 1e-30)) + _seen(world, people, who, dice)
    odds = np.exp(logs - logs.max(axis=1, keepdims=True))
    percent = 100 * odds / odds.sum(axis=1, keepdims=True)
    drawn += [(stage, who, percent[:, at]) for at, stage in enumerate(_OPEN)]
    drawn = [(stage, place[share >= 0.05], share[share >= 0.05]) for stage, place, share in drawn]
    names = [np.full(len(place), stage, dtype=object) for stage, place, _ in drawn]
    return np.concatenate([place for _, place, _ in drawn]), np.concatenate(names), np.concatenate([share for *_, share in drawn])


def _beforehand(age: Places) -> Floats:
    """The share of each open stage at each age: [people, 4]."""
    parents, newlywed, single = GROWN_SHARES
    early, late = early_midlife(age), late_parents(age)
    none = np.zeros(len(age))
    young = np.stack([none, none + YOUNG_COUPLES, none + 1 - YOUNG_COUPLES, none], axis=1)
    grown = np.stack([parents * (1 - early), none + newlywed, none + single, parents * early], axis=1)
    older = np.stack([late, none, none, 1 - late], axis=1)
    return np.where((age < 27)[:, None], young, np.where((age < MIDLIFE)[:, None], grown, older))


def _seen(world: World, people: People, who: Places, dice: Generator) -> Floats:
    """The logarithm of how likely what is seen of each is in each open stage: [people, 4]."""
    age, born = people.age[who].astype(float), people.child_born[who]
    has_child, here = born >= 0, people.partner[who] >= 0
    years = np.where(has_child, (world.last_day - born) / 365, -99.0)
    since = np.where(here, (world.last_day - people.stage_since[who]) / 365, -99.0)
    childless, fits = _purchases(world, people, who, years, dice)
    noted = dice.random(len(who)) < _NOTED_CHILD
    near = np.abs(_AGES[None, :] - np.floor(years)[:, None] - 0.5) <= 0.5 + _HALF
    fits += np.log(np.where((noted & has_child)[:, None], np.where(near, _NOTED_CHILD, _NEVER), 1 - _NOTED_CHILD))
    childless = childless + np.where(noted & has_child, np.log(_NEVER), 0.0)
    young = (_AGES[None, :] < np.clip(age - 23, _STEP, 17)[:, None]).astype(float)
    teens = ((_AGES[None, :] > 14) & (_AGES[None, :] < 14 + np.clip(age - 35, 1, 12)[:, None])).astype(float)
    same = (np.abs(_AGES[None, :] - since[:, None]) <= _HALF) | ~here[:, None]  # a couple is parents since the oldest child
    of_parents = np.logaddexp.reduce(fits + np.log(np.maximum(young / young.sum(axis=1, keepdims=True) * same, _NEVER)), axis=1)
    of_midlife = np.logaddexp.reduce(fits + np.log(np.maximum(teens / teens.sum(axis=1, keepdims=True), _NEVER)), axis=1)
    share = _WITH_CHILD[3]
    of_midlife = np.logaddexp(np.log(share) + of_midlife, np.log(1 - share) + childless)
    family = np.stack([of_parents, childless, childless, of_midlife], axis=1)
    told = np.maximum(
        _together(here, since, age) * _status(people, who, dice) * _size(people, who, dice) * _wed(world, people, who, dice), _NEVER
    )
    return np.asarray(family + np.log(told))


def _purchases(world: World, people: People, who: Places, years: Floats, dice: Generator) -> tuple[Floats, Floats]:
    """The logarithm of how likely they are without a child, and with one of each age: [people], [people, ages]."""
    ago = (world.last_day - np.arange(world.first_day + 3, world.first_day + 7 * world.weeks, 7)) / 365
    starts = [(start, (world.first.month - 1 + at) % 12 + 1) for at, start in enumerate(world.month_starts[:-1].tolist())]
    terms = (world.last_day - np.array([start for start, month in starts if month in (2, 9)])) / 365
    pace = people.rate[who, None] * (7 / 30.44) * people.activity[who] * _SMALL
    baby, lessons = (dice.poisson((pace * share).sum(axis=1)) for share in _shares(years[:, None] - ago[None, :]))
    tuition = _at_school(years[:, None] - terms[None, :]) & (dice.random((len(who), len(terms))) < _TUITION)
    bought = _Bought(pace, baby, lessons, tuition)
    fits = np.stack([_fits(bought, child - ago, child - terms) for child in (-99.0, *_AGES)], axis=1)
    return fits[:, 0], fits[:, 1:]


def _fits(bought: _Bought, weekly: Floats, at_terms: Floats) -> Floats:
    means = [(bought.pace @ share) + _NEVER for share in _shares(weekly)]
    found = sum(count * np.log(mean) - mean for count, mean in zip((bought.baby, bought.lessons), means, strict=True))
    may = _at_school(at_terms)[None, :]
    paid = np.where(may, np.where(bought.tuition, _TUITION, 1 - _TUITION), np.where(bought.tuition, _NEVER, 1.0))
    return np.asarray(found + np.log(paid).sum(axis=1))


def _shares(child: Floats) -> tuple[Floats, Floats]:
    """Of what is small at each age of the child: what is for a baby, and lessons."""
    return np.where((child > -0.33) & (child < 3), _BABY, _GIFT), np.where((child > 5) & (child < 17), _TUTORED, _LESSONS)


def _at_school(child: Floats) -> Flags:
    return (child > 3) & (child < 22)


def _together(here: Flags, since: Floats, age: Floats) -> Floats:
    """The other half is a customer too, and since when they are one household. Of parents the day is that of the child."""
    step = _STEP * 365
    new = np.where((since >= 0) & (since * 365 <= _NEW), step / _NEW, 0.0)
    midlife = np.where(age >= MIDLIFE + 2, (np.abs(since - (age + 0.5 - MIDLIFE)) <= 1) * _STEP / 2, new)
    of = np.stack([np.ones(len(age)), new, np.zeros(len(age)), midlife], axis=1)
    both = _HERE * np.array(_MARRIED)
    return np.where(here[:, None], both * of, 1 - both)


def _status(people: People, who: Places, dice: Generator) -> Floats:
    noted = dice.random(len(who)) < _NOTED_STATUS
    married = np.array(_MARRIED)
    said = np.where(people.married[who][:, None], married, 1 - married)
    return np.where(noted[:, None], said, 1.0)


def _size(people: People, who: Places, dice: Generator) -> Floats:
    """Of the family, where it was noted: oneself, the other half that is in the bank, the children."""
    noted = dice.random(len(who)) < _NOTED_SIZE
    some = np.array(_WITH_CHILD)
    said = np.where((people.children[who] > 0)[:, None], some, 1 - some)
    return np.where(noted[:, None], said, 1.0)


def _wed(world: World, people: People, who: Places, dice: Generator) -> Floats:
    """Weddings are paid for in the months before: of the newly married those whose wedding is in the files are seen to."""
    wedding = (people.stage[who] == "newlywed") & (people.stage_since[who] - _BEFORE_WEDDING >= world.first_day)
    seen = wedding & (dice.random(len(who)) < _WEDDING_SEEN)
    within = min(1.0, max(0.0, (world.days - _BEFORE_WEDDING) / _NEW)) * _WEDDING_SEEN
    rarely = np.array([0.001, within, 0.02, 0.001])
    return np.where(seen[:, None], rarely, 1 - rarely)
