"""What others know of customers: registers, taxes, rights, social security. Only of those who allowed it; some took that back later."""

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from sandbox.bank.arrays import Numbers, at, each, flags, keys, of, pick, place_within
from sandbox.bank.cast import COMPANIES
from sandbox.bank.columns import cents, days, instants, words
from sandbox.bank.names import FIRMS
from sandbox.bank.population import Companies, People
from sandbox.bank.world import World, day_number, draw
from sandbox.bank.writing import Folder

_ALLOWS = {"registry": 0.8, "tax": 0.6, "intellectual_property": 0.7, "social_security": 0.14}
_TAKES_BACK = 0.06
_CAST = [900_000 + number for number in COMPANIES]
_TITLES = (
    "一种精密轴承", "一种低噪声减速装置", "一种包装材料的制备方法", "工业视觉检测系统", "温控阀门的密封结构", "边缘计算网关软件",
    "一种生物降解薄膜", "仓储调度软件", "可折叠支架", "刀具磨损监测方法",
)  # fmt: skip
_RIGHTS = ("invention", "utility_model", "design", "trademark", "software")
_YEARS = np.array([20, 10, 15, 10, 50])


def outside(people: People, companies: Companies, world: World, folder: Folder) -> None:
    """Write what came from outside, and the consents that let it come."""
    if len(companies.number):
        dice = draw(world, int(companies.number[0]), "outside:companies")
        _registry(companies, world, dice, folder, _allow(companies, world, dice, folder, "registry"))
        _tax(companies, world, dice, folder, _allow(companies, world, dice, folder, "tax"))
        _rights(companies, world, dice, folder, _allow(companies, world, dice, folder, "intellectual_property"))
    if len(people.number):
        dice = draw(world, int(people.number[0]), "outside:people")
        _social_security(people, world, dice, folder, _allow(people, world, dice, folder, "social_security"))


def _allow(who: People | Companies, world: World, dice: Generator, folder: Folder, purpose: str) -> tuple[Numbers, Numbers]:
    """From which day and until which each allows it: nothing is asked for outside of these; -1 and 0 for those who never did."""
    count = len(who.number)
    opened = (who.opened_at + 8 * 3_600) // 86_400
    said = np.minimum(opened + dice.integers(0, 300, count), world.last_day - 1)
    told = np.isin(who.number, _CAST)  # of these the documents speak, so all is known
    yes = np.flatnonzero(((dice.random(count) < _ALLOWS[purpose]) | told) & (said >= opened))
    back = yes[(dice.random(len(yes)) < _TAKES_BACK) & ~told[yes]]
    begin, end = np.full(count, -1), np.zeros(count, dtype=np.int64)
    begin[yes], end[yes] = said[yes], world.last_day + 1
    end[back] = said[back] + ((0.3 + 0.7 * dice.random(len(back))) * (world.last_day - said[back])).astype(np.int64)
    owner = np.concatenate([yes, back])
    when = np.concatenate([begin[yes], end[back]])
    second = np.concatenate([np.full(len(yes), 16 * 3_600), np.full(len(back), 18 * 3_600)])
    # The first hour of a relation that began today may come after four o'clock.
    moment = np.maximum(at(when, second), who.opened_at[owner] + 60)
    granted = np.arange(len(owner)) < len(yes)
    folder.add(
        "consents",
        pa.table(
            {
                "customer_id": of(who.ids, owner),
                "purpose": words(np.zeros(len(owner), dtype=np.int64), (purpose,)),
                "granted": flags(granted),
                "at": instants(moment),
                "source": words(np.where(granted, 0, 1), ("网点柜台", "手机银行")),
            }
        ),
    )
    return begin, end


def _registry(companies: Companies, world: World, dice: Generator, folder: Folder, allowed: tuple[Numbers, Numbers]) -> None:
    for back in (420, 55):
        day = world.last_day - back - dice.integers(0, 40, len(companies.number))
        owner = np.flatnonzero((allowed[0] >= 0) & (allowed[0] <= day) & (day < allowed[1]))
        ends = companies.trade_licence[owner] & (dice.random(len(owner)) < 0.15)
        capital = np.rint(companies.revenue[owner] * dice.uniform(0.05, 0.3, len(owner)) / 100_000) * 100_000
        folder.add(
            "registry",
            pa.table(
                {
                    "customer_id": of(companies.ids, owner),
                    "as_of": days(day[owner]),
                    "status": words(pick(dice, (96, 1, 0.5, 2.5), len(owner)), ("active", "cancelled", "revoked", "abnormal")),
                    "industry_code": pa.array(companies.industry_code[owner].tolist(), pa.string()),
                    "registered_capital": cents((np.maximum(capital, 100_000) * 100).astype(np.int64)),
                    "trade_licence": flags(companies.trade_licence[owner]),
                    "licence_until": days(np.where(ends, world.last_day + dice.integers(10, 500, len(owner)), -1)),
                    "high_tech": flags(companies.high_tech[owner]),
                    "source": words(np.zeros(len(owner), dtype=np.int64), ("工商登记",)),
                }
            ),
        )


