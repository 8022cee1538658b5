"""Why two customers are in different classes: named, or the two talked of last (A01)."""

import re
from collections.abc import Sequence

from crm.segmentation.known import KnownClass
from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.party import Role
from handlers.class_text import apart_text
from handlers.cues import together
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.no_run import NO_RUN
from handlers.picking import listed
from handlers.profile_text import NOT_YOURS

_ONE = r"[\u4e00-\u9fffa-z0-9·（）()]{1,20}?"
_WHY = "为什么|为啥|凭什么|凭啥|怎么|咋"
_PAIR = re.compile(
    rf"^(?:.*?(?:{_WHY}|[,]|比较|对比|比一?下|比比|看看|说说))?[ ,]*(?P<one>{_ONE})(?:和|跟|与|同|、|比)(?P<two>{_ONE})"
    rf"(?:的|两|俩|之间|{_WHY}|分层|级别|等级|层级|分级|不是|不在|不同|差|同样|一样|资产|,| |都|低|高|谁)"
)
_VERSUS = re.compile(
    rf"^(?:那|要是|如果)?(?:和|跟|与|同)(?P<other>{_ONE})(?:比一?比|对比|比|相比)"
    r"(?:一下|下|呢|起来|看看|怎么样|咋样|如何|差在哪|差哪){0,3}[。!? ]*$"
)
_WHICH = "您说的是哪两位？带上名字，比如“张三和李四为什么级别不同”。"


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say what tells the two apart; ask who is meant where that is not clear."""
    versus, pair = _VERSUS.search(turn.said), _pair(turn, lookups)
    if versus:
        found = _against(turn, lookups, versus["other"])
    else:
        found = [meant(turn, lookups, words) for words in pair] if pair else _last_two(turn, lookups)
    unclear = next((some for some in found if len(some) > 1), None)
    if unclear:
        return listed(turn, lookups, unclear, intent="show_class", head=f"叫这个的有 {len(unclear)} 位，先认准是哪一位：")
    if not all(found) or len(found) < 2:
        return (Say(draft=turn.reply(NOT_YOURS if pair else _WHICH)),)
    one, other = (some[0] for some in found)
    if one.id == other.id:
        return (Say(draft=turn.reply(_WHICH)),)
    classes = [lookups.class_of(customer.id) for customer in (one, other)]
    known = [found for found in classes if isinstance(found, KnownClass)]
    if len(known) < 2:
        return (Say(draft=turn.reply(NO_RUN)),)
    text = apart_text((one.name, known[0]), (other.name, known[1]), caveat=lookups.caveat("classes"))
    purpose = "investigation" if turn.party.role is Role.COMPLIANCE else "relationship"
    seen = tuple(
        RecordAccess(action="class.viewed", customer_id=customer.id, purpose=purpose, fields=("needs",)) for customer in (one, other)
    )
    # Both stay the two that are talked of, the one named last in front.
    focus = (UpdateConversation(focus=one.id), UpdateConversation(focus=other.id))
    return (*seen, Say(draft=turn.reply(text, about=(one.id, other.id))), *focus)


def _against(turn: Turn, lookups: Lookups, other: str) -> list[Sequence[Customer]]:
    """The one talked of and another; for a pronoun the two talked of last."""
    others = meant(turn, lookups, other)
    talked_of = meant(turn, lookups, "他")
    return _last_two(turn, lookups) if list(others) == list(talked_of) else [talked_of, others]


def _pair(turn: Turn, lookups: Lookups) -> tuple[str, ...]:
    """What names the two: names of customers wherever they stand, else what stands where names do."""
    names = sorted(lookups.names_in(turn.said), key=turn.said.index)
    if len(names) == 2:
        return tuple(names)
    found = _PAIR.search(turn.said)
    return (found["one"], found["two"]) if found else ()


def _last_two(turn: Turn, lookups: Lookups) -> list[Sequence[Customer]]:
    ids = (turn.conversation.focus_before, turn.conversation.focus)
    found = [lookups.customer(customer_id) for customer_id in ids if customer_id]
    return [(customer,) for customer in found if customer]


_APART = "不同|不一样|两样|区别|差别|差异|差在|不在一?个?|不是一"
_CLASS = "(?:分层|级别|等级|层级|分级|客户级|层次|档次|一级|一层|级|层|档)"

HANDLER = Handler(
    intent="compare_classes",
    title="比两位客户的级别",
    audience=frozenset({Role.RM, Role.MANAGER, Role.COMPLIANCE}),
    handle=handle,
    order=15,
    cues=(
        "!风险|测评|投诉|产品|话术|案例|利率|存单|健康",
        f"(?:他们|她们|这两|那两|两位|两个|两人|俩|前后).{{0,20}}(?:{_WHY}|什么原因).{{0,12}}{_CLASS}.{{0,8}}(?:不|差|两样|有别)",
        f"(?:{_WHY}|什么原因).{{0,30}}{_CLASS}.{{0,6}}(?:不同|不一样|不一致|有差|差别|差异|差|两样)",
        f"(?:{_WHY}).{{1,30}}(?:不是|不在|没在)(?:同一?|一)个?(?:{_CLASS})",
        f"(?:{_WHY}).{{1,24}}(?:比).{{1,20}}(?:低|高|差)(?:了)?(?:一|两|几)?个?{_CLASS}",
        _VERSUS.pattern,
        together("他们|她们|他俩|她俩|俩|两[个位人名]|那两|这两", _CLASS, f"{_APART}|高|低|凭|原因|{_WHY}"),
        together(".比.{1,10}[高低差]", _CLASS, f"{_WHY}|原因"),
        together("[和跟与同、]", _CLASS, f"{_APART}|对比|比较|比一?下|比比"),
        together("比", f"[高低]了?.{{0,2}}{_CLASS}|[跟和与].{{1,8}}比.{{0,10}}{_CLASS}", f"{_WHY}|原因"),
        f"(?:{_WHY}).{{1,14}}(?:战略|成长|基础|关注|普惠)级?[,、而却].{{1,10}}(?:战略|成长|基础|关注|普惠)",
        "一[个位]是?(?:战略|成长|基础|关注|普惠).{0,8}[, 而].{0,4}(?:另)?一[个位](?:却|就|才)?是?(?:战略|成长|基础|关注|普惠)|"
        "一[个位]是?(?:战略|成长|基础|关注|普惠)级?(?:型)?一[个位](?:却|就|才)?是?(?:战略|成长|基础|关注|普惠)",
        f"(?:比较|对比|比一?下|比比){_ONE}(?:和|跟|与){_ONE}(?:的)?(?:客户)?(?:分层|级别|等级|层级)",
        f"^{_ONE}(?:和|跟|与|同|、){_ONE}(?:的)?(?:客户)?(?:分层|级别|等级|层级|分级)(?:为什么|为啥|怎么|有什么|差在哪|哪里|区别|差别|不|差).*$",
    ),
    examples=("这俩人钱差不多，怎么分到两个层里了", "两位条件一样待遇怎么两样", "同样的家底凭什么一高一低"),
)
