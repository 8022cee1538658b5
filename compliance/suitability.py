"""Whether a product may be named to a customer: NFRA Order 2025-7 (金融机构产品适当性管理办法), in force since 2026-02-01.

One pure function, used by the gate's rule and by handlers that choose what to speak of. A level that is missing, expired, dated in the
future or unreadable means: no rated product. The exception of Art. 38 is never used by the bot.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from compliance.days import add_months
from domain.book import Product, RiskAssessment

VALID_MONTHS = 12  # Order 2025-7 Art. 29: the result of a test is used for 12 months at most
ELDERLY_FROM = 65  # Order 2025-7: special duty of care for those of 65 and older
ELDERLY_CARE_RISK = 3  # R3 and above count as higher risk for them (our figure, stricter than the text)
ADULT_FROM = 18  # Order 2025-7 Art. 19: no sale to persons without full capacity through the bot
LEVELS = {f"C{number}": number for number in range(1, 6)}
RATINGS = {f"R{number}": number for number in range(1, 6)}
ALWAYS_RATED = frozenset({"wealth", "fund", "gold"})  # kinds that carry market risk: a missing rating is an error in the master


class Fit(StrEnum):
    """How product and customer fit. CARE: never pushed, and a reply that names it goes through a person."""

    SUITABLE = "suitable"
    CARE = "care"
    UNSUITABLE = "unsuitable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suitability:
    """The outcome with its reason (Chinese, for staff, naming level, product and rule) and a short code for counting."""

    fit: Fit
    code: str
    reason: str

    @property
    def suitable(self) -> bool:
        """Whether the product may be named without more ado, pushes included."""
        return self.fit is Fit.SUITABLE


def valid_until(assessment: RiskAssessment) -> date:
    """Tell the first day on which the assessment no longer counts."""
    return add_months(assessment.assessed_on, VALID_MONTHS)


def level_of(assessment: RiskAssessment | None, *, on: date) -> int | None:
    """Give the number of a level that counts on that day, or None when it is missing, expired, in the future or unreadable."""
    if assessment is None or not assessment.assessed_on <= on < valid_until(assessment):
        return None
    return LEVELS.get(assessment.level)


def assess_suitability(product: Product, assessment: RiskAssessment | None, *, on: date, age: int | None) -> Suitability:
    """Judge one product for one person on one day. `age` None means unknown (give 18 to 64 for a company's own account)."""
    name = f"{product.name}（{product.code}）"
    if not product.on_sale(on):
        return _unsuitable("not_on_sale", f"{name}在 {on} 不在售，不能介绍")
    if not product.risk:
        return _unrated(product, name)
    rating = RATINGS.get(product.risk)
    if rating is None:
        return _unsuitable("rating_unreadable", f"{name}的风险等级“{product.risk}”无法识别，请核对产品主档")
    level = level_of(assessment, on=on)
    if level is None or assessment is None:
        return _unsuitable("no_level", f"{name}风险等级 {product.risk}；{_why_no_level(assessment, on)}，按适当性办法第二十九条不得介绍")
    if rating > level:
        return _unsuitable(
            "above_level", f"{name}风险等级 {product.risk} 高于客户承受能力 {assessment.level}，按适当性办法第十二、十三条不得介绍"
        )
    if age is not None and age < ADULT_FROM:
        return _unsuitable("minor", f"客户未满 {ADULT_FROM} 周岁，{name}须由监护人到网点办理（适当性办法第十九条）")
    if product.private:
        return _care("private", f"{name}为私募产品，只能非公开地向合格投资者介绍（适当性办法第三十条），须由客户经理办理")
    if rating >= ELDERLY_CARE_RISK and (age is None or age >= ELDERLY_FROM):
        who = "客户年龄不明" if age is None else f"客户年满 {ELDERLY_FROM} 周岁"
        return _care("elderly", f"{who}，{name}风险等级 {product.risk}，须由客户经理履行特别注意义务，不得主动推送")
    return Suitability(fit=Fit.SUITABLE, code="suitable", reason=f"{name}风险等级 {product.risk} 不高于客户承受能力 {assessment.level}")


def _unrated(product: Product, name: str) -> Suitability:
    if product.kind in ALWAYS_RATED:
        return _unsuitable("rating_missing", f"{name}缺少风险等级，请先补齐产品主档再介绍")
    if product.private:
        return _care("private", f"{name}为私募产品，只能非公开地介绍，须由客户经理办理")
    return Suitability(fit=Fit.SUITABLE, code="unrated", reason=f"{name}不属于有风险评级的产品")


def _why_no_level(assessment: RiskAssessment | None, on: date) -> str:
    if assessment is None:
        return "客户没有风险测评"
    if assessment.assessed_on > on:
        return f"客户风险测评日期 {assessment.assessed_on} 晚于今天，无效"
    if on >= valid_until(assessment):
        return f"客户风险测评（{assessment.assessed_on}，{assessment.level}）已过 {VALID_MONTHS} 个月有效期"
    return f"客户风险等级“{assessment.level}”无法识别"


def _unsuitable(code: str, reason: str) -> Suitability:
    return Suitability(fit=Fit.UNSUITABLE, code=code, reason=reason)


def _care(code: str, reason: str) -> Suitability:
    return Suitability(fit=Fit.CARE, code=code, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One cell of the exhaustive table: what was asked, what an independent reading of the order expects, what came out."""

    level: str | None
    rating: str
    age_days: int
    push: bool
    may_name: bool
    expected: bool


def exhaustive(*, days: range = range(-2, 400), on: date = date(2026, 11, 23)) -> Iterator[Case]:
    """Enumerate level x rating x days since the test x push or reply, for a person of 40, beside the expected answer.

    The expectation counts in whole days and numbers only, not with the code above: 365 days are 12 months for tests since 2025-11-23.
    """
    for rating, risk in RATINGS.items():
        product = Product(code="X", name="X", kind="wealth", risk=rating, approval="A", as_of=on)
        for level in (None, *LEVELS, "C0", "C6", ""):
            for age_days in days:
                assessed = RiskAssessment(customer_id="X", level=level, assessed_on=on - timedelta(age_days)) if level is not None else None
                judged = assess_suitability(product, assessed, on=on, age=40)
                bound = LEVELS.get(level, 0) if level else 0
                for push in (True, False):
                    may_name = judged.suitable if push else judged.fit is not Fit.UNSUITABLE
                    yield Case(
                        level=level,
                        rating=rating,
                        age_days=age_days,
                        push=push,
                        may_name=may_name,
                        expected=0 <= age_days < (on - date(on.year - 1, on.month, on.day)).days and risk <= bound,
                    )
