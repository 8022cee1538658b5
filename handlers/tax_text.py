"""What taxes say of a limit, in a colleague's words: the conclusion, the figures with their months, what is missing."""

from datetime import date
from decimal import Decimal

from crm.needs.limits import TaxView, Verdict

_MYRIAD = Decimal(10_000)
_MISSING_SHOWN = 4


def tax_text(name: str, view: TaxView, *, amounts: bool) -> str:
    """At most four lines. Amounts are for who stepped up; without them the band is told in percent."""
    lines = [f"{name}：{_conclusion(view, amounts=amounts)}", f"依据：{_figures(view)}"]
    if view.missing:
        named = "、".join(f"{month:%Y-%m}" for month in view.missing[:_MISSING_SHOWN])
        more = f"等 {len(view.missing)} 个月" if len(view.missing) > _MISSING_SHOWN else ""
        lines.append(f"缺 {named}{more}的纳税数据，按能对上的月份算")
    return "\n".join(lines)


def _conclusion(view: TaxView, *, amounts: bool) -> str:
    if view.verdict is Verdict.BAND:
        assert view.low is not None
        assert view.high is not None
        assert view.shares is not None
        low, high = (f"{round(share * 100)}%" for share in view.shares)
        capped = f"（已按{view.capped_by}封顶）" if view.capped_by else ""
        if not amounts:
            return f"可评估提升 {_span(low, high)}{capped}，需人工审批。"
        return f"可评估提升至 {_span(str(_wan(view.low)), str(_wan(view.high)))}万{capped}，需人工审批。"
    return {
        Verdict.CAPPED: f"纳税在涨，但额度已到{view.capped_by}的封顶，不建议再提。",
        Verdict.NO_GROWTH: "纳税没有明显增长，看不出提额空间。",
        Verdict.LOW_GRADE: f"纳税信用 {view.grade} 级，不支持按纳税提额。",
        Verdict.OVERDUE: "有贷款逾期，先处理逾期，不谈提额。",
        Verdict.TOO_FEW_MONTHS: f"两年能对上的月份只有 {view.compared} 个，不够给区间；先补齐纳税数据。",
        Verdict.NO_LIMIT: "现在没有经营贷额度，谈不上提升；首次授信走尽调。",
    }[view.verdict]


def _figures(view: TaxView) -> str:
    growth = f"纳税同比 {view.growth:+.0%}（{view.compared} 个月可比，到 {_month(view.last_month)}）" if view.growth is not None else ""
    grade = f"纳税信用 {view.grade} 级" if view.grade else "没有纳税信用等级"
    return "，".join(filter(None, (growth or f"纳税数据到 {_month(view.last_month)}", grade)))


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def _wan(amount: Decimal) -> Decimal:
    return (amount / _MYRIAD).normalize() if amount % _MYRIAD else Decimal(int(amount / _MYRIAD))
