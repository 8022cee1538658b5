"""Draw the companies of a chunk: what they do, with whom, and what is true of them that the bank does not see."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank import cast
from sandbox.bank.columns import identifiers
from sandbox.bank.fates import fates
from sandbox.bank.leaving import busy, leave
from sandbox.bank.names import firm_names
from sandbox.bank.needs import Cause, Course, Happenings, arise
from sandbox.bank.population import Companies, Floats, Words
from sandbox.bank.world import CHUNK, World, days_of, draw, in_opening_hours

FIRST_NUMBER = 900_000
_INDUSTRIES = ("外贸", "制造", "科创", "小微商贸", "建筑", "物流", "餐饮")
_SHARES = (0.18, 0.22, 0.12, 0.26, 0.08, 0.07, 0.07)
_CODES = {
    "外贸": ("F5181", "F5137", "F5149"),
    "制造": ("C3411", "C2929", "C3360", "C1830"),
    "科创": ("I6513", "M7340", "C3562"),
    "小微商贸": ("F5211", "F5132", "F5165"),
    "建筑": ("E4710", "E5011"),
    "物流": ("G5430", "G5920"),
    "餐饮": ("H6210", "H6220"),
}
_CAUSES = {
    "order_boom": (
        Cause("working_capital", 0.6, -10, 60, 120),
        Cause("equipment_lease", 0.3, 0, 120, 200),
        Cause("receivables_finance", 0.25, 0, 90, 120),
    ),
    "expansion": (
        Cause("equipment_lease", 0.45, -60, 90, 200),
        Cause("payroll_service", 0.4, 0, 90, 200),
        Cause("cash_management", 0.2, 0, 120, 250),
        Cause("green_loan", 0.1, -30, 120, 250),
    ),
    "new_market": (
        Cause("trade_settlement", 0.8, -60, 30, 300),
        Cause("fx_hedging", 0.4, 0, 120, 250),
        Cause("export_credit", 0.35, -30, 90, 200),
    ),
    "patent": (Cause("ip_pledge", 0.5, 0, 120, 250), Cause("equity_link", 0.2, 0, 200, 300)),
    "tender": (Cause("guarantee", 0.8, -30, 20, 60),),
    "loan_due": (Cause("loan_renewal", 0.85, -90, -20, 60),),
    "buyer_late": (Cause("receivables_finance", 0.5, 0, 60, 120), Cause("working_capital", 0.3, 0, 60, 90)),
}
_COURSES = (
    Course("any", "working_capital", 0.12, 120),
    Course("any", "tax_loan", 0.08, 120),
    Course("any", "employee_benefit", 0.03, 250),
    Course("trader", "trade_settlement", 0.35, 300),
    Course("trader", "fx_hedging", 0.25, 250),
    Course("trader", "warehouse_finance", 0.12, 150),
    Course("trader", "export_credit", 0.12, 200),
    Course("maker", "equipment_lease", 0.10, 200),
    Course("maker", "receivables_finance", 0.15, 120),
    Course("shop", "merchant_acquiring", 0.20, 200),
    Course("core", "supply_chain", 0.40, 400),
    Course("core", "dealer_finance", 0.35, 400),
    Course("core", "cash_management", 0.25, 300),
    Course("high_tech", "equity_link", 0.12, 300),
    Course("many", "payroll_service", 0.12, 250),
    Course("rich", "treasury_investment", 0.30, 200),
)


def draw_companies(world: World, chunk: int, count: int) -> Companies:
    """The first `count` companies of the chunk. A chunk is drawn whole: one more company changes no other, but for the trade with it."""
    everybody = _draw(world, chunk)
    return _cut(everybody, count, min(CHUNK, world.customers - chunk * CHUNK))


def _draw(world: World, chunk: int) -> Companies:
    chance = draw(world, chunk, "companies")
    place = np.arange(1, CHUNK + 1)
    number = (FIRST_NUMBER + chunk * CHUNK + place).astype(np.int32)
    industry = chance.choice(np.array(_INDUSTRIES, dtype=object), CHUNK, p=_SHARES)
    code = _codes(chance, industry)
    name = firm_names(chunk * CHUNK + place, industry)
    wealth = chance.lognormal(12.6, 1.3, CHUNK)
    rate = np.minimum(chance.lognormal(2.9, 0.8, CHUNK), 180.0)
    employees = (chance.lognormal(3.0, 0.8, CHUNK) + 2).astype(np.int64)
    revenue = np.round(np.maximum(wealth * chance.lognormal(2.2, 0.5, CHUNK), employees * 160_000.0) / 10_000) * 10_000
    trades = (industry == "外贸") | ((industry == "制造") & (chance.random(CHUNK) < 0.25)) | (chance.random(CHUNK) < 0.02)
    core = (industry == "制造") & (chance.random(CHUNK) < 0.06)
    licence = np.where(trades, chance.random(CHUNK) < 0.75, chance.random(CHUNK) < 0.06)  # some trade without, some have it and do not
    opened_at = in_opening_hours(chance, world.last_day - chance.integers(40, 3_600, CHUNK))
    working = np.array([at for at, rm in enumerate(world.rms) if rm != "S0017"])
    rm = working[place % len(working)]
    owner = np.where(chance.random(CHUNK) < 0.35, chunk * CHUNK + chance.integers(20, CHUNK + 1, CHUNK), -1)
    for at, firm in ((at - 1, firm) for at, firm in cast.COMPANIES.items() if chunk == 0):
        name[at], industry[at], code[at], rm[at], owner[at] = firm.name, firm.industry, firm.industry_code, 0, firm.owner
        wealth[at], rate[at], employees[at], revenue[at] = firm.wealth, firm.rate, firm.employees, firm.revenue
        trades[at], licence[at], core[at] = firm.trades, firm.trades, firm.core
        opened_at[at] = world.ago(*firm.opened)
    opened = days_of(opened_at)
    high_tech = (industry == "科创") & (chance.random(CHUNK) < 0.5)
    patents = np.where(np.isin(industry.astype(str), ["科创", "制造"]), chance.poisson(np.where(high_tech, 5.0, 0.6)), 0)
    borrows = chance.random(CHUNK) < 0.6
    borrows[:2] |= chunk == 0
    known = (place <= len(cast.COMPANIES)) & (chunk == 0)
    happenings = Happenings(world)
    first, last = happenings.horizon[0], world.last_day
    life = draw(world, chunk, "company life")
    for event, those, a_year in (
        ("order_boom", industry != "", 0.15),
        ("expansion", employees > 15, 0.10),
        ("new_market", trades, 0.20),
        ("patent", patents > 0, 0.30),
        ("tender", industry == "建筑", 0.80),
        ("buyer_late", industry != "餐饮", 0.15),
    ):
        happens = life.random(CHUNK) < 1 - np.exp(-a_year * happenings.years)
        happenings.add(event, np.asarray(those & happens), life.integers(first, last + 1, CHUNK))
    events = happenings.all()
    kinds = {
        "any": np.ones(CHUNK, dtype=bool),
        "trader": trades,
        "maker": np.asarray(industry == "制造"),
        "shop": np.isin(industry.astype(str), ["餐饮", "小微商贸"]),
        "core": core,
        "high_tech": high_tech,
        "many": employees > 20,
        "rich": wealth > 1_000_000,
    }
    needs = arise(world, draw(world, chunk, "company needs"), events, _CAUSES, _COURSES, kinds, opened.astype(np.int32))
    going = draw(world, chunk, "company leaving")
    leaving = leave(world, going, opened.astype(np.int32), np.full(CHUNK, -1), known)
    supplier, buyer, volume, day, regular = _links(draw(world, chunk, "links"), core, revenue)
    return Companies(
        number=number,
        ids=identifiers("C", (number, 6)),
        name=name,
        industry=industry,
        industry_code=code,
        founded=(opened - chance.integers(30, 5_000, CHUNK)).astype(np.int32),
        employees=employees.astype(np.int32),
        revenue=revenue,
        wealth=wealth,
        rate=rate,
        trade_licence=licence.astype(bool),
        trades=trades.astype(bool),
        currency=np.where(trades, "USD", "").astype(object),
        link_supplier=supplier,
        link_buyer=buyer,
        link_volume=volume,
        link_day=day,
        link_regularity=regular,
        core=core,
        owner=owner.astype(np.int32),
        wound_up=np.full(CHUNK, -1, dtype=np.int32),  # see `endings`
        high_tech=high_tech,
        patents=patents.astype(np.int32),
        borrows=borrows,
        level=chance.integers(2, 5, CHUNK).astype(np.int8),
        opened_at=opened_at,
        rm=rm.astype(np.int32),
        branch=chance.integers(0, len(world.branches), CHUNK).astype(np.int32),
        main_account=identifiers("A", (number, 6), (np.ones(CHUNK), 2)),
        activity=busy(world, going, opened.astype(np.int32), leaving),
        response=_responses(chance),
        **fates(world, leaving, needs, events),
    )


def _cut(companies: Companies, count: int, persons: int) -> Companies:
    """Only the first companies; links to others and owners who are no customers fall away."""
    linked = (companies.link_supplier < count) & (companies.link_buyer < count)
    changes: dict[str, Any] = {}
    for field in fields(companies):
        values = getattr(companies, field.name)
        if field.name.startswith("need"):
            changes[field.name] = values[companies.need_person < count]
        elif field.name.startswith("event"):
            changes[field.name] = values[companies.event_person < count]
        elif field.name.startswith("link"):
            changes[field.name] = values[linked]
        else:
            changes[field.name] = values[:count]
    last = (int(companies.number[0]) - FIRST_NUMBER - 1) + persons
    changes["owner"] = np.where(changes["owner"] > last, -1, changes["owner"]).astype(np.int32)
    return replace(companies, **changes)


def _codes(chance: Generator, industry: Words) -> Words:
    dice = chance.random(CHUNK)
    code = np.full(CHUNK, "", dtype=object)
    for kind, codes in _CODES.items():
        here = np.flatnonzero(industry == kind)
        code[here] = np.array(codes, dtype=object)[(dice[here] * len(codes)).astype(np.int64)]
    return code


def _links(chance: Generator, core: NDArray[np.bool_], revenue: Floats) -> tuple[NDArray[Any], ...]:
    """Around each core manufacturer 5 to 15 suppliers and as many dealers, and some trade between any two.

    Most partners are near in number, so that a small bank, too, has them.
    """
    links: dict[tuple[int, int], tuple[float, int, float]] = {}
    for centre in np.flatnonzero(core).tolist():
        near = np.arange(max(0, centre - 40), min(len(core), max(0, centre - 40) + 100))
        near = chance.permutation(near[near != centre])
        many = int(chance.integers(5, 16))
        for partner, delivers in zip(near[: 2 * many].tolist(), [True, False] * many, strict=False):
            pair = (partner, centre) if delivers else (centre, partner)
            smaller = float(min(revenue[partner], revenue[centre])) / 12
            links[pair] = (smaller * float(chance.uniform(0.1, 0.5)), int(chance.integers(3, 27)), float(chance.uniform(0.5, 1.0)))
    for supplier in np.flatnonzero(chance.random(len(core)) < 0.3).tolist():
        buyer = min(max(supplier + int(chance.integers(-12, 13)), 0), len(core) - 1)
        if buyer != supplier and (supplier, buyer) not in links:
            smaller = float(min(revenue[supplier], revenue[buyer])) / 12
            volume = smaller * float(chance.uniform(0.02, 0.2))
            links[supplier, buyer] = (volume, int(chance.integers(1, 28)), float(chance.uniform(0, 0.8)))
    pairs = sorted(links)
    supplier_at, buyer_at = (np.array([pair[side] for pair in pairs], dtype=np.int32) for side in (0, 1))
    values = [links[pair] for pair in pairs]
    volumes, days, regular = (np.array(column) for column in zip(*values, strict=True)) if values else (np.zeros(0),) * 3
    return supplier_at, buyer_at, volumes, days.astype(np.int32), regular


def _responses(chance: Generator) -> NDArray[np.float32]:
    mean = np.array([0.45, 0.01, 0.5, 0.12, 0.1, 0.45])
    return chance.beta(mean * 8, (1 - mean) * 8, (CHUNK, 6)).astype(np.float32)
