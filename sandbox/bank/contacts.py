"""Contacts by people and by machines, and what came of them: drawn from how readily each customer answers by each channel.

Campaigns hold a tenth of their customers out, numbers are wrong for some, and whoever is about to leave calls more often before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from sandbox.bank.allowed import Allowed, allowed
from sandbox.bank.arrays import HOUR, Numbers, at, day_of, each, in_hours, integers, keys, of, pick
from sandbox.bank.columns import instants, words
from sandbox.bank.crowd import Crowd, crowds, seen
from sandbox.bank.population import CHANNELS, Companies, People
from sandbox.bank.world import World, draw
from sandbox.bank.writing import Folder

_ALL_CHANNELS = (*CHANNELS, "visit", "letter", "salon")
_WECOM, _SMS, _PHONE, _EMAIL, _APP, _BRANCH, _VISIT, _LETTER, _SALON = range(9)
_PURPOSES = ("care", "service", "marketing", "compliance", "collection")
_OUTCOMES = ("held_out", "invalid", "failed", "sent", "delivered", "read", "clicked", "answered", "replied", "met", "refused", "bought")
_HELD_OUT, _INVALID, _FAILED, _SENT, _DELIVERED, _READ, _CLICKED, _ANSWERED, _REPLIED, _MET, _REFUSED, _BOUGHT = range(12)

# What a campaign is about: name, channel, product, for persons, for companies.
_CAMPAIGNS = (
    ("理财开放日", _SMS, "P-104", True, True),
    ("节气问候", _WECOM, "", True, True),
    ("定投计划", _APP, "P-112", True, False),
    ("养老规划", _WECOM, "P-111", True, False),
    ("信用卡权益", _SMS, "P-201", True, False),
    ("存款到期提醒", _WECOM, "P-101", True, True),
    ("积存金", _APP, "P-110", True, False),
    ("房贷提前还款说明", _SMS, "P-301", True, False),
    ("月度对账单", _EMAIL, "", True, True),
    ("小微经营贷", _SMS, "P-302", False, True),
)
_PRODUCTS = tuple(sorted({product for _, _, product, _, _ in _CAMPAIGNS if product}))
_TAKES_PART = 0.32  # of the customers that a campaign is meant for
_SLIPS = 0.04  # of the talk of people about products, with somebody who did not want it


@dataclass(frozen=True, slots=True)
class _Contacts:
    """Contacts in parallel arrays; `campaign` and `product` are places in lists, -1 for none."""

    owner: Numbers
    moment: Numbers
    channel: Numbers
    purpose: Numbers
    by_staff: Numbers
    inward: Numbers
    campaign: Numbers
    product: Numbers
    outcome: Numbers


def contacts(people: People, companies: Companies, world: World, folder: Folder) -> None:
    """Write the contacts of everybody."""
    for crowd in crowds(people, companies):
        dice = draw(world, crowd.chunk, "contacts")
        names = _campaign_names(world)
        marketing = allowed(world, companies if crowd.company else people, "marketing")
        wrong = dice.random(len(crowd)) < 0.025  # no number that works
        blocks = (
            _by_machine(crowd, world, dice, wrong, marketing),
            _by_staff(crowd, world, dice, wrong, marketing),
            _inward(crowd, world, dice),
            _salons(crowd, world, dice, len(names)),
        )
        _write(crowd, world, dice, blocks, (*names, *_salon_names(world)), folder)


def _campaign_names(world: World) -> tuple[str, ...]:
    """Two campaigns a month, in turn."""
    months = world.month_starts[:-1]
    names = []
    for place in range(2 * len(months)):
        month = str(np.datetime64(int(months[place // 2]), "D"))[:7]
        names.append(f"{month}-{_CAMPAIGNS[place % len(_CAMPAIGNS)][0]}")
    return tuple(names)


def _salon_names(world: World) -> tuple[str, ...]:
    topics = ("财富沙龙", "养老讲座", "亲子财商", "企业税务沙龙")
    return tuple(
        f"{str(np.datetime64(int(day), 'D'))[:7]}-{topics[place % len(topics)]}" for place, day in enumerate(world.month_starts[:-1][1::3])
    )


def _by_machine(crowd: Crowd, world: World, dice: Generator, wrong: Numbers, marketing: Allowed) -> _Contacts:
    months = world.month_starts[:-1]
    takes = dice.random((2 * len(months), len(crowd))) < _TAKES_PART
    meant = np.array([firms if crowd.company else persons for *_, persons, firms in _CAMPAIGNS])
    takes &= meant[np.arange(len(takes)) % len(_CAMPAIGNS)][:, None]
    campaign, owner = np.nonzero(takes)
    kind = campaign % len(_CAMPAIGNS)
    channel = np.array([channel for _, channel, *_ in _CAMPAIGNS])[kind]
    product = np.array([_PRODUCTS.index(product) if product else -1 for _, _, product, *_ in _CAMPAIGNS])[kind]
    day = months[campaign // 2] + 4 + 13 * (campaign % 2)
    moment = at(day, 9.5 * HOUR + dice.integers(0, 7_200, len(owner)))
    purpose = np.where(product < 0, 0, 2)
    welcome = (product < 0) | marketing.on(owner, day)
    campaign, owner, channel, product, purpose, moment = (array[welcome] for array in (campaign, owner, channel, product, purpose, moment))
    outcome = _answer(crowd, dice, owner, channel, purpose, wrong)
    outcome = np.where(dice.random(len(owner)) < 0.1, _HELD_OUT, outcome)
    off = np.zeros(len(owner), dtype=bool)
    return _Contacts(owner, moment, channel, purpose, off, off, campaign, product, outcome)


def _by_staff(crowd: Crowd, world: World, dice: Generator, wrong: Numbers, marketing: Allowed) -> _Contacts:
    number = dice.poisson((0.9 if crowd.company else 0.16) * world.months * dice.gamma(1.2, 1 / 1.2, len(crowd)))
    owner = each(number)
    span = world.last_day - world.first_day + 1
    moment = at(world.first_day + dice.integers(0, span, len(owner)), dice.normal(13.2, 2.4, len(owner)).clip(8, 19) * HOUR)
    moment = in_hours(moment)
    channel = np.array([_PHONE, _WECOM, _BRANCH, _VISIT, _EMAIL, _LETTER])[
        pick(dice, (30, 40, 6, 18, 6, 0) if crowd.company else (40, 46, 7, 2, 4, 1), len(owner))
    ]
    purpose = pick(dice, (44, 22, 24, 8, 2), len(owner))
    unwelcome = (purpose == 2) & ~marketing.on(owner, day_of(moment)) & (dice.random(len(owner)) >= _SLIPS)
    purpose = np.where(unwelcome, 0, purpose)
    product = np.where(purpose == 2, dice.integers(0, len(_PRODUCTS), len(owner)), -1)
    outcome = _answer(crowd, dice, owner, channel, purpose, wrong)
    yes, no = np.ones(len(owner), dtype=bool), np.zeros(len(owner), dtype=bool)
    return _Contacts(owner, moment, channel, purpose, yes, no, np.full(len(owner), -1), product, outcome)


def _inward(crowd: Crowd, world: World, dice: Generator) -> _Contacts:
    """Customers call when something goes on, and more when they are about to leave."""
    weekly = (0.05 if crowd.company else 0.015) * np.minimum(crowd.activity, 2.0)
    weeks = weekly.shape[1]
    day = world.first_day + np.arange(weeks) * 7
    leaving = crowd.leaves[:, None]
    near = leaving & (day >= crowd.churn_since[:, None] - 30) & (day < crowd.churn_since[:, None] + 30)
    number = dice.poisson(np.where(near, 0.09, weekly))
    owner, week = np.divmod(np.repeat(np.arange(number.size), number.ravel()), weeks)
    moment = at(day[week] + dice.integers(0, 7, len(owner)), dice.normal(13.0, 3.0, len(owner)).clip(7, 22) * HOUR)
    channel = np.array([_PHONE, _WECOM, _APP, _BRANCH, _EMAIL])[pick(dice, (40, 32, 12, 13, 3), len(owner))]
    moment = np.where(channel == _BRANCH, in_hours(moment), moment)
    by_staff = (channel == _BRANCH) | (channel == _WECOM) | (dice.random(len(owner)) < 0.3)
    outcome = np.where(channel == _BRANCH, _MET, np.where(dice.random(len(owner)) < 0.93, _ANSWERED, _FAILED))
    yes, nothing = np.ones(len(owner), dtype=bool), np.full(len(owner), -1)
    return _Contacts(owner, moment, channel, np.ones(len(owner), dtype=np.int64), by_staff, yes, nothing, nothing, outcome)


def _salons(crowd: Crowd, world: World, dice: Generator, before: int) -> _Contacts:
    days = world.month_starts[:-1][1::3] + 18
    salon, owner = np.nonzero(dice.random((len(days), len(crowd))) < 0.03)
    moment = in_hours(at(days[salon], np.full(len(owner), 14 * HOUR)))
    came = dice.random(len(owner)) < np.minimum(0.9, 0.15 + crowd.response[owner, _BRANCH])
    outcome = np.where(came, _MET, np.array([_SENT, _REFUSED])[pick(dice, (7, 3), len(owner))])
    yes, no = np.ones(len(owner), dtype=bool), np.zeros(len(owner), dtype=bool)
    care = np.zeros(len(owner), dtype=np.int64)
    return _Contacts(owner, moment, np.full(len(owner), _SALON), care, yes, no, before + salon, np.full(len(owner), -1), outcome)


def _answer(crowd: Crowd, dice: Generator, owner: Numbers, channel: Numbers, purpose: Numbers, wrong: Numbers) -> Numbers:
    """How far each outward contact came."""
    likely = crowd.response[owner, np.minimum(channel, _BRANCH)]
    answers = dice.random(len(owner)) < likely
    luck = dice.random(len(owner))
    yes = np.array([_REPLIED, _CLICKED, _ANSWERED, _CLICKED, _CLICKED, _MET, _MET, _DELIVERED, _MET])[channel]
    # Without an answer some messages are at least read; a call that nobody takes has failed.
    reads = np.array([0.27, 0.0, 0.0, 0.18, 0.0, 0.0, 0.0, 0.0, 0.0])[channel]
    no = np.array([_DELIVERED, _DELIVERED, _FAILED, _DELIVERED, _DELIVERED, _SENT, _FAILED, _SENT, _SENT])[channel]
    outcome = np.where(answers | ((channel == _VISIT) & (luck < 0.8)), yes, np.where(luck < reads, _READ, no))
    spoken = np.isin(outcome, (_REPLIED, _ANSWERED, _MET)) & (purpose == 2)
    outcome = np.where(spoken & (luck < 0.22), _REFUSED, np.where(spoken & (luck > 0.965), _BOUGHT, outcome))
    reachable = np.isin(channel, (_SMS, _PHONE))
    return np.where(reachable & wrong[owner], _INVALID, np.where(dice.random(len(owner)) < 0.015, _FAILED, outcome))


def _write(crowd: Crowd, world: World, dice: Generator, blocks: Sequence[_Contacts], campaigns: tuple[str, ...], folder: Folder) -> None:
    def joined(name: str) -> Numbers:
        return np.concatenate([np.asarray(getattr(block, name)) for block in blocks])

    owner, moment = joined("owner"), joined("moment").astype(np.int64)
    keep = np.flatnonzero(seen(crowd, world, owner, moment))
    order = keep[np.argsort(moment[keep], kind="stable")]
    owner, moment = owner[order], moment[order]
    channel, outcome = joined("channel")[order], joined("outcome")[order]
    by_staff = joined("by_staff")[order]
    # Now and then a colleague takes over.
    staff = np.where(dice.random(len(owner)) < 0.04, dice.integers(0, len(world.rms), len(owner)), crowd.rm[owner])
    slow = np.isin(outcome, (_READ, _CLICKED, _REPLIED))
    wait = np.where(slow, np.exp(dice.normal(7.3, 1.4, len(owner))), np.where(outcome == _DELIVERED, 4, 60)).astype(np.int64)
    end = world.end - 1
    known = np.minimum(moment + wait, end)
    talked = (channel == _PHONE) & np.isin(outcome, (_ANSWERED, _REFUSED, _BOUGHT))
    seconds = np.where(talked, np.exp(dice.normal(4.7, 0.8, len(owner))), -1)
    folder.add(
        "contacts",
        pa.table(
            {
                "contact_id": keys("K", crowd.chunk, len(owner)),
                "customer_id": of(crowd.ids, owner),
                "staff_id": words(np.where(by_staff, staff, -1), world.rms),
                "at": instants(moment),
                "channel": words(channel, _ALL_CHANNELS),
                "direction": words(joined("inward")[order].astype(np.int32), ("out", "in")),
                "purpose": words(joined("purpose")[order], _PURPOSES),
                "campaign": words(joined("campaign")[order], campaigns),
                "product_code": words(joined("product")[order], _PRODUCTS),
                "outcome": words(outcome, _OUTCOMES),
                "outcome_at": instants(np.where(outcome == _HELD_OUT, -1, known)),
                "seconds": integers(seconds),
            }
        ),
    )
