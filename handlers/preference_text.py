"""Preferences as a colleague says them: shares and days, never sums."""

from crm.preferences.view import PreferenceView

_SHOWN = 3


def preference_text(name: str, view: PreferenceView, *, caveat: str = "") -> str:
    """The answer to "what does this customer like to hold"."""
    lines = [f"{name}：{_held(view)}（截至 {view.as_of}）", _also(view), _deposits(view), f"注意：{caveat}" if caveat else ""]
    return "\n".join(line for line in lines if line)


def _held(view: PreferenceView) -> str:
    if not view.held:
        return "近12个月没有理财类持有，看不出偏好"
    shares = "、".join(f"{round((kind.share or 0) * 100)}% {kind.title}" for kind in view.held[:_SHOWN])
    days = f"，平均持有{view.mean_days}天" if view.mean_days is not None else ""
    return f"近12个月 {shares}{days}"


def _also(view: PreferenceView) -> str:
    parts = []
    rated = sum(view.risks.values())
    if rated and len(view.risks) > 1:
        parts.append(f"风险分布 {'、'.join(f'{risk} {round(share / rated * 100)}%' for risk, share in view.risks.items())}")
    bought = [f"{kind.title} {kind.bought} 次" for kind in view.kinds if kind.bought]
    if bought:
        parts.append(f"近12个月新买 {'、'.join(bought[:_SHOWN])}")
    return "；".join(parts)


def _deposits(view: PreferenceView) -> str:
    moved = f"存款{view.swing}（近半年日余额波动 {round(view.cv * 100)}%）" if view.cv is not None else "存款波动：无数据"
    ended = f"；定期到期 {view.ended} 笔，{view.kept} 笔接着存或买了" if view.ended else ""
    return f"{moved}{ended}"
