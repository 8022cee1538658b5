"""What was bought for a need: one list, so that outcomes and the register of recordings tell the same story."""

from dataclasses import dataclass

import numpy as np

from sandbox.bank.arrays import Numbers
from sandbox.bank.crowd import Crowd
from sandbox.bank.world import World, draw

_BOUGHT_FOR = {
    "education_saving": "fund", "fund_plan": "fund", "global_allocation": "fund", "wealth_management": "wealth", "liquidity": "wealth",
    "treasury_investment": "wealth", "cash_management": "wealth", "pension_saving": "pension", "tax_planning": "pension",
    "term_deposit": "term", "gold": "metal", "insurance_protection": "insurance", "medical_insurance": "insurance",
    "inheritance": "insurance", "credit_card": "credit_card", "maternity_card": "credit_card", "home_purchase": "mortgage",
    "renovation": "consumer_loan", "consumer_loan": "consumer_loan", "car_purchase": "consumer_loan", "wedding": "consumer_loan",
    "business_loan": "business_loan", "working_capital": "business_loan", "loan_renewal": "business_loan", "tax_loan": "business_loan",
    "receivables_finance": "business_loan", "dealer_finance": "business_loan", "supply_chain": "business_loan",
    "ip_pledge": "business_loan", "export_credit": "business_loan", "green_loan": "business_loan", "personal_fx": "fx",
    "study_abroad": "fx", "fx_hedging": "fx", "trade_settlement": "fx", "payroll_service": "payroll", "payroll_change": "payroll",
    "merchant_acquiring": "settlement",
}  # fmt: skip
# What is invested for a need: the product and how much risk it bears.
INVESTED_FOR = {
    "wealth_management": ("P-104", 2), "liquidity": ("P-103", 1), "treasury_investment": ("P-103", 1), "cash_management": ("P-103", 1),
    "fund_plan": ("P-113", 2), "education_saving": ("P-112", 3), "global_allocation": ("P-114", 5), "gold": ("P-110", 3),
    "pension_saving": ("P-111", 2), "tax_planning": ("P-111", 2),
}  # fmt: skip
CATEGORIES = tuple(sorted({*_BOUGHT_FOR.values()}))
_MIDDLE = {
    "business_loan": 300_000, "consumer_loan": 60_000, "credit_card": 20_000, "fund": 15_000, "fx": 40_000, "insurance": 8_000,
    "metal": 12_000, "mortgage": 900_000, "payroll": 9_000, "pension": 12_000, "settlement": 5_000, "term": 60_000, "wealth": 80_000,
}  # fmt: skip
_HERE = 0.78  # of what is bought; the rest is bought elsewhere


@dataclass(frozen=True, slots=True)
class Sales:
    """Sales of the simulated months in parallel arrays; `category` is a place in CATEGORIES, `amount` is in cents."""

    owner: Numbers
    day: Numbers
    category: Numbers
    amount: Numbers


def bought_here(world: World, first_number: int, needs: int) -> Numbers:
    """Which of the needs of a chunk are met with this bank, if at all: the same at every call."""
    return np.asarray(draw(world, first_number, "bought here").random(needs) < _HERE)


def sales(crowd: Crowd, world: World) -> Sales:
    """The sales to a crowd, the same at every call."""
    dice = draw(world, crowd.chunk, "sales")
    kinds, kind = np.unique(crowd.need, return_inverse=True)
    category = np.array([CATEGORIES.index(_BOUGHT_FOR[str(need)]) if str(need) in _BOUGHT_FOR else -1 for need in kinds] or [-1])
    category = category[kind] if len(kind) else np.zeros(0, dtype=np.int64)
    here = bought_here(world, crowd.chunk, len(category))
    middle = np.log(np.array([_MIDDLE[name] for name in CATEGORIES]) * (6.0 if crowd.company else 1.0))
    amount = np.exp(dice.normal(middle[category], 0.7)) * 100
    day = crowd.need_until.astype(np.int64)
    known = (day >= np.maximum(world.first_day, crowd.opened_on[crowd.need_of])) & (day <= world.last_day)
    # One sale of a category to somebody on one day.
    key = (crowd.need_of.astype(np.int64) * 100_000 + day) * 100 + category
    _, firsts = np.unique(key, return_index=True)
    single = np.zeros(len(key), dtype=bool)
    single[firsts] = True
    risk = np.array([INVESTED_FOR.get(str(need), ("", 0))[1] for need in kinds] or [0])
    dares = (risk[kind] if len(kind) else np.zeros(0)) <= crowd.level[crowd.need_of]
    known &= dares & (day > crowd.opened_on[crowd.need_of] + 3)
    took = crowd.need_met & here & (category >= 0) & known & single & (day < crowd.stops[crowd.need_of])
    return Sales(crowd.need_of[took], day[took], category[took], amount[took].astype(np.int64) // 10_000 * 10_000)
