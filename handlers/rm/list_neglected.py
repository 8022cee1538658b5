"""Whom we have left alone: customers of a class without contact in both directions, the longest first (A03)."""

import re

from crm.segmentation.definitions import policy_title
from domain.effects import Effect, Say
from domain.party import Role
from handlers.cues import together
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.paging import Row, asked_for, paged
from handlers.reaching_text import silence
from language.numbers import find_numbers

_CLASS = re.compile(r"战略|成长|潜力|基础|关注")
# What colleagues call the customers who have most.
_LARGE = re.compile(
    r"有钱|钱多|家底|大户|大客户|高净值|高端|贵宾|VIP|vip|重点客户"
    r"|(?:资产|存款|身家|余额)(?:比较|蛮|挺|很|最|较|特别)?(?:大|高|多|厚|可观)"
)
_DAYS = 30
_PER = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """List one page; without a class of the bank's all customers are looked at."""
    as_of = lookups.judged_on()
    if as_of is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    everybody = lookups.reached()
    if not everybody:
        return (Say(draft=turn.reply(f"银行还没有送来联系记录，看不出谁被冷落了（截至 {as_of}）。")),)
    _, words = asked_for(turn)
    named = _CLASS.search(words)
    wanted = {"潜力": "成长级"}.get(named[0], f"{named[0]}级") if named else "战略级" if _LARGE.search(words) else ""
    labels = lookups.labels([customer.id for customer, _ in everybody]) if wanted else {}
    if wanted and not labels:
        return (Say(draft=turn.reply(f"截至 {as_of} 还没有客户分层的结果，挑不出{wanted}。")),)
    days = _days(words) or _interval(lookups, wanted)
    found = [(customer, reached) for customer, reached in everybody if reached.silent_for >= days and wanted in labels.get(customer.id, "")]
    if not found:
        return (Say(draft=turn.reply(f"截至 {as_of}，{wanted or '您名下的'}客户 {days} 天内都有来有往，不用补。")),)
    head = f"{len(found)} 位{wanted}客户超过 {days} 天没有来有往（只发出去不算，截至 {as_of}）{{page}}："
    rows = [Row(customer=one, text=f"{one.name}｜{silence(reached)}", leads=f"how_to_reach:{one.id}") for one, reached in found]
    caveat = lookups.caveat("reaching")
    tail = f"回数字看用什么渠道联系。{f'注意：{caveat}' if caveat else ''}"
    return paged(turn, rows, intent=HANDLER.intent, action="reaching.listed", head=head, tail=tail)


def _days(said: str) -> int | None:
    for number in find_numbers(said):
        unit = re.match(r" ?个?(天|周|星期|礼拜|月)", said[number.span.end :])
        if unit and number.value > 0:
            return int(number.value * _PER[unit[1]])
    return None


def _interval(lookups: Lookups, wanted: str) -> int:
    """The contact interval that the service policy gives the class; without a class, a month."""
    return next((policy.cadence_days for policy in lookups.policies() if policy_title(policy.tier) == wanted), _DAYS)


HANDLER = Handler(
    intent="list_neglected",
    title="好久没联系的客户",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=16,
    offered=True,
    cues=(
        "!话术|案例|为什么|为啥|登录|交易|动账",
        "(?:哪些|谁|哪几位|哪几个|哪位|哪个|多少|几个|几位|有没有).{0,14}(?:好久|很久|许久|长期|长时间|一直|多久|[一二三四五六七八九十两\\d]+(?:天|周|个月|月|星期|礼拜)).{0,6}"
        "(?:没|没有|未)(?:有)?(?:联系|联络|沟通|跟进|搭理|理|互动|打过?交道|说过?话|触达|聊)",
        "(?:好久|很久|许久|长期|长时间|久未|[一二三四五六七八九十两\\d]+(?:天|周|个月|月|星期|礼拜)).{0,4}(?:没|没有|未)(?:有)?(?:联系|联络|沟通|跟进|互动|触达)过?的?"
        ".{0,6}(?:客户|名单|有哪些|有谁|是谁|列)",
        "(?:哪些|谁|哪几位).{0,10}(?:被)?(?:冷落|忽视|忽略|晾着|晾在一边)",
        "(?:忘了?|漏了?|落下).{0,4}(?:联系|联络|跟进|回访).{0,6}客户",
        together(
            "好久|很久|许久|太久|多久没|长期|长时间|太长|久未|一阵|段时间|些日子|最近|一直|多个?月|超过|\\d+天|[一二三四五六七八九十两]+个?(?:多)?(?:天|周|月|星期|礼拜)|半年",
            "没|未|不",
            "联系|联络|连系|沟通|跟进|搭理|互动|触达|来往|往来|碰过?面|见过?面|碰|打过?电话|说过?话|聊过?|碰过?头",
            "谁|哪些|哪几|哪位|哪个|几个|几位|多少|名单|列|拉|有没有|的客户|客户$|客户了|客户(?:里|中|当中)",
        ),
        "^(?:失联|久未联系|被冷落)的?.{0,4}(?:客户)?(?:名单|列表|有哪些|有谁)?[。!? ]*$",
    ),
    examples=("有潜力的客户里哪些被我晾着了", "我手上谁最久没说上话", "该补联系的客户给我排个序", "最近顾不上的成长级客户都有谁"),
)
