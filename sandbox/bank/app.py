"""What customers do in the app and in online banking.

Most of it is habit. Needs show themselves in what is looked at, but not every need does, and not everybody who looks has one; whoever
leaves because the app fails has met failures before.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from sandbox.bank.arrays import HOUR, Numbers, at, day_of, each, integers, keys, of, pick, place_within, workday
from sandbox.bank.columns import instants, words
from sandbox.bank.crowd import Crowd, crowds, seen
from sandbox.bank.outages import cut
from sandbox.bank.personas import TOLD
from sandbox.bank.population import Companies, People
from sandbox.bank.world import World, draw
from sandbox.bank.writing import Folder

_KINDS = ("login", "login_failed", "view", "search", "quote", "start", "finish", "abandon", "error", "crash")
_LOGIN, _FAILED, _VIEW, _SEARCH, _QUOTE, _START, _FINISH, _ABANDON, _ERROR, _CRASH = range(10)

# By share of the views: four that nearly everybody uses, then a long tail.
_PAGES = (
    "首页", "账户总览", "转账", "交易明细",
    "理财", "存款", "基金", "信用卡", "生活缴费", "积分商城", "消费贷", "房贷计算器", "贷款计算器", "外汇牌价", "结售汇", "保险",
    "养老专区", "教育金专区", "积存金", "出国金融", "经营贷", "代发工资", "票据与保理", "商户收款", "网点预约", "客服", "优惠券",
    "母婴专区", "设置",
)  # fmt: skip
_PAGE_WEIGHTS = (36.0, 15.0, 15.0, 8.0, *(26.0 * 0.1434 * 0.86**place for place in range(25)))
_PRODUCT_PAGES = range(4, 28)
_PLACE = {page: place for place, page in enumerate(_PAGES)}

_ITEMS = (
    "P-101", "P-102", "P-103", "P-104", "P-105", "P-106", "P-108", "P-110", "P-111", "P-112", "P-113", "P-114", "P-201", "P-301", "P-302",
    "USD/CNY", "EUR/CNY", "HKD/CNY", "JPY/CNY", "GBP/CNY", "AUD/CNY",
    "提前还款", "公积金贷款", "装修贷", "学费", "留学汇款", "保障计划", "个税抵扣", "订单融资", "押汇",
)  # fmt: skip
_ITEM = {item: place for place, item in enumerate(_ITEMS)}

# Where a need is looked for, and what is looked at there.
_LOOKED_FOR = {
    "education_saving": ("教育金专区", "P-112"), "study_abroad": ("出国金融", "留学汇款"), "maternity_card": ("母婴专区", "P-201"),
    "wedding": ("消费贷", "装修贷"), "home_purchase": ("房贷计算器", "P-301"), "renovation": ("消费贷", "装修贷"),
    "car_purchase": ("贷款计算器", "P-201"), "consumer_loan": ("消费贷", "P-201"), "credit_card": ("信用卡", "P-201"),
    "liquidity": ("理财", "P-103"), "term_deposit": ("存款", "P-101"), "wealth_management": ("理财", "P-105"),
    "fund_plan": ("基金", "P-108"), "gold": ("积存金", "P-110"), "insurance_protection": ("保险", "保障计划"),
    "medical_insurance": ("保险", "保障计划"), "pension_saving": ("养老专区", "P-111"), "elder_care": ("养老专区", "P-111"),
    "health_service": ("养老专区", "P-111"), "inheritance": ("保险", "保障计划"), "global_allocation": ("基金", "P-114"),
    "personal_fx": ("外汇牌价", "USD/CNY"), "tax_planning": ("养老专区", "个税抵扣"), "business_loan": ("经营贷", "P-302"),
    "debt_relief": ("贷款计算器", "提前还款"), "payroll_change": ("代发工资", "P-101"), "working_capital": ("经营贷", "P-302"),
    "loan_renewal": ("经营贷", "P-302"), "tax_loan": ("经营贷", "P-302"), "receivables_finance": ("票据与保理", "订单融资"),
    "dealer_finance": ("票据与保理", "订单融资"), "supply_chain": ("票据与保理", "订单融资"), "trade_settlement": ("结售汇", "押汇"),
    "fx_hedging": ("外汇牌价", "USD/CNY"), "export_credit": ("结售汇", "押汇"), "cash_management": ("账户总览", "P-103"),
    "payroll_service": ("代发工资", "P-101"), "merchant_acquiring": ("商户收款", "P-302"), "treasury_investment": ("理财", "P-103"),
}  # fmt: skip
_FOR_BUSINESS = (
    "首页", "账户总览", "转账", "交易明细", "理财", "存款", "外汇牌价", "结售汇", "经营贷", "代发工资", "票据与保理", "商户收款",
    "网点预约", "客服", "设置",
)  # fmt: skip
_SHOWS = 0.7  # of the needs that the app could show

_HABITS = (7.6, 12.4, 18.2, 20.6, 22.1)
_PLATFORMS = ("android", "ios", "harmony", "mini_program", "web")


@dataclass(frozen=True, slots=True)
class _Events:
    """Events in parallel arrays; `session` counts from 0 within the block."""

    owner: Numbers
    session: Numbers
    moment: Numbers
    kind: Numbers
    page: Numbers
    item: Numbers
    seconds: Numbers


def app_events(people: People, companies: Companies, world: World, folder: Folder) -> None:
    """Write the events of everybody who uses the app."""
    for crowd in crowds(people, companies):
        dice = draw(world, crowd.chunk, "app_events")
        peak = np.array(_HABITS)[dice.integers(0, len(_HABITS), len(crowd))] + dice.normal(0, 0.5, len(crowd))
        blocks = [_habit(crowd, world, dice, peak), _wishes(crowd, world, dice, peak), _idle(crowd, world, dice, peak)]
        blocks.append(_troubles(crowd, world, dice, peak))
        if crowd.company:
            blocks += _rates(crowd, companies, world, dice)
        _write(crowd, world, dice, blocks, folder)


def _moments(dice: Generator, day: Numbers, peak: Numbers) -> Numbers:
    """Around the hour that is somebody's own, at any waking hour on free days."""
    spread = np.where(workday(day), 1.7, 3.4)
    hour = np.clip(dice.normal(peak, spread), 0.02, 23.9)
    return at(day, hour * HOUR)


