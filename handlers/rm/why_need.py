"""Why a customer is thought to need something: the evidence, and what the need would be without each piece (B16)."""

from crm.needs.naming import need_called
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.need_text import why_text
from handlers.picking import listed
from handlers.profile_text import NOT_YOURS
from language.normalise import normalise

_NOT_JUDGED = "需求还没有评估过：夜里的评估跑完后就有。"


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Explain one need; the likeliest one where none is named."""
    words, _, pressed = turn.argument.partition(" ")
    customers = meant(turn, lookups, words)
    if not customers and turn.conversation.focus and need_called(words):
        customers = meant(turn, lookups, "")  # what stands where a name may stand is a need: 为什么说外汇
    if len(customers) > 1:
        return listed(turn, lookups, customers, intent="show_needs", head=f"叫这个的有 {len(customers)} 位，问的是哪一位？")
    if not customers:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    customer = customers[0]
    chart = lookups.needs(customer.id)
    focus = UpdateConversation(focus=customer.id)
    if chart is None:
        return (Say(draft=turn.reply(_NOT_JUDGED)), focus)
    by_id = {view.definition.id: view.definition for view in chart.views}
    said = normalise(turn.said).replace(normalise(customer.name), "")
    need = by_id.get(pressed) or need_called(said, kind=customer.kind)
    other = need_called(said) if need is None else None
    if other is not None:
        return (Say(draft=turn.reply(f"{customer.name}没有指向{other.title}的证据（截至 {chart.day}）。", about=(customer.id,))), focus)
    if need is None and chart.views:
        need = chart.views[0].definition
    if need is None:
        return (Say(draft=turn.reply(f"{customer.name}：还没有看到指向任何需求的证据（截至 {chart.day}）。", about=(customer.id,))), focus)
    seen = RecordAccess(action="needs.viewed", customer_id=customer.id, purpose="relationship", fields=("needs",))
    return (seen, Say(draft=turn.reply(why_text(chart, need, caveat=lookups.caveat("needs")), about=(customer.id,))), focus)


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_WHY = "(?:为什么|为啥|凭什么|凭啥|怎么看出来?|依据什么|根据什么|怎么知道|怎么判断)"

_WHOSE = f"{_NAME}(?:这个客户|这位客户|客户|公司)?"
_THINK = "(?:会|你|系统)?(?:觉得|认为|说|判断|猜|推荐|建议)?(?:给)?"
_WANTS = "(?:会|可能|现在|最|还)*(?:需要|想要|想办|要做|要办|缺|用得上|有)"

HANDLER = Handler(
    intent="why_need",
    title="为什么有这个需求",
    audience=RM,
    handle=handle,
    order=21,
    cues=(
        "!话术|要是|如果|假如|流失|活跃|不及格|投诉",
        f"^{_WHY}{_THINK}{_WHOSE}{_WANTS}.{{1,20}}$",
        f"^{_WHOSE}{_WHY}{_THINK}{_WANTS}.{{1,20}}$",
        f"^{_WHOSE}(?:的)?.{{1,12}}需求(?:是)?{_WHY}(?:来|出来|得出|来的|的)*[。!? ]*$",
        f"^{_NAME}(?:的)?.{{1,12}}(?:需求)?(?:的)?(?:依据|证据|理由)(?:是什么|有哪些|在哪|呢)?[。!? ]*$",
    ),
    examples=("凭哪些迹象说他要办跨境结算", "这条需求的证据给我看看", "说他要买房是从哪看出来的"),
)
