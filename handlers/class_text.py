"""Classes as a colleague says them: label and stage, what decided, the next step. Positions and percentages, never sums."""

from collections.abc import Sequence
from datetime import date

from crm.segmentation.differing import differing
from crm.segmentation.known import KnownClass
from crm.segmentation.reasons import ClassView, Reason
from crm.segmentation.rising import Rising


def class_text(name: str, known: KnownClass, *, caveat: str = "", then: bool = False) -> str:
    """The answer to "which class, and why". `then`: a past day was asked for."""
    if known.stage is None:
        return f"{name}：{known.as_of} 那天还不是我行客户。" if then else f"{name}：还没有分层结果（截至 {known.as_of}）。"
    since = f"，{known.since} 起" if known.since else ""
    if known.view is None:
        status = "客户状态（在册、已故）银行只给今天的，没有那天的。" if then else ""
        return f"{name}：{known.stage_title}{since}，不再分层（截至 {known.as_of}）。{status}"
    head = f"{name}：{known.view.label}｜{known.stage_title}{since}（截至 {known.as_of}）。{_again(known) if then else ''}"
    return "\n".join((head, *_evidence(known.view), _next(known, caveat=caveat, then=then))).strip()


def apart_text(one: tuple[str, KnownClass], other: tuple[str, KnownClass], *, caveat: str = "") -> str:
    """Why two customers are in different classes: what tells them apart, and nothing else."""
    (name, mine), (name_two, theirs) = one, other
    if mine.view is None or theirs.view is None:
        return "\n".join(f"{called}：{_ended(known)}" for called, known in (one, other))
    same = mine.view.label == theirs.view.label
    head = f"{name}、{name_two}都是{mine.view.label}" if same else f"{name} {mine.view.label}，{name_two} {theirs.view.label}"
    apart = differing(mine.view, theirs.view)
    lines = [f"{_family(pair)}：{name} {_said(pair[0])}；{name_two} {_said(pair[1])}" for pair in apart]
    return "\n".join((f"{head}（截至 {mine.as_of}）。", *lines, *_alike(mine.view, theirs.view), *_note(caveat)))


def rising_line(name: str, one: Rising) -> str:
    """One line of the list: what is missing, and what speaks for it."""
    missing = []
    if one.assets_reached:
        missing.append("资产已到线")
    elif one.gap_share is None:
        missing.append("资产无数据")
    else:
        missing.append(f"资产离线还差 {one.gap_share:.0%}")
    if one.stickiness_gap is None:
        missing.append("粘性无数据")
    elif one.stickiness_gap > 0:
        missing.append(f"粘性还差 {one.stickiness_gap:.0f} 分")
    speaks = []
    if one.growing and one.growth_standing is not None:
        speaks.append(f"成长高于 {one.growth_standing}% 的同类")
    if one.need and one.need_title:
        speaks.append(f"需求{one.need_title} {one.need:.0%}")
    return f"{name}｜{one.label}｜{'，'.join(missing)}{f'｜{chr(65292).join(speaks)}' if speaks else ''}"


def not_of_that_time(day: date) -> str:
    """The parameters of that day are not there."""
    return (
        f"{day} 那天没有评估过，全行当时的切点也没留下，单独算会拿今天的尺子量。"
        f"可以请合规安排补跑那一天（assess --at {day}），跑完我就能答。"
    )


def _again(known: KnownClass) -> str:
    if known.parameters is None:
        return "这是当天的评估结果。"
    if known.parameters == known.as_of:
        return "按当天数据重算，全行切点也是当天的。"
    return f"按当天数据重算，全行切点用 {known.parameters} 的。"


def _evidence(view: ClassView) -> tuple[str, ...]:
    deciding = [reason.text for reason in view.reasons if reason.decides]
    others = [reason.text for reason in view.reasons if not reason.decides]
    lines = (
        f"定级看：{'；'.join(deciding)}" if deciding else "",
        f"{'另外' if deciding else '依据'}：{'；'.join(others)}" if others else "",
    )
    return tuple(line for line in lines if line)


def _next(known: KnownClass, *, caveat: str, then: bool) -> str:
    row = known.row or {}
    step = ""
    if not then:
        if row["warned"]:
            step = "下一步：先看变冷的原因，别谈产品。"
        elif row["dormant"] and known.view:
            step = "下一步：好久没动账了，从他的需求聊起。"
        elif row["high"] and row["tier"] == "growth":
            step = "下一步：资产够了，差在粘性，聊聊他日常还在用哪家。"
    return "\n".join(part for part in (step, *_note(caveat)) if part)


def _ended(known: KnownClass) -> str:
    if known.view:
        return known.view.label
    return f"{known.stage_title}，不再分层（截至 {known.as_of}）" if known.stage else f"还没有分层结果（截至 {known.as_of}）"


def _family(pair: tuple[Reason, Reason]) -> str:
    return pair[0].text.partition("：")[0]


def _said(reason: Reason) -> str:
    return reason.text.partition("：")[2]


def _alike(one: ClassView, other: ClassView) -> Sequence[str]:
    alike = [_family((mine, mine)) for mine in one.reasons if mine.text == other.reason(mine.family).text]
    return (f"{'、'.join(alike)}两人一样。",) if alike else ()


def _note(caveat: str) -> Sequence[str]:
    return (f"注意：{caveat}",) if caveat else ()