def weekly_visits(rate: Numbers) -> Numbers:
    """How often somebody opens the app in a usual week who makes so many events a month."""
    return np.asarray(1.26 * np.sqrt(rate / 43.0))


def _habit(crowd: Crowd, world: World, dice: Generator, peak: Numbers) -> _Events:
    users = np.flatnonzero(crowd.app_rate > 0)
    rate = crowd.app_rate[users].astype(float)
    weekly = weekly_visits(rate)
    number = dice.poisson(weekly[:, None] * crowd.activity[users])
    weeks = number.shape[1]
    person, week = np.divmod(np.repeat(np.arange(number.size), number.ravel()), weeks)
    day = world.first_day + week * 7 + dice.integers(0, 7, len(week))
    owner = users[person]
    start = _moments(dice, day, peak[owner])
    each_time = np.maximum(0.2, rate / (weekly * 30.4 / 7) - 1)
    views = 1 + dice.poisson(each_time[person] * dice.gamma(2.0, 0.5, len(person)))
    keep = seen(crowd, world, owner, start)
    owner, start, views = owner[keep], start[keep], views[keep]
    count = int(views.sum())
    mix = np.array(_PAGE_WEIGHTS) * (np.isin(_PAGES, _FOR_BUSINESS) if crowd.company else 1.0)
    page = pick(dice, mix, count)
    product = (page >= _PRODUCT_PAGES.start) & (page < _PRODUCT_PAGES.stop)
    # Product pages met by the way are left soon, often at once: the finger slipped.
    seconds = np.exp(dice.normal(np.where(product, 1.6, 2.8), 0.9))
    visits = _visit(owner, start, views, page, np.full(count, -1), seconds, np.full(count, _VIEW))
    # Now and then the face is not recognised, or the app falls over, without a consequence.
    unlucky = dice.random(len(visits.kind))
    kind = np.where((visits.kind == _LOGIN) & (unlucky < 0.01), _FAILED, visits.kind)
    kind = np.where((visits.kind == _VIEW) & (unlucky < 0.0006), _CRASH, kind)
    return _Events(visits.owner, visits.session, visits.moment, kind, visits.page, visits.item, visits.seconds)


def _visit(owner: Numbers, start: Numbers, views: Numbers, page: Numbers, item: Numbers, seconds: Numbers, kind: Numbers) -> _Events:
    """Sessions of a login and so many views; the arrays after `views` hold one value a view."""
    sizes = views + 1
    session = each(sizes)
    first = place_within(sizes) == 0
    total = len(session)
    pages, items = np.full(total, -1, dtype=np.int32), np.full(total, -1, dtype=np.int32)
    kinds, spent = np.full(total, _LOGIN, dtype=np.int8), np.full(total, 2.0)
    pages[~first], items[~first], kinds[~first], spent[~first] = page, item, kind, np.clip(seconds, 1, HOUR)
    passed = np.cumsum(spent) - spent
    begun = passed[first] if total else passed
    moment = start[session] + (passed - begun[session]).astype(np.int64)
    return _Events(owner[session], session, moment, kinds, pages, items, np.where(first, -1, spent).astype(np.int32))


