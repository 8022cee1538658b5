"""Warnings, activity and causes as a colleague says them: the finding, what it rests on, the next step; percentages, never sums."""

from collections.abc import Sequence
from datetime import date

from crm.activity.definitions import definitions
from crm.activity.judged import Activity, Verdict
from crm.activity.warned import Judged, Warned
from crm.causes.told import FoundCause

_LEVEL = {"high": "高", "normal": "中"}
_TEAMS = {"app": "科技"}
_PERCENT = 100


def activity_text(name: str, judged: Judged, *, caveat: str = "") -> str:
    """How active somebody is against themselves and against peers, and whether that is a warning."""
    activity = judged.activity
    if activity is None:
        return f"{name}：销户或停用了，不再评估活跃度（截至 {judged.as_of}）。"
    lines = [
        f"{name}{_against_self(activity)}",
        _verdict(activity, judged.warned),
        f"截至 {judged.as_of}，近4周比之前12周。{_note(caveat)}",
    ]
    return "\n".join(lines)


def why_text(name: str, judged: Judged, causes: Sequence[FoundCause], *, chance: str = "", caveat: str = "") -> str:
    """Why somebody may be growing quiet: the likeliest cause with its evidence, what else, and the question to ask.

    `chance` is a line on the probability.
    """
    state, as_of = _state(judged), f"截至 {judged.as_of}。{_note(caveat)}"
    as_of = f"{chance}\n{as_of}" if chance else as_of
    if not causes and not _is_cold(judged):
        return f"{name}{state}，也没有要查的原因。{as_of}"
    if not causes:
        return f"{name}{state}。没找到能说明原因的记录，不猜。\n建议直接问：“最近用我们的服务，有没有哪里不顺手？”\n{as_of}"
    first, *others = causes
    lines = [f"{name}{state}。疑似{first.cause.title}（{_evidence(first)}）。"]
    if others:
        lines[0] += "其次" + "、".join(f"{one.cause.title}（{_evidence(one)}）" for one in others[:2]) + "。"
    lines.append(f"只是推测，先问一句：“{first.cause.question}”")
    lines.append(as_of)
    return "\n".join(lines)


def warning_line(name: str, warned: Warned) -> str:
    """One line of the list of warnings."""
    return f"{name}｜{_LEVEL.get(warned.severity or '', '中')}｜{'；'.join(_route(route, warned) for route in warned.routes)}"


def needs_app_team(causes: Sequence[FoundCause]) -> FoundCause | None:
    """The cause that the people of the app should look at, if one is among the likely ones."""
    return next((one for one in causes if one.cause.team in _TEAMS), None)


def _against_self(activity: Activity) -> str:
    if activity.ratio is None:
        return "：暂时比不出活跃度，之前的记录太少。"
    return f"较本人基线{_change(activity.ratio)}，同类客户{_peers(activity.peer_ratio)}。"


def _verdict(activity: Activity, warned: Warned | None) -> str:
    others = [_route(route, warned) for route in warned.routes if route != "activity"] if warned else []
    also = f"另外{'；'.join(others)}，已列入预警。" if others else ""
    return _of_activity(activity) + also


def _of_activity(activity: Activity) -> str:
    sure = f"把握{_sure(activity.certainty)}" if activity.certainty is not None else ""
    match activity.verdict:
        case Verdict.WARNED:
            level = _LEVEL.get(activity.severity or "", "中")
            return f"活跃度{_drop(activity)}，真下降{sure}，{_since(activity.since)}，流失预警（{level}）。先问原因，别急着推产品。"
        case Verdict.NOT_YET:
            return f"活跃度{_drop(activity)}，真下降{sure}；上周还没到线，下周再看一次才报警。"
        case Verdict.UNSURE:
            return f"活跃度{_drop(activity)}，{sure}，样本不足，不报警。"
        case Verdict.WITH_PEERS:
            return f"活跃度{_drop(activity)}，但同类客户也在降，扣掉后不到三成，不报警。"
        case Verdict.STEADY:
            return "没有明显下降，不报警。"
        case Verdict.SELDOM:
            return "本来来得就少，按次数比不准，样本不足，不报警。"
        case Verdict.SHORT:
            return "观察期短，不足四周基线，先不判断。"


def _is_cold(judged: Judged) -> bool:
    fell = judged.activity is not None and judged.activity.ratio is not None and judged.activity.ratio <= definitions().fires.ratio
    return fell or (judged.warned is not None and judged.warned.warning)


def _state(judged: Judged) -> str:
    warned, activity = judged.warned, judged.activity
    if warned and warned.warning:
        return f"在预警名单上：{'；'.join(_route(route, warned) for route in warned.routes)}"
    if activity and _is_cold(judged):
        return f"活跃度{_drop(activity)}，还没到预警"
    return "没有明显变冷淡"


def _route(route: str, warned: Warned) -> str:
    match route:
        case "activity" if warned.ratio is not None:
            return f"活跃度下降{_whole(1 - warned.ratio)}，同类客户{_peers(warned.peer_ratio)}"
        case "aum":
            return "日均资产比前三个月明显走低"
        case "gap" if warned.long_gap is not None:
            return f"{warned.silent_days}天没有动静，以往间隔九成在{round(warned.long_gap)}天内"
    return route


def _evidence(found: FoundCause) -> str:
    when = f"{found.first_on:%m-%d}" if found.first_on == found.last_on else f"{found.first_on:%m-%d}至{found.last_on:%m-%d}"
    return f"证据{found.count}条，{when}"


def _drop(activity: Activity) -> str:
    ratio = 1.0 if activity.ratio is None else activity.ratio
    return f"下降{_whole(1 - ratio)}" if ratio <= 1 else f"上升{_whole(ratio - 1)}"


def _change(ratio: float) -> str:
    share = _whole(abs(1 - ratio))
    return "持平" if share == "0%" else f"{'−' if ratio < 1 else '+'}{share}"


def _peers(ratio: float | None) -> str:
    return "样本不足" if ratio is None else _change(ratio)


def _whole(share: float) -> str:
    # Halves go up: 0.455 is said as 46 %, whatever a float makes of it.
    return f"{int(round(share * _PERCENT, 6) + 0.5)}%"


def _sure(certainty: float) -> str:
    # Never said to be certain.
    return f"{min(99, int(round(certainty * _PERCENT, 6) + 0.5))}%"


def _since(since: date | None) -> str:
    return f"{since:%m-%d}起连续如此" if since else "连续两周如此"


def _note(caveat: str) -> str:
    return f"\n注意：{caveat}" if caveat else ""
