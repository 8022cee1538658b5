"""A meeting prepared in one message: who, how it stands, what is open, what they may need, what better not to say. No amounts."""

from collections.abc import Sequence
from datetime import date

from crm.activity.warned import Judged
from crm.causes.told import FoundCause
from crm.contacting.told import Reaching
from crm.health.judged import Health
from crm.needs.charted import Charted
from crm.priorities.planning import Reason
from crm.profile import Profile
from handlers.health_text import arrow, light, points
from handlers.leaving_text import warning_line
from handlers.priority_text import said
from handlers.profile_text import gap_question
from handlers.reaching_text import short, silence

_NEEDS, _GAPS, _OPEN = 2, 3, 3
_MARKS = "①②③"
_DUTIES = ("identity_expired", "risk_expired", "complaint_open", "deposit_matures", "loan_ends", "birthday")


def brief_text(
    profile: Profile,
    *,
    label: str,
    life: str,
    health: Health | None,
    judged: Judged | None,
    causes: Sequence[FoundCause],
    reaching: Reaching | None,
    chart: Charted | None,
    reasons: Sequence[Reason],
    offers_refused: bool,
    day: date,
    as_of: date,
    caveat: str = "",
) -> str:
    """One message, a line a thing; what is not known is said."""
    open_items = [said(one, warned=None, day=day) for one in reasons if one.what in _DUTIES]
    lines = [
        _head(profile, label, life),
        stands(health, judged),
        f"联系：{short(reaching)}；{silence(reaching.reached) if reaching.reached else '联系记录无数据'}" if reaching else "联系：无数据",
        f"未了：{'；'.join(open_items[:_OPEN])}" if open_items else "未了：没有",
        needs_line(chart),
        f"别说：{'；'.join(unsaid(profile, judged=judged, reasons=reasons, offers_refused=offers_refused))}",
        _gaps(profile),
        f"开场：“{_opening(chart, causes, judged)}”",
        f"截至 {as_of}。{f'注意：{caveat}' if caveat else ''}",
    ]
    return "\n".join(line for line in lines if line)


def unsaid(profile: Profile, *, judged: Judged | None, reasons: Sequence[Reason], offers_refused: bool) -> list[str]:
    """What better not to say, and why."""
    found = []
    if any(one.what == "complaint_open" for one in reasons):
        found.append("投诉没结，不谈产品")
    if offers_refused:
        found.append("客户不同意营销，不推产品")
    if judged and judged.warned and judged.warned.warning:
        found.append("在流失预警里，先问原因，别急着推")
    if profile.risk is None:
        found.append("没做过风险测评，不谈有风险的产品")
    elif not profile.risk.counts:
        found.append("风险测评过期，不谈有风险的产品")
    else:
        found.append(f"不提 {profile.risk.level.replace('C', 'R')} 以上的产品" if profile.risk.level != "C5" else "不承诺收益")
    return found


def _head(profile: Profile, label: str, life: str) -> str:
    occupation = profile.known("occupation") or profile.known("industry")
    parts = (
        f"{profile.age}岁" if profile.age is not None else "",
        occupation.value if occupation else "",
        label,
        life,
        f"持有{'、'.join(profile.products[:3])}{'等' if len(profile.products) > 3 else ''}" if profile.products else "没有在用的产品",
    )
    return f"{profile.name}（{profile.customer_id}）：{'｜'.join(part for part in parts if part)}"


def stands(health: Health | None, judged: Judged | None) -> str:
    """Health and whether there is a warning, in a line."""
    score = f"健康度 {points(health.score)}（{light(health)}，{arrow(health)}）" if health and health.score is not None else "健康度无数据"
    if judged is None or judged.warned is None:
        return f"{score}；流失预警无数据"
    if not judged.warned.warning:
        return f"{score}；没有流失预警"
    return f"{score}；流失预警：{warning_line('', judged.warned).split('｜', 1)[1]}"


def needs_line(chart: Charted | None) -> str:
    """The likeliest needs with their evidence, in a line."""
    if chart is None:
        return "需求：无数据"
    shown = []
    for view, mark in zip(chart.likely[:_NEEDS], _MARKS, strict=False):
        evidence = "、".join(f"{chart.said(part.signal)}（{part.signal.last_on:%m-%d}）" for part in view.parts[:2] if part.signal.last_on)
        shown.append(f"{mark}{view.definition.title} {int(view.probability * 100 + 0.5)}%{f'：{evidence}' if evidence else ''}")
    return f"需求：{' '.join(shown)}" if shown else "需求：没有够把握的，多问少推"


def _gaps(profile: Profile) -> str:
    asked = [f"{mark}{gap_question(gap)}" for gap, mark in zip(profile.gaps[:_GAPS], _MARKS, strict=False)]
    return f"可以问：{' '.join(asked)}" if asked else ""


def _opening(chart: Charted | None, causes: Sequence[FoundCause], judged: Judged | None) -> str:
    if causes and judged and judged.warned and judged.warned.warning:
        return causes[0].cause.question
    if chart and chart.likely:
        return chart.likely[0].definition.asks
    return "最近一切都顺利吗，有什么我能帮上忙的？"
