"""What a scorer could say of leaving who knows how this bank is made, but of each customer sees only what was seen: counts week by week.

Counts are drawn anew, with the same noise as entries and visits: the scorer is as good as one of the files, and knows nothing of the draw
itself. Each course that a customer's weeks may take (stays, fades, stops, only pauses) has its share beforehand; the counts say how likely
it is now.
"""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank.leaving import A_YEAR, ALARMS_A_YEAR, SUDDEN_SHARE, season
from sandbox.bank.population import FALSE_ALARM, NO_CHURN, Floats
from sandbox.bank.world import World, days_of

_WEEKS = 32  # what lies further back is over
_LEVELS = np.linspace(0.0, 1.0, 11)
_LEAST = 0.01  # of what is usual still comes of who has left
_BY_HAND = 3.0  # weeks differ as a gamma of this shape
_VISITS = 60.0
_FADES = (4, 6, 9, 13)  # weeks
_PAUSES = (4, 6, 8)
_DEPTHS = (0.1, 0.2, 0.35)
_FIRST_TAKEN = 0.35  # of the way, see `errands`
_COMPLAINT = 20.0  # times as likely as of who stays, in the months around
_FAILURES = 0.9  # of those who leave because of the app, once it has begun, have been seen to fail


def chances_of_leaving(world: World, who: Any, dice: Generator, *, by_hand: Floats, visits: Floats) -> Floats:
    """Percent of each customer that they are leaving or have left. `by_hand` and `visits` are the usual ones a week."""
    weeks = min(_WEEKS, world.weeks)
    middle = (world.first_day + 7 * np.arange(world.weeks) + 3)[-weeks:]
    usual = season(world, middle)[None, :] * (middle + 3 >= days_of(who.opened_at)[:, None])
    busy = who.activity[:, -weeks:]
    evidence = np.zeros((len(who.number), weeks, len(_LEVELS)))
    for rate, shape in ((by_hand, _BY_HAND), (visits, _VISITS)):
        drawn = dice.poisson(rate[:, None] * busy * dice.gamma(shape, 1 / shape, busy.shape))
        evidence += _likelihoods(drawn, rate[:, None] * usual, shape)
    courses, shares, leaves = _courses(weeks)
    fits = evidence.reshape(len(who.number), -1) @ courses.reshape(len(courses), -1).T + np.log(shares)
    odds = np.exp(fits - fits.max(axis=1, keepdims=True))
    percent = 100 * (odds @ leaves) / odds.sum(axis=1)
    return _with_signs(world, who, dice, percent, uses_app=visits > 0)


def _with_signs(world: World, who: Any, dice: Generator, percent: Floats, *, uses_app: NDArray[np.bool_]) -> Floats:
    """What others hardly ever do: money sent to an account of one's own elsewhere, doors that stay closed; and a complaint says much."""
    leaves = (who.churn_shape != NO_CHURN) & (who.churn_shape != FALSE_ALARM) & (who.churn_since <= world.last_day)
    passed = (world.last_day - who.churn_since) / np.maximum(who.churn_gone - who.churn_since, 1)
    takes = leaves & (passed >= _FIRST_TAKEN)
    shut_out = leaves & (who.churn_cause == "app_failure") & uses_app & (dice.random(len(percent)) < _FAILURES)
    odds = percent / np.maximum(100 - percent, 1e-6)
    complained = leaves & (who.churn_cause == "complaint")
    percent = np.where(complained, 100 * (odds * _COMPLAINT) / (1 + odds * _COMPLAINT), percent)
    return np.asarray(np.where(takes | shut_out, np.maximum(percent, 97.0), percent))


def _likelihoods(drawn: NDArray[np.int64], usual: Floats, shape: float) -> Floats:
    """Of each count at each level of activity, up to what is alike at all of them: a negative binomial."""
    mean = np.maximum(usual[:, :, None] * np.maximum(_LEVELS, _LEAST), 1e-9)
    return np.asarray(drawn[:, :, None] * np.log(mean / (mean + shape)) - shape * np.log1p(mean / shape))


def _courses(weeks: int) -> tuple[Floats, Floats, Floats]:
    """The courses as one of the levels in each week, the share of each beforehand, and whether it is leaving."""
    week = np.arange(weeks)
    fades = [
        (A_YEAR * (1 - SUDDEN_SHARE) / len(_FADES), 1.0, np.where(week < begin, 1.0, np.clip(1 - (week - begin + 0.5) / lasts, 0, 1)))
        for begin in range(weeks)
        for lasts in _FADES
    ]
    stops = [(A_YEAR * SUDDEN_SHARE, 1.0, np.where(week < begin, 1.0, 0.0)) for begin in range(weeks)]
    pauses = [
        (ALARMS_A_YEAR / len(_PAUSES) / len(_DEPTHS), 0.0, np.where((week >= begin) & (week < begin + lasts), depth, 1.0))
        for begin in range(-max(_PAUSES), weeks)
        for lasts in _PAUSES
        for depth in _DEPTHS
    ]
    drawn = [*fades, *stops, *pauses]
    shares = np.array([share / 52 for share, *_ in drawn])
    stays = max(1 - shares.sum(), 0.5)
    levels = np.rint(np.array([np.ones(weeks), *(level for *_, level in drawn)]) * (len(_LEVELS) - 1)).astype(int)
    return np.eye(len(_LEVELS))[levels], np.array([stays, *shares]), np.array([0.0, *(leaves for _, leaves, _ in drawn)])
