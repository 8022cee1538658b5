"""How each class of customers is served; a manager changes a term: 成长级改为每20天一次. Said back and confirmed first (B12)."""

import re
from collections.abc import Sequence

from compliance.days import bank_day
from crm.segmentation.definitions import policy_title
from crm.segmentation.policies import ServicePolicy, Term, terms
from domain.effects import EditPolicy, Effect, Say
from domain.message import Button
from domain.party import Role
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from language.numerals import parse_numeral

_TIER = "(?P<tier>战略|成长|基础|低频待激活|低频|待激活|关注)(?:级|类|型)?(?:的)?(?:客户)?"
_TIERS = {"战略": "strategic", "成长": "growth", "基础": "basic", "低频待激活": "idle", "低频": "idle", "待激活": "idle", "关注": "flag"}
_NUMBER = r"(?P<number>\d{1,4}|[一二两三四五六七八九十百]{1,6}|半)"
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "季度": 91, "年": 365}
_UNIT = f"个?(?P<unit>{'|'.join(_DAYS)})"
_ONCE = "(?:至少|最少|要|得|主动|联系|触达|回访|跟进|打电话|见面|见)*(?:一|1|两|2)?次"
_TERMS = {
    "answer": (re.compile(rf"{_NUMBER}个?(?:工作)?小时"),),
    "per_rm": (re.compile(rf"(?:每|一)(?:位|个|名|人)?(?:客户)?(?:经理|人).{{0,10}}?{_NUMBER}(?:户|个|位|家|名)"),),
    "budget": (re.compile(rf"每个?月.{{0,8}}?(?:最多|不超过|至多|上限|触达|发送|发).{{0,6}}?{_NUMBER}(?:次|条)"),),
    "cadence": (
        re.compile(rf"每(?:隔)?{_NUMBER}?{_UNIT}"),
        re.compile(rf"{_NUMBER}{_UNIT}.{{0,4}}?{_ONCE}"),
        re.compile(rf"(?:联系|触达|回访|跟进|间隔|频率|周期).{{0,8}}?{_NUMBER}{_UNIT}"),
    ),
}
_TIMES = re.compile(r"(?P<times>\d{1,2}|[一二两三四五六七八九十])次")
_WORDS = {
    "benefits": re.compile("权益(?:改|调整?|换|定|设)(?:为|成)[: ]*(?P<words>.{2,40})"),
    "channels": re.compile("渠道(?:改|调整?|换|定|设)(?:为|成)[: ]*(?P<words>.{2,30})"),
}
_CHANGES = "改|调|设|定为|变成|换成|提到|降到|缩短|延长|放宽|收紧|压到|控制在"
_CANCELLED = "cancel"
_CONFIRMED = re.compile(r"(?P<tier>[a-z]+) (?P<term>[a-z_]+) (?P<value>.+)")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show the table, ask whether a change is meant, or make it."""
    by_tier = {policy.tier: policy for policy in lookups.policies()}
    confirmed = _CONFIRMED.fullmatch(turn.argument)
    if turn.argument == _CANCELLED:
        return (Say(draft=turn.reply("好，没有改。")),)
    if confirmed and confirmed["tier"] in by_tier and confirmed["term"] in terms():
        return _changed(turn, by_tier[confirmed["tier"]], terms()[confirmed["term"]], confirmed["value"])
    named = re.search(_TIER, turn.said)
    tier = _TIERS[named["tier"]] if named else None
    if not re.search(f"{_CHANGES}|每.{{0,6}}一次|小时内答复", turn.said) or re.search(_HOW, turn.said):
        return (Say(draft=turn.reply(_table([by_tier[tier]] if tier else list(by_tier.values())))),)
    if turn.party.role is not Role.MANAGER:
        return (Say(draft=turn.reply("服务标准由管理岗改，您这里能看不能改。要我列出现在的标准，就说“各级别怎么服务”。")),)
    wanted = _wanted(turn.said)
    if tier is None or wanted is None:
        return (Say(draft=turn.reply("改哪一级的哪一项？比如“成长级改为每20天一次”“战略级2小时内答复”“基础级每位经理最多500户”。")),)
    term, value = wanted
    if not term.takes(value):
        return (Say(draft=turn.reply(f"{term.title}只能在 {term.least} 到 {term.most} {term.unit}之间，{value} 不行，没有改。")),)
    before = _value(by_tier[tier], term.id)
    if before == value:
        return (Say(draft=turn.reply(f"{policy_title(tier)}的{term.title}本来就是 {value} {term.unit}，不用改。")),)
    yes = Button(label="确认", payload=f"{HANDLER.intent}:{tier} {term.id} {value}")
    buttons = (yes, Button(label="取消", payload=f"{HANDLER.intent}:{_CANCELLED}"))
    text = f"{policy_title(tier)}的{term.title}：{before} {term.unit} → {value} {term.unit}。下一次排计划就按新的，会留痕。确认吗？"
    return (Say(draft=turn.reply(text, buttons=buttons)),)


def _changed(turn: Turn, policy: ServicePolicy, term: Term, value: str) -> tuple[Effect, ...]:
    if turn.party.role is not Role.MANAGER or not term.takes(value):
        return (Say(draft=turn.reply("这一项不能这样改，没有改。")),)
    edit = EditPolicy(tier=policy.tier, term=term.id, value=value)
    new, old = f"{value}{term.unit}", f"{_value(policy, term.id)}{term.unit}"
    text = f"改好了：{policy_title(policy.tier)}的{term.title}是 {new}（原来 {old}）。下一次排计划就按它。"
    return (edit, Say(draft=turn.reply(text)))


def _wanted(said: str) -> tuple[Term, str] | None:
    """The term that a sentence changes and its new value."""
    for name, pattern in _WORDS.items():
        if found := pattern.search(said):
            return terms()[name], found["words"].strip(" 。,.!")
    for name, patterns in _TERMS.items():
        found = next((match for pattern in patterns if (match := pattern.search(said))), None)
        number = _read(found) if found else None
        if number is not None:
            times = _TIMES.search(said) if name == "cadence" else None
            often = int(times_a_unit.low) if times and (times_a_unit := parse_numeral(times["times"])) else 1
            return terms()[name], str(number // often if often else number)
    return None


def _read(found: re.Match[str]) -> int | None:
    days = _DAYS[found["unit"]] if "unit" in found.re.groupindex else 1
    word = found["number"] or "1"
    if word == "半":
        return -(-days // 2)
    numeral = parse_numeral(word)
    return int(numeral.low) * days if numeral and numeral.low == numeral.high else None


def _table(policies: Sequence[ServicePolicy]) -> str:
    lines = [_line(policy) for policy in policies]
    changed = [edit for policy in policies for edit in policy.changed]
    last = max((edit.at for edit in changed), default=None)
    note = f"其中 {len(changed)} 项由管理岗改过，最近 {bank_day(last)}。" if last else "都是默认标准，还没有改过。"
    return "\n".join(("各级别服务标准：" if len(policies) > 1 else "服务标准：", *lines, note))


def _line(policy: ServicePolicy) -> str:
    return (
        f"{policy_title(policy.tier)}：每 {policy.cadence_days} 天联系一次，{policy.answer_hours} 个工作小时内答复，"
        f"每位经理至多 {policy.per_rm} 户，每月触达至多 {policy.monthly_budget} 次（{'、'.join(policy.channels)}）；{policy.benefits}"
    )


def _value(policy: ServicePolicy, term: str) -> str:
    values = {
        "per_rm": policy.per_rm,
        "cadence": policy.cadence_days,
        "answer": policy.answer_hours,
        "budget": policy.monthly_budget,
        "benefits": policy.benefits,
        "channels": "、".join(policy.channels),
    }
    return str(values[term])


_ANY_TIER = _TIER.replace("?P<tier>", "?:")
_NOW = "(?:现在|目前|分别|都|应该|该|要|得|怎样|是)*"
_HOW = "(?:怎么|如何|怎样|多久|多长时间|几天|隔几天)"
_DO = "(?:来)?(?:服务|维护|对待|管|联系|答复|跟进|回访|触达)"
_BID = "^(?:请|麻烦|帮我|把|将)*"

HANDLER = Handler(
    intent="service_policy",
    title="服务标准",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=21,
    cues=(
        "!为什么|为啥|凭什么|原因|标签|标为|标成|哪些客户|名单",
        f"(?:各|每个?|几个|所有|不同|四个|五个)(?:级别|等级|层级|分层|级|类)(?:的)?(?:客户)?{_NOW}{_HOW}{_DO}",
        "(?:服务(?:标准|政策|策略|规则)|差异化(?:服务|资源))(?:表|现在|目前|是|有|怎么|看|都|定|什么|哪些|样|的|给我|一下|看看)*[。!? ]*$",
        f"^{_ANY_TIER}{_NOW}{_HOW}(?:{_DO})?(?:一次)?[。!? 呢]*$",
        f"{_BID}{_ANY_TIER}.{{0,16}}(?:{_CHANGES}).{{1,40}}$",
        rf"{_BID}{_ANY_TIER}.{{0,12}}(?:每.{{0,6}}(?:天|周|月|季度)(?:联系|触达|回访)?.{{0,2}}一次|\d+个?(?:工作)?小时内答复)[。! ]*$",
    ),
    examples=("把成长级的联系频率调高一点", "战略级客户我们承诺多久回复", "低频客户一个经理能带多少户"),
)
