"""What others know of customers: registers, taxes, rights, social security. Only of those who allowed it; some took that back later."""

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from sandbox.bank.allowed import Allowed, allowed
from sandbox.bank.arrays import HOUR, Numbers, each, flags, keys, of, pick, place_within
from sandbox.bank.cast import COMPANIES
from sandbox.bank.columns import cents, days, instants, words
from sandbox.bank.endings import end_of
from sandbox.bank.names import FIRMS
from sandbox.bank.population import Companies, People
from sandbox.bank.world import World, day_number, draw, second_of
from sandbox.bank.writing import Folder

_OF_COMPANIES = ("registry", "tax", "intellectual_property")
_CAST = [900_000 + number for number in COMPANIES]
_CAST_ASKED = 200  # days ago
_TITLES = (
    "一种精密轴承", "一种低噪声减速装置", "一种包装材料的制备方法", "工业视觉检测系统", "温控阀门的密封结构", "边缘计算网关软件",
    "一种生物降解薄膜", "仓储调度软件", "可折叠支架", "刀具磨损监测方法",
)  # fmt: skip
_RIGHTS = ("invention", "utility_model", "design", "trademark", "software")
_YEARS = np.array([20, 10, 15, 10, 50])


def outside(people: People, companies: Companies, world: World, folder: Folder) -> None:
    """Write what came from outside, with the consent of each."""
    if len(companies.number):
        dice = draw(world, int(companies.number[0]), "outside:companies")
        _ask_cast(companies, world, folder)
        _registry(companies, world, dice, folder, _allowed(companies, world, "registry"))
        _tax(companies, world, dice, folder, _allowed(companies, world, "tax"))
        _rights(companies, world, dice, folder, _allowed(companies, world, "intellectual_property"))
    if len(people.number):
        dice = draw(world, int(people.number[0]), "outside:people")
        _social_security(people, world, dice, folder, allowed(world, people, "social_security"))


def _ask_cast(companies: Companies, world: World, folder: Folder) -> None:
    """The companies that the documents speak of allow everything once more, so that all is known of them."""
    cast = np.flatnonzero(np.isin(companies.number, _CAST))
    owner, purpose = each(np.full(len(cast), len(_OF_COMPANIES))), np.tile(np.arange(len(_OF_COMPANIES)), len(cast))
    folder.add(
        "consents",
        pa.table(
            {
                "customer_id": of(companies.ids, cast[owner]),
                "purpose": words(purpose, _OF_COMPANIES),
                "granted": flags(np.ones(len(owner))),
                "at": instants(np.full(len(owner), second_of(world.last_day - _CAST_ASKED, 10 * HOUR))),
                "source": words(np.zeros(len(owner), dtype=np.int64), ("网点柜台",)),
            }
        ),
    )


def _allowed(companies: Companies, world: World, purpose: str) -> Allowed:
    found = allowed(world, companies, purpose)
    cast = np.isin(companies.number, _CAST)
    asked = world.last_day - _CAST_ASKED
    # What they took back before they were asked again counts no longer.
    until = np.where(cast & (found.until <= asked), world.last_day + 1, found.until)
    return Allowed(np.where(cast, np.minimum(found.since, asked + 1), found.since), until)


def _registry(companies: Companies, world: World, dice: Generator, folder: Folder, consent: Allowed) -> None:
    ends = end_of(world, companies)
    for back in (420, 55):
        day = world.last_day - back - dice.integers(0, 40, len(companies.number))
        owner = np.flatnonzero(consent.on(np.arange(len(day)), day))
        expires = companies.trade_licence[owner] & (dice.random(len(owner)) < 0.15)
        capital = np.rint(companies.revenue[owner] * dice.uniform(0.05, 0.3, len(owner)) / 100_000) * 100_000
        folder.add(
            "registry",
            pa.table(
                {
                    "customer_id": of(companies.ids, owner),
                    "as_of": days(day[owner]),
                    "status": words(
                        np.where(day[owner] >= ends[owner], 1, pick(dice, (96, 1, 0.5, 2.5), len(owner))),
                        ("active", "cancelled", "revoked", "abnormal"),
                    ),
                    "industry_code": pa.array(companies.industry_code[owner].tolist(), pa.string()),
                    "registered_capital": cents((np.maximum(capital, 100_000) * 100).astype(np.int64)),
                    "trade_licence": flags(companies.trade_licence[owner]),
                    "licence_until": days(np.where(expires, world.last_day + dice.integers(10, 500, len(owner)), -1)),
                    "high_tech": flags(companies.high_tech[owner]),
                    "source": words(np.zeros(len(owner), dtype=np.int64), ("工商登记",)),
                }
            ),
        )


def _fetched(consent: Allowed, ends: Numbers, owner: Numbers, month: Numbers, world: World) -> Numbers:
    """With the first consent come the months before it too; none comes after it is taken back, or after the end."""
    return np.asarray((consent.since[owner] <= world.last_day) & (month < np.minimum(consent.until, ends)[owner]))


def _tax(companies: Companies, world: World, dice: Generator, folder: Folder, consent: Allowed) -> None:
    count, months = len(companies.number), world.month_starts[:-2]  # the running month is not declared yet
    growth = dice.normal(0.05, 0.18, count)
    honest = dice.normal(0, 1, count) - 2.0 * (growth < -0.15)
    grade = np.searchsorted(np.array([-2.2, -1.4, -0.5, 0.6]), honest)  # D C M B A
    owner, month = np.divmod(np.arange(count * len(months)), max(1, len(months)))
    known = _fetched(consent, end_of(world, companies), owner, months[month], world) & (months[month] >= companies.founded[owner])
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


def _rights(companies: Companies, world: World, dice: Generator, folder: Folder, consent: Allowed) -> None:
    marks = dice.random(len(companies.number)) < 0.15
    everybody = np.arange(len(marks))
    number = np.where(consent.on(everybody, np.full(len(marks), world.last_day)), companies.patents + marks, 0)
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


def _social_security(people: People, world: World, dice: Generator, folder: Folder, consent: Allowed) -> None:
    months = world.month_starts[:-2]
    who = np.flatnonzero((people.work == "work") & (consent.since <= world.last_day))
    employer = dice.integers(0, len(FIRMS), len(people.number))
    share = np.clip(people.income, 4_000, 35_000) * dice.uniform(0.7, 1.0, len(people.number))
    place, month = np.divmod(np.arange(len(who) * len(months)), max(1, len(months)))
    owner = who[place]
    known = _fetched(consent, end_of(world, people), owner, months[month], world) & (dice.random(len(owner)) > 0.02)
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