def _wishes(crowd: Crowd, world: World, dice: Generator, peak: Numbers) -> _Events:
    """Pages that are opened because a need is felt: some evenings of the first two months, and one comes back to them."""
    targets = [_LOOKED_FOR.get(str(need)) for need in np.unique(crowd.need)]
    _, kind_of_need = np.unique(crowd.need, return_inverse=True)
    page_of = np.array([_PLACE[target[0]] if target else -1 for target in targets] or [-1])
    item_of = np.array([_ITEM[target[1]] if target else -1 for target in targets] or [-1])
    last = world.last_day
    until = np.where(crowd.need_until >= 0, crowd.need_until, last + 1)
    told = np.isin(crowd.numbers[crowd.need_of], TOLD)  # what the documents tell is to be seen
    shows = ((dice.random(len(crowd.need_of)) < _SHOWS) | told) & (crowd.app_rate[crowd.need_of] > 0)
    if len(crowd.need_of):
        shows &= page_of[kind_of_need] >= 0
    times = np.where(shows, 2 + dice.poisson(3.0, len(shows)), 0)
    need = each(times)
    length = np.clip(until[need] - crowd.need_since[need], 1, 70)
    day = crowd.need_since[need] + (dice.beta(1.0, 1.8, len(need)) * length).astype(np.int64)
    owner = crowd.need_of[need]
    start = _moments(dice, day, peak[owner] + 0.8)
    keep = seen(crowd, world, owner, start)
    need, owner, start = need[keep], owner[keep], start[keep]
    views = 1 + dice.poisson(1.8, len(need))
    view = each(views)
    kinds = np.array([_VIEW, _SEARCH, _START, _ABANDON, _QUOTE])[pick(dice, (78, 8, 6, 6, 2), len(view))]
    ends = (place_within(views) == views[view] - 1) & crowd.need_met[need][view] & (dice.random(len(view)) < 0.15)
    kinds = np.where(ends, _FINISH, kinds)
    seconds = np.exp(dice.normal(3.9, 0.7, len(view)))
    of_need = kind_of_need[need][view] if len(crowd.need_of) else view
    return _visit(owner, start, views, page_of[of_need], item_of[of_need], seconds, kinds)


def _idle(crowd: Crowd, world: World, dice: Generator, peak: Numbers) -> _Events:
    """Somebody looks at products out of boredom, for a friend, or because of a banner: long enough to be mistaken for a wish."""
    users = np.flatnonzero(crowd.app_rate > 0)
    owner = users[dice.random(len(users)) < 0.08]
    wishes = [wish for wish in _LOOKED_FOR.values() if not crowd.company or wish[0] in _FOR_BUSINESS]
    about = dice.integers(0, len(wishes), len(owner))
    times = 1 + dice.poisson(1.2, len(owner))
    spell = each(times)
    span = world.last_day - world.first_day + 1
    begin = world.first_day + dice.integers(0, span, len(owner))
    day = begin[spell] + dice.integers(0, 4, len(spell))
    start = _moments(dice, day, peak[owner[spell]])
    keep = seen(crowd, world, owner[spell], start)
    spell, start = spell[keep], start[keep]
    views = 1 + dice.poisson(1.0, len(spell))
    view = each(views)
    page = np.array([_PLACE[page] for page, _ in wishes])[about[spell][view]]
    item = np.array([_ITEM[item] for _, item in wishes])[about[spell][view]]
    seconds = np.exp(dice.normal(3.2, 0.9, len(view)))
    return _visit(owner[spell], start, views, page, item, seconds, np.full(len(view), _VIEW))


