"""RFM in three lines: the scores, why they are so, what to do next."""

from decimal import Decimal

from crm.features.definitions import feature_definitions
from crm.rfm.view import Cuts, NoScores, RfmView
from handlers.profile_text import money

_PEOPLE = {"person": "个人", "company": "企业"}
_LEVELS = 5
_YEAR = 365


def rfm_text(name: str, view: RfmView | NoScores, *, caveat: str = "") -> str:
    """Write the scores of a customer. `caveat` says that the transactions have stopped."""
    if isinstance(view, NoScores):
        why = "月初还没有可比的客户，下个月 1 号起打分" if view.dealings_known else "银行没有送来交易数据"
        return f"{name}：RFM 无数据（截至 {view.as_of}），{why}。"
    head = (
        f"{name}：R{view.recency.score} F{view.frequency.score} M{view.monetary.score}"
        f"（{_PEOPLE[view.kind]}客群，截至 {view.as_of}，切点版本 {view.version}）"
    )
    lines = [head, f"依据：{_recency(view)}；{_frequency(view)}；{_monetary(view)}。", _next(view)]
    if caveat:
        lines.append(f"注意：{caveat}")
    return "\n".join(line for line in lines if line)


def definition_text() -> str:
    """What the three scores mean."""
    months = feature_definitions().window_months
    return (
        f"RFM 每项 1–5 分，5 最好：R 最近一次本人交易离现在几天，F 每 30 天有几天在交易，M 近 {months} 个月收付合计。\n"
        "只算客户自己办的：利息、代扣、自己账户互转、冲正都不算，当日进出只算差额。\n"
        "切点按个人、企业各自的活跃客户，每月 1 号取 20/40/60/80% 定一次，当月不变。说“张三的RFM”就能看。"
    )


def _recency(view: RfmView) -> str:
    if view.last_on is None:
        return "R 从未有过本人交易"
    days = int(view.recency.value)
    when = f"{'今天' if days == 0 else f'{days} 天前'}（{view.last_on}）"
    cuts = view.recency.cuts
    return f"R 最近一次本人交易 {when}，{_few(cuts) if cuts.few else _within(cuts, view.recency.score)}"


def _within(cuts: Cuts, score: int) -> str:
    better = min(score + 1, _LEVELS)
    bound = cuts.points[_LEVELS - better]
    return f"{'当天有' if bound == 0 else f'{_plain(bound)} 天内'}得 {better} 分"


def _frequency(view: RfmView) -> str:
    cuts, score = view.frequency.cuts, view.frequency.score
    watched = f"{view.observed_days} 天里" if view.observed_days < _YEAR else f"近 {feature_definitions().window_months} 个月"
    better = cuts.points[min(score, _LEVELS - 1) - 1]
    # As exact as it takes to see that the value lies below the cut-point.
    digits = 2 if _plain(view.frequency.value) == _plain(better) else 1
    words = [f"F {watched} {view.active_days} 天有交易，每 30 天 {_plain(view.frequency.value, digits)} 天"]
    if cuts.few:
        return f"{words[0]}，{_few(cuts)}"
    if ahead := cuts.better_than(score):
        words.append(f"比 {ahead}% 的{_peers(view)}勤")
    if score < _LEVELS:
        words.append(f"多于 {_plain(better, digits)} 天得 {score + 1} 分")
    return "，".join(words)


def _peers(view: RfmView) -> str:
    return f" {view.peers} 位来得不久的客户" if view.peers else "同类"


def _monetary(view: RfmView) -> str:
    cuts = view.monetary.cuts
    shown = "收付金额" if view.amount is None else f"近 {feature_definitions().window_months} 个月收付 {money(view.amount)}，"
    if cuts.few:
        return f"M {shown}{'，' if view.amount is None else ''}{_few(cuts)}"
    ahead = cuts.better_than(view.monetary.score)
    return f"M {shown}{f'高于 {ahead}% 的同类' if ahead else '在同类最低的一档'}"


def _few(cuts: Cuts) -> str:
    return f"同类只有 {cuts.levels} 档，分数不全用"


def _plain(value: Decimal, digits: int = 1) -> str:
    shown = f"{value:.{digits}f}"
    return shown.rstrip("0").rstrip(".")


def _next(view: RfmView) -> str:
    brief = f"观察期短（{view.observed_days} 天），先别下结论。" if view.short_observation else ""
    hidden = "" if view.amount is not None else "M 的金额要动态口令，点“展开资产”。"
    return f"{brief}{hidden}"
