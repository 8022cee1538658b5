"""Needs as staff read them on a phone: likeliest first, each with its dated evidence, then what would change it and what to ask."""

from collections.abc import Collection
from datetime import date

from crm.needs.charted import Charted
from crm.needs.definitions import NeedDefinition, needs
from crm.needs.graph import NeedView, Part, Signal, fades

_SHOWN, _FEW, _CHANGED = 4, 2, 4
_WEAK_FROM = 0.2
_WORTH_SAYING = 0.02
_PURPOSES = {"profiling": "画像", "registry": "工商", "tax": "税务", "intellectual_property": "知识产权", "social_security": "社保公积金"}
_MARKS = "①②③④⑤⑥"


def graph_text(chart: Charted, *, caveat: str = "") -> str:
    """The whole graph, at most twelve lines."""
    likely = chart.likely[:_SHOWN]
    head = f"{chart.name}的需求图谱（截至 {chart.day}）"
    lines = [
        f"{number}. {view.definition.title} {percent(view.probability)}：{_evidence(chart, view)}" for number, view in enumerate(likely, 1)
    ]
    if not likely:
        lines = ["现在没有把握较大的需求。"]
    top = likely[0] if likely else None
    lines += [_weak(chart), _without(chart, top), _raise(chart, top), _fade(chart, top), _asks(top), _served(chart, top), _consent(chart)]
    return "\n".join(line for line in (head, *lines, f"注意：{caveat}" if caveat else "") if line)


def why_text(chart: Charted, need: NeedDefinition, *, caveat: str = "") -> str:
    """Why one need is as likely as it is: each piece of evidence with what the need would be without it."""
    view = next((one for one in chart.views if one.definition.id == need.id), None)
    if view is None:
        return f"{chart.name}：没有证据指向{need.title}（截至 {chart.day}）。{_consent(chart)}"
    lines = [f"{chart.name} · {need.title} {percent(view.probability)}（截至 {chart.day}）"]
    lines += [
        f"{_MARKS[number]} {_told(chart, part.signal)}：没有它是 {percent(part.without)}"
        for number, part in enumerate(view.parts[: len(_MARKS) - 2])
    ]
    if view.parts and _joint(view):
        lines.append("几条同时有，比单独一条说明得多。")
    if view.hindrances:
        lines.append(f"反面：{'；'.join(_told(chart, signal) for signal in view.hindrances[:_FEW])}")
    lines += [_raise(chart, view), _fade(chart, view), _asks(view), _consent(chart)]
    return "\n".join(line for line in (*lines, f"注意：{caveat}" if caveat else "") if line)


def what_if_text(chart: Charted, names: Collection[str]) -> str:
    """What would be left of the needs without some of the evidence."""
    changed = [(view, view.without(names)) for view in chart.views]
    moved = sorted((one for one in changed if one[0].probability - one[1] >= 0.005), key=lambda one: one[1] - one[0].probability)
    strongest = sorted(names, key=lambda name: (-chart.known[name].value, name))
    more = f"等 {len(names)} 条" if len(names) > _FEW else ""
    gone = "、".join(f"“{chart.said(chart.known[name])}”" for name in strongest[:_FEW]) + more
    if not moved:
        return f"{chart.name}：没有{gone}，需求判断不变（截至 {chart.day}）。"
    lines = [
        f"{number}. {view.definition.title} {percent(view.probability)} → {percent(less)}"
        for number, (view, less) in enumerate(moved[:_CHANGED], 1)
    ]
    left = [view.definition.title for view, less in changed if less >= needs().shown_from]
    rest = f"仍然站得住的：{'、'.join(left[:_CHANGED])}" if left else "这样就没有把握较大的需求了。"
    return "\n".join((f"{chart.name}，假如没有{gone}（截至 {chart.day}）", *lines, rest))


def percent(probability: float) -> str:
    """As a colleague says it; never quite certain and never quite nothing."""
    return f"{min(max(round(probability * 100), 1), 99)}%" if probability > 0 else "0%"


def _evidence(chart: Charted, view: NeedView) -> str:
    return "；".join(_told(chart, part.signal) for part in view.parts[:_FEW]) or "没有单独说得动它的证据"


def _told(chart: Charted, signal: Signal) -> str:
    if signal.last_on is None:
        return chart.said(signal)
    day = f"{signal.last_on:%m-%d}" if signal.last_on.year == chart.day.year else f"{signal.last_on}"
    return f"{chart.said(signal)}，{'截至' if needs().evidence[signal.evidence].stated else '最近'} {day}"


def _weak(chart: Charted) -> str:
    weak = [view for view in chart.views if _WEAK_FROM <= view.probability < needs().shown_from][:3]
    return f"线索还弱：{'、'.join(f'{view.definition.title} {percent(view.probability)}' for view in weak)}" if weak else ""


def _without(chart: Charted, view: NeedView | None) -> str:
    part: Part | None = view.parts[0] if view and view.parts else None
    return f"什么会改变它：没有“{chart.said(part.signal)}”，{view.definition.title}降到 {percent(part.without)}" if view and part else ""


def _raise(chart: Charted, view: NeedView | None) -> str:
    if view is None or view.would_raise is None:
        return ""
    name, likely = view.would_raise
    if likely - view.probability < _WORTH_SAYING:
        return ""
    signal = Signal(evidence=name, count=1, last_on=None, strength=1.0, value=1.0)
    said = needs().evidence[name].said.partition("（")[0].replace("{count}", "几")
    return f"再看到“{said if chart.open or chart.said(signal) == signal.said else '资金方面的佐证'}”，会到 {percent(likely)}"


def _fade(chart: Charted, view: NeedView | None) -> str:
    day: date | None = fades(view, chart.day) if view else None
    return f"没有新动作，{view.definition.title}到 {day} 就不到 {percent(needs().shown_from)}" if view and day else ""


def _asks(view: NeedView | None) -> str:
    return f"可以问：{view.definition.asks}" if view else ""


def _served(chart: Charted, view: NeedView | None) -> str:
    names = [f"{name}（{code}）" for _, code, name in chart.serving(view)] if view else []
    return f"对得上的产品：{'、'.join(names)}，先问需要再谈" if names else ""


def _consent(chart: Charted) -> str:
    named = [title for purpose, title in _PURPOSES.items() if purpose in chart.withdrawn]
    return f"客户没有同意使用{'、'.join(named)}数据，这部分没有算进来" if named else ""


def _joint(view: NeedView) -> bool:
    return any(len(source.evidence) > 1 and all(name in view.known for name in source.evidence) for source in view.definition.sources)