def _troubles(crowd: Crowd, world: World, dice: Generator, peak: Numbers) -> _Events:
    """Who leaves because of the app has stood before a closed door again and again, most often in the weeks before."""
    leaving = np.flatnonzero((crowd.churn_cause == "app_failure") & crowd.leaves)
    times = 4 + dice.poisson(4.0, len(leaving))
    owner = leaving[each(times)]
    until = np.where(crowd.churn_gone >= 0, crowd.churn_gone, world.last_day + 1)
    begin = crowd.churn_since - 21
    day = begin[owner] + (dice.beta(1.0, 1.5, len(owner)) * np.maximum(1, until - begin)[owner]).astype(np.int64)
    start = _moments(dice, day, peak[owner])
    keep = seen(crowd, world, owner, start)
    owner, start = owner[keep], start[keep]
    kind = np.array([_FAILED, _CRASH, _ERROR])[pick(dice, (62, 27, 11), len(owner))]
    page = np.where(kind == _ERROR, _PLACE["转账"], np.where(kind == _CRASH, _PLACE["账户总览"], -1))
    nothing = np.full(len(owner), -1)
    return _Events(owner, np.arange(len(owner)), start, kind, page, nothing, nothing)


def _rates(crowd: Crowd, companies: Companies, world: World, dice: Generator) -> list[_Events]:
    """Traders ask for the rate of their currency week after week; others once, before somebody travels."""
    last = world.last_day
    # The trader of the documents is one who asks.
    asks = np.flatnonzero(companies.trades & ((dice.random(len(crowd)) < 0.75) | (companies.number == 900_001)))
    often = 8 + dice.poisson(5.0, len(asks))
    owner = asks[each(often)]
    # One in each piece of the last nine weeks, so that the weeks are many however few the questions are.
    day = last - 63 + ((place_within(often) + dice.random(len(owner))) * (62 / np.repeat(often, often))).astype(np.int64)
    once = np.flatnonzero(~companies.trades & (dice.random(len(crowd)) < 0.05))
    few = 2 + dice.poisson(3.0, len(once))
    begin = last - dice.integers(10, 150, len(once))
    owner = np.concatenate([owner, once[each(few)]])
    day = np.concatenate([day, begin[each(few)] + dice.integers(0, 5, len(each(few)))])
    pairs = np.array([_ITEM.get(f"{currency}/CNY", _ITEM["USD/CNY"]) for currency in np.unique(companies.currency)] or [_ITEM["USD/CNY"]])
    currency = np.unique(companies.currency, return_inverse=True)[1]
    start = _moments(dice, day, np.full(len(day), 10.4))
    keep = seen(crowd, world, owner, start)
    owner, start = owner[keep], start[keep]
    one = np.ones(len(owner), dtype=np.int64)
    page = np.full(len(owner), _PLACE["外汇牌价"])
    seconds = np.exp(dice.normal(3.3, 0.6, len(owner)))
    return [_visit(owner, start, one, page, pairs[currency[owner]], seconds, np.full(len(owner), _QUOTE))]


def _write(crowd: Crowd, world: World, dice: Generator, blocks: list[_Events], folder: Folder) -> None:
    before = np.cumsum([0, *(int(block.session[-1]) + 1 if len(block.session) else 0 for block in blocks)])
    owner = np.concatenate([block.owner for block in blocks]).astype(np.int64)
    session = np.concatenate([block.session + offset for block, offset in zip(blocks, before[:-1], strict=True)]).astype(np.int64)
    moment = np.concatenate([block.moment for block in blocks]).astype(np.int64)
    keep = np.flatnonzero(seen(crowd, world, owner, moment) & ~cut(world, "app_events", moment))
    order = keep[np.argsort(moment[keep], kind="stable")]
    running = np.arange(len(order))
    # A mobile network delivers some twice, late: the same row with the same key.
    running = np.concatenate([running, running[dice.random(len(running)) < 0.001]])
    order = order[running]
    owner, moment = owner[order], moment[order]
    kind, page, item, seconds = (
        np.concatenate([np.asarray(getattr(block, name)) for block in blocks])[order] for name in ("kind", "page", "item", "seconds")
    )
    platform = np.full(len(crowd), 4) if crowd.company else pick(dice, (52, 30, 11, 6, 1), len(crowd))
    release = (day_of(moment) - 18_000) // 61  # a new version every two months
    versions = [f"8.{number // 6}.{number % 6}" for number in range(int(release.max()) + 1)] if len(release) else ["8.0.0"]
    folder.add(
        "app_events",
        pa.table(
            {
                "event_id": of(keys("V", crowd.chunk, len(order)), running),
                "customer_id": of(crowd.ids, owner),
                "session_id": of(keys("SE", crowd.chunk, int(before[-1])), session[order]),
                "at": instants(moment),
                "kind": words(kind, _KINDS),
                "page": words(page, _PAGES),
                "item": words(item, _ITEMS),
                "seconds": integers(seconds),
                "platform": words(platform[owner], _PLATFORMS),
                "version": words(release, versions),
            }
        ),
    )