def _tax(companies: Companies, world: World, dice: Generator, folder: Folder, allowed: tuple[Numbers, Numbers]) -> None:
    count, months = len(companies.number), world.month_starts[:-2]  # the running month is not declared yet
    growth = dice.normal(0.05, 0.18, count)
    honest = dice.normal(0, 1, count) - 2.0 * (growth < -0.15)
    grade = np.searchsorted(np.array([-2.2, -1.4, -0.5, 0.6]), honest)  # D C M B A
    owner, month = np.divmod(np.arange(count * len(months)), max(1, len(months)))
    known = (allowed[0][owner] >= 0) & (months[month] < allowed[1][owner]) & (months[month] >= companies.founded[owner])
    known &= dice.random(len(owner)) > 0.04  # some months never arrive
    owner, month = owner[known], month[known]
    day = months[month]
    spring = np.array([day_number(first) for first in world.spring_festivals])
    quiet = (np.abs(day[:, None] + 15 - spring[None, :]) < 18).any(axis=1) if len(day) else np.zeros(0, dtype=bool)
    years = (day - world.last_day) / 365
    noise = np.exp(dice.normal(0, 0.12, len(owner)))
    revenue = companies.revenue[owner] / 12 * np.exp(growth[owner] * years) * noise * np.where(quiet, 0.62, 1.0)
    number_of_month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    income = np.where(np.isin(number_of_month, (0, 3, 6, 9)), revenue * 3 * np.clip(0.012 + 0.01 * growth[owner], 0, 0.05), 0.0)
    folder.add(
        "tax",
        pa.table(
            {
                "customer_id": of(companies.ids, owner),
                "month": days(day),
                "vat": cents((revenue * dice.uniform(0.018, 0.034, len(owner)) * 100).astype(np.int64)),
                "income_tax": cents((income * 100).astype(np.int64)),
                "revenue": cents((revenue * 100).astype(np.int64)),
                "grade": words(grade[owner], ("D", "C", "M", "B", "A")),
            }
        ),
    )


def _rights(companies: Companies, world: World, dice: Generator, folder: Folder, allowed: tuple[Numbers, Numbers]) -> None:
    marks = dice.random(len(companies.number)) < 0.15
    number = np.where((allowed[0] >= 0) & (allowed[1] > world.last_day), companies.patents + marks, 0)
    owner = each(number)
    mark = marks[owner] & (place_within(number) == 0)
    kind = np.where(mark, 3, pick(dice, (40, 34, 8, 0, 18), len(owner)))
    since = np.maximum(companies.founded[owner], world.last_day - 9 * 365)
    day = since + (dice.random(len(owner)) * (world.last_day - since)).astype(np.int64)
    folder.add(
        "intellectual_property",
        pa.table(
            {
                "right_id": keys("IP", int(companies.number[0]), len(owner)),
                "customer_id": of(companies.ids, owner),
                "kind": words(kind, _RIGHTS),
                "title": words(np.where(mark, -1, dice.integers(0, len(_TITLES), len(owner))), _TITLES),
                "granted_on": days(day),
                "valid_until": days(day + _YEARS[kind] * 365),
                "status": words(pick(dice, (90, 0, 7, 3), len(owner)), ("valid", "pending", "lapsed", "pledged")),
            }
        ),
    )


def _social_security(people: People, world: World, dice: Generator, folder: Folder, allowed: tuple[Numbers, Numbers]) -> None:
    months = world.month_starts[:-2]
    who = np.flatnonzero((people.work == "work") & (allowed[0] >= 0))
    employer = dice.integers(0, len(FIRMS), len(people.number))
    share = np.clip(people.income, 4_000, 35_000) * dice.uniform(0.7, 1.0, len(people.number))
    place, month = np.divmod(np.arange(len(who) * len(months)), max(1, len(months)))
    owner = who[place]
    known = (months[month] < allowed[1][owner]) & (dice.random(len(owner)) > 0.02)
    owner, month = owner[known], month[known]
    base = (np.rint(share[owner] / 10) * 10 * 100).astype(np.int64)
    folder.add(
        "social_security",
        pa.table(
            {
                "customer_id": of(people.ids, owner),
                "month": days(months[month]),
                "base": cents(base),
                "housing_fund": cents(base * 24 // 100),
                "employer": words(employer[owner], FIRMS),
            }
        ),
    )
