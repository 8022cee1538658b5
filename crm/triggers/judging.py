"""Whether a trigger fires for a customer: every condition with its figure, so that who gets the task, and who does not, can be told why.

Pure: the situation is all that is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from compliance.days import bank_time
from crm.triggers.definitions import Trigger
from crm.triggers.seeing import title_of
from domain.app_events import Looks

_VERBS = {"abandon": "办到一半退出", "login_failed": "登录失败或闪退", "crash": "登录失败或闪退"}
_PRODUCTS = {"fund": "基金", "wealth": "理财", "insurance": "保险", "gold": "贵金属", "deposit": "存款"}
_CATEGORIES = {
    "wealth": "理财",
    "fund": "基金",
    "insurance": "保险",
    "pension": "养老产品",
    "mortgage": "房贷",
    "fx": "外汇产品",
    "business_loan": "经营贷款",
    "payroll": "代发",
    "term": "定期",
    "metal": "贵金属",
    "credit_card": "信用卡",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """How many categories customers alike hold: the percentile asked for, of whom, and how many those are."""

    categories: float
    whom: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that conditions look at. What is not known is None, and then the condition does not hold.

    `held` are the categories held, each with whether a regular plan buys it; `suits` gives for a kind of product how many on sale are
    suitable, and why none is; `kept_off` says why nothing may be offered now, empty where it may.
    """

    kind: str
    age: int | None
    looks: Looks | None
    held: Mapping[str, bool] | None
    usual: Usual | None
    suits: Mapping[str, tuple[int, str]]
    kept_off: Sequence[str]
    as_of: date | None
    profiling_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition: its name, whether it holds, and how things stand in Chinese."""

    name: str
    holds: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTrigger:
    """A trigger with every condition as it stands for one customer."""

    trigger: Trigger
    conditions: tuple[Condition, ...]

    @property
    def fires(self) -> bool:
        """Whether all of them hold."""
        return all(one.holds for one in self.conditions)


def judge(trigger: Trigger, situation: Situation) -> tuple[Condition, ...]:
    """Every condition of the trigger, in the order in which they are told. It fires where all of them hold."""
    asked = [_kind(trigger, situation), _seen(trigger, situation), _profiling(situation)]
    if trigger.penetration is not None:
        asked.append(_penetration(trigger.penetration, situation))
    if trigger.suits:
        asked.append(_suits(trigger.suits, situation))
    if trigger.without:
        asked.append(_without("without", trigger.without, situation, planned=False))
    if trigger.without_plan:
        asked.append(_without("without_plan", trigger.without_plan, situation, planned=True))
    if trigger.age is not None:
        asked.append(_age(trigger.age, situation))
    if trigger.offer:
        asked.append(Condition(name="free", holds=not situation.kept_off, said="；".join(situation.kept_off) or "现在可以联系"))
    return tuple(asked)


def _kind(trigger: Trigger, situation: Situation) -> Condition:
    said = "个人客户" if situation.kind == "person" else "企业客户"
    return Condition(name="kind", holds=situation.kind in trigger.kinds, said=said)


def _seen(trigger: Trigger, situation: Situation) -> Condition:
    watched, looks = trigger.seen, situation.looks
    pages = "、".join(title_of(theme) for theme in watched.themes[:2]) + ("等" if len(watched.themes) > 2 else "")
    what = _VERBS.get(watched.kinds[0], f"看{pages}页面")
    if looks is None:
        return Condition(name="seen", holds=False, said=f"近 {watched.days} 天没有{what}")
    where = f"（{looks.page}）" if looks.page and watched.kinds[0] in _VERBS else ""
    said = f"近 {watched.days} 天{what} {looks.count} 次，最近 {bank_time(looks.last_at):%m-%d %H:%M}{where}"
    return Condition(name="seen", holds=looks.count >= watched.least, said=said)


def _profiling(situation: Situation) -> Condition:
    said = "客户不同意用其数据做分析" if situation.profiling_refused else "没有拒绝数据分析"
    return Condition(name="profiling", holds=not situation.profiling_refused, said=said)


def _penetration(percentile: float, situation: Situation) -> Condition:
    held, usual = situation.held, situation.usual
    if held is None or usual is None:
        return Condition(name="penetration", holds=False, said="持有产品无数据")
    low = len(held) <= usual.categories
    bound = f"{usual.whom}（{usual.people} 户）的 {percentile:.0%} 分位 {usual.categories:g} 类"
    return Condition(name="penetration", holds=low, said=f"持有 {len(held)} 类产品，{'不高于' if low else '高于'}{bound}")


def _suits(kinds: tuple[str, ...], situation: Situation) -> Condition:
    found = [(kind, *situation.suits.get(kind, (0, ""))) for kind in kinds]
    fitting = [f"{count} 只在售{_PRODUCTS.get(kind, kind)}合适" for kind, count, _ in found if count]
    why = next((reason for _, count, reason in found if not count and reason), f"没有在售的{_PRODUCTS.get(kinds[0], kinds[0])}")
    return Condition(name="suits", holds=bool(fitting), said="、".join(fitting) or why)


def _without(name: str, categories: tuple[str, ...], situation: Situation, *, planned: bool) -> Condition:
    suffix = "定投" if planned else ""
    titles = "、".join(f"{_CATEGORIES.get(one, one)}{suffix}" for one in categories)
    if situation.held is None:
        return Condition(name=name, holds=False, said="持有产品无数据")
    has = [one for one in categories if (situation.held.get(one, False) if planned else one in situation.held)]
    return Condition(name=name, holds=not has, said=f"{'已有' if has else '还没有'}{titles}")


def _age(bounds: tuple[int, int], situation: Situation) -> Condition:
    first, last = bounds
    if situation.age is None:
        return Condition(name="age", holds=False, said="年龄无数据")
    return Condition(name="age", holds=first <= situation.age <= last, said=f"{situation.age} 岁（{first}–{last} 岁）")
