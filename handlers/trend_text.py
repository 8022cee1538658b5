"""What a picture shows, in words beside it: for who cannot see it, and for who would rather read."""

from crm.activity.trend import ActivityTrend
from crm.features.asset_trend import AssetTrend
from crm.health.definitions import definitions
from crm.health.trend import HealthTrend
from crm.segmentation.overview import LIGHTS, Overview

_LIGHTS = {"green": "绿", "amber": "黄", "red": "红", "none": "无数据"}
_MYRIAD = 10_000


def activity_trend_text(name: str, trend: ActivityTrend) -> str:
    """The quarter by weeks, the last four against the usual."""
    if not trend.known:
        return f"{name}：银行没有送来交易和登录数据，画不出活跃趋势（截至 {trend.as_of}）。"
    weeks = "、".join("无" if week.actions is None else f"{week.actions:.0f}" for week in trend.weeks)
    against = "平时的记录不足四周，比不出。"
    if trend.recent is not None and trend.usual:
        share = round((trend.recent / trend.usual - 1) * 100)
        moved = "跟平时持平" if share == 0 else f"比平时{'多' if share > 0 else '少'} {abs(share)}%"
        against = f"近4周平均每周 {trend.recent:.1f} 次，平时 {trend.usual:.1f} 次，{moved}。"
    rule = "一次交易算 1，当天登录算 0.3，有来有往的联系算 0.5"
    return f"{name}近90天每周活跃次数（从早到晚）：{weeks}。\n{against}\n截至 {trend.as_of}，{rule}。"


def asset_trend_text(name: str, trend: AssetTrend) -> str:
    """From the first month to the last; amounts only where the viewer may see them."""
    if not trend.months:
        return f"{name}：没有可用的资产数据，画不出走势（截至 {trend.as_of}）。"
    first, last = trend.months[0], trend.months[-1]
    peak, low = max(trend.months, key=lambda one: one.index), min(trend.months, key=lambda one: one.index)
    lines = [
        f"{name}月日均资产走势：{first.month:%Y-%m} 记为 100，{last.month:%Y-%m} 是 {last.index:.0f}"
        f"（最高 {peak.month:%Y-%m} 的 {peak.index:.0f}，最低 {low.month:%Y-%m} 的 {low.index:.0f}）。"
    ]
    if trend.change is not None:
        share = round(trend.change * 100)
        moved = f"{'高' if share > 0 else '低'} {abs(share)}%" if share else "持平"
        lines.append(f"本月比前三个月平均{moved}。")
    if last.average is not None:
        lines.append(f"现在 {last.average / _MYRIAD:,.2f} 万。只在本会话 10 分钟内可看，别转发。")
    else:
        lines.append("只看涨跌，不含金额；金额要动态口令，说“展开资产”。")
    return "\n".join((*lines, f"截至 {trend.as_of}。"))


def health_trend_text(name: str, trend: HealthTrend) -> str:
    """The score, its dimensions, and how it moved."""
    now = trend.now
    if now is None or now.score is None:
        return f"{name}：能用的数据都没有，健康度不打分（截至 {trend.as_of}）。"
    parts = "｜".join(
        f"{one.title} {'无数据' if (score := now.dimensions[one.name]) is None else int(score)}" for one in definitions().dimensions
    )
    moved = "，".join(f"{day.on:%m-%d} {'无数据' if day.score is None else int(day.score)}" for day in trend.days)
    return f"{name}健康度 {int(now.score)}：{parts}。\n走势：{moved}。\n截至 {trend.as_of}。"


def overview_text(whose: str, overview: Overview) -> str:
    """A line a class: how many, and on which lights."""
    about = "约 " if overview.suppressed else " "
    lines = [f"{whose}分了层的客户{about}{overview.total} 位（截至 {overview.as_of}）："]
    for row in overview.rows:
        lights = "、".join(f"{_LIGHTS[light]} {count}" for light, count in zip(LIGHTS, row.counts, strict=True) if count)
        whole = "不单列" if row.whole is None else f"{row.whole} 位"
        rest = f"，{'其余' if lights else '健康度'}不单列" if row.whole is not None and None in row.counts else ""
        lines.append(f"{row.label} {whole}{f'：{lights}' if lights else ''}{rest}")
    if overview.suppressed:
        lines.append("少于 5 位的格子不单列，免得认出是谁。")
    return "\n".join(lines)
