"""What happens in the lives of persons, and which needs it brings."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank.needs import Cause, Course, Events, Happenings
from sandbox.bank.population import Days, Flags, Places, Words
from sandbox.bank.world import World

CAUSES = {
    "wedding": (
        Cause("wedding", 0.6, -240, -40, 150),
        Cause("renovation", 0.35, -60, 120, 200),
        Cause("home_purchase", 0.25, -120, 200, 300),
        Cause("insurance_protection", 0.3, 0, 180, 250),
        Cause("credit_card", 0.15, -60, 90, 150),
    ),
    "birth": (
        Cause("maternity_card", 0.6, -170, 10, 120),
        Cause("education_saving", 0.6, 10, 300, 400),
        Cause("insurance_protection", 0.35, 0, 200, 250),
        Cause("medical_insurance", 0.25, 0, 200, 250),
    ),
    "house_purchase": (
        Cause("home_purchase", 0.9, -240, -40, 120),
        Cause("renovation", 0.65, 0, 90, 180),
        Cause("insurance_protection", 0.15, 0, 120, 250),
        Cause("consumer_loan", 0.15, 10, 150, 150),
    ),
    "job_change": (
        Cause("payroll_change", 0.5, -10, 40, 90),
        Cause("wealth_management", 0.15, 20, 200, 200),
        Cause("liquidity", 0.15, -30, 30, 60),
    ),
    "retirement": (
        Cause("pension_saving", 0.55, -400, 0, 400),
        Cause("health_service", 0.45, 0, 240, 400),
        Cause("term_deposit", 0.35, 0, 120, 150),
    ),
    "child_abroad": (
        Cause("study_abroad", 0.9, -400, -60, 250),
        Cause("personal_fx", 0.8, -150, 60, 240),
        Cause("global_allocation", 0.15, -100, 200, 300),
    ),
    "illness": (
        Cause("medical_insurance", 0.4, 10, 120, 200),
        Cause("health_service", 0.5, 0, 60, 300),
        Cause("liquidity", 0.3, 0, 30, 60),
    ),
    "parent_care": (Cause("elder_care", 0.8, 0, 60, 400),),
    "windfall": (
        Cause("wealth_management", 0.6, 0, 40, 120),
        Cause("term_deposit", 0.35, 0, 40, 90),
        Cause("gold", 0.2, 0, 90, 120),
        Cause("tax_planning", 0.15, 0, 120, 200),
    ),
    "job_loss": (
        Cause("debt_relief", 0.4, 10, 90, 180),
        Cause("liquidity", 0.5, 0, 60, 90),
        Cause("consumer_loan", 0.3, 10, 90, 120),
    ),
}

COURSES = (
    Course("student", "credit_card", 0.15, 200),
    Course("single", "fund_plan", 0.12, 250),
    Course("single", "car_purchase", 0.07, 200),
    Course("single", "credit_card", 0.08, 150),
    Course("single", "consumer_loan", 0.06, 120),
    Course("newlywed", "car_purchase", 0.12, 200),
    Course("newlywed", "fund_plan", 0.08, 250),
    Course("parenting", "education_saving", 0.12, 400),
    Course("parenting", "car_purchase", 0.06, 200),
    Course("parenting", "insurance_protection", 0.08, 250),
    Course("parenting", "fund_plan", 0.06, 250),
    Course("midlife", "pension_saving", 0.12, 400),
    Course("midlife", "wealth_management", 0.10, 200),
    Course("midlife", "gold", 0.04, 150),
    Course("midlife", "medical_insurance", 0.06, 250),
    Course("silver", "term_deposit", 0.15, 120),
    Course("silver", "health_service", 0.12, 400),
    Course("silver", "inheritance", 0.05, 400),
    Course("silver", "gold", 0.04, 150),
    Course("rich", "global_allocation", 0.08, 300),
    Course("rich", "tax_planning", 0.08, 250),
    Course("rich", "inheritance", 0.05, 400),
    Course("rich", "wealth_management", 0.15, 200),
    Course("owner", "business_loan", 0.20, 150),
    Course("owner", "liquidity", 0.10, 60),
)


def happen(
    world: World,
    chance: Generator,
    *,
    age: Places,
    stage: Words,
    stage_since: Days,
    work: Words,
    child_born: Days,
    children: Places,
) -> Events:
    """Draw what happens, in keeping with the stage of life that everybody is in on the last day."""
    count = len(age)
    happenings = Happenings(world)
    first, last = happenings.horizon[0], world.last_day

    def share(part: float) -> Flags:
        return np.asarray(chance.random(count) < part)

    def each_year(rate: float) -> Flags:
        return share(1 - float(np.exp(-rate * happenings.years)))

    def some_day() -> NDArray[np.int64]:
        return np.asarray(chance.integers(first, last + 1, count))

    def soon() -> NDArray[np.int64]:
        return np.asarray(last + chance.integers(1, 240, count))

    wed, parent, single, midlife, silver = (stage == name for name in ("newlywed", "parenting", "single", "midlife", "silver"))
    happenings.add("wedding", wed, stage_since.astype(np.int64))
    happenings.add("wedding", single & (age >= 24) & (age <= 36) & share(0.06), soon())
    happenings.add("birth", parent & (child_born >= 0), child_born.astype(np.int64))
    happenings.add("birth", wed & share(0.25), soon())
    happenings.add("birth", parent & (children >= 2), child_born + chance.integers(500, 1_800, count))
    for those, rate in ((single, 0.02), (wed, 0.14), (parent, 0.06), (midlife, 0.025)):
        happenings.add("house_purchase", those & each_year(rate), some_day())
    happenings.add("job_change", (work == "work") & each_year(0.11), some_day())
    happenings.add("job_loss", (work == "work") & each_year(0.02), some_day())
    happenings.add("retirement", silver & (work == "retired"), stage_since.astype(np.int64))
    happenings.add("retirement", midlife & (age >= 59) & (work == "work"), soon())
    abroad = (parent | midlife) & (child_born >= 0) & share(0.3)
    happenings.add("child_abroad", abroad, child_born + 18 * 365 + chance.integers(-120, 400, count))
    happenings.add("illness", silver & each_year(0.07), some_day())
    happenings.add("illness", midlife & each_year(0.02), some_day())
    happenings.add("parent_care", midlife & each_year(0.07), some_day())
    happenings.add("windfall", (age >= 25) & each_year(0.02), some_day())
    return happenings.all()
