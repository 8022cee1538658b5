"""What is drawn of trends and of a book, in the words of the picture. A picture shows what it is given and nothing else."""

from bot.charts import bars, curve, dimensions, stacked
from crm.activity.trend import ActivityTrend
from crm.features.asset_trend import AssetTrend
from crm.health.definitions import definitions
from crm.health.trend import HealthTrend
from crm.segmentation.overview import LIGHTS, Overview
from language.normalise import clip

Chart = bars.Bars | curve.Curve | dimensions.Dimensions | stacked.Stacked
Shown = ActivityTrend | AssetTrend | HealthTrend | Overview
_LIGHTS = {"green": "绿 健康", "amber": "黄 留意", "red": "红 告急", "none": "无数据"}
_MYRIAD = 10_000
_LEAST_POINTS = 2
_LONGEST = 16  # characters of a name that leave room beside the title


def chart_of(name: str, of: Shown) -> Chart | None:
    """The description of a picture; None where there is too little to draw."""
    name = clip(name, _LONGEST)
    match of:
        case ActivityTrend():
            return _activity(name, of)
        case AssetTrend():
            return _assets(name, of)
        case HealthTrend():
            return _health(name, of)
        case Overview():
            return _overview(name, of)


def drawn(chart: Chart) -> bytes:
    """The picture as a PNG."""
    match chart:
        case bars.Bars():
            return bars.drawn(chart)
        case curve.Curve():
            return curve.drawn(chart)
        case dimensions.Dimensions():
            return dimensions.drawn(chart)
        case stacked.Stacked():
            return stacked.drawn(chart)


def _activity(name: str, of: ActivityTrend) -> Chart | None:
    if len(of.known) < _LEAST_POINTS:
        return None
    return bars.Bars(
        title=f"{name} · 活跃趋势",
        note=f"每周活跃次数，近90天；深色是近4周（截至 {of.as_of}）",
        bars=tuple(bars.Bar(label=f"{week.until:%m-%d}", value=week.actions, strong=week.recent) for week in of.weeks),
        line=of.usual,
        line_label=f"平时每周 {of.usual:.1f}" if of.usual is not None else "",
    )


def _assets(name: str, of: AssetTrend) -> Chart | None:
    if len(of.months) < _LEAST_POINTS:
        return None
    first, last = of.months[0], of.months[-1]
    points = tuple((f"{one.month:%y-%m}", one.index, f"{one.index:.0f}") for one in of.months)
    note = f"月日均，{first.month:%Y-%m} = 100（截至 {of.as_of}）"
    if first.average is not None and last.average is not None:
        amounts = f"{first.average / _MYRIAD:,.1f} 万 → {last.average / _MYRIAD:,.1f} 万"
        note = f"月日均，{first.month:%Y-%m} = 100；{amounts}（截至 {of.as_of}）"
    return curve.Curve(title=f"{name} · 资产走势", note=note, points=points, level=100.0)


def _health(name: str, of: HealthTrend) -> Chart | None:
    now = of.now
    if now is None or now.score is None:
        return None
    rules = definitions()
    rows = [("总分", now.score), *((one.title, now.dimensions[one.name]) for one in rules.dimensions)]
    return dimensions.Dimensions(
        title=f"{name} · 健康度",
        note=f"0–100，{rules.red} 以下红、{rules.green} 起绿（截至 {of.as_of}）",
        rows=tuple((title, score, "" if score is None else _light(score)) for title, score in rows),
        trend=tuple((f"{day.on:%m-%d}", day.score) for day in of.days),
        limits=(rules.red, rules.green),
    )


def _light(score: float) -> str:
    rules = definitions()
    return "red" if score < rules.red else "amber" if score < rules.green else "green"


def _overview(name: str, of: Overview) -> Chart | None:
    if not of.rows:
        return None
    about, hidden = ("约 ", "；斜线：少于5位，不单列") if of.suppressed else (" ", "")
    note = f"各级别 × 健康度，共{about}{of.total} 位（截至 {of.as_of}）{hidden}"
    widest = max(row.whole or 0 for row in of.rows)
    return stacked.Stacked(
        title=f"{name} · 客户总览",
        note=note,
        parts=tuple((_LIGHTS[light], light) for light in LIGHTS),
        rows=tuple((row.label, row.counts, "略" if row.whole is None else f"{row.whole}") for row in of.rows),
        hidden=max(widest // 12, 3),
    )
