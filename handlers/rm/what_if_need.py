"""What would be left of a customer's needs without some of the evidence (B16)."""

from crm.needs.charted import Charted
from crm.needs.naming import evidence_meant
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.need_text import what_if_text
from handlers.profile_text import NOT_YOURS
from language.normalise import normalise

_NOT_JUDGED = "需求还没有评估过：夜里的评估跑完后就有。"


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Leave out what is named; the strongest evidence where nothing is."""
    customers = meant(turn, lookups, turn.argument) or meant(turn, lookups, "")
    if len(customers) != 1:
        return (
            Say(
                draft=turn.reply(
                    NOT_YOURS if not customers else "您说的是哪一位？先说名字，比如“看下华贸的需求图谱”，再问要是没有哪条证据。"
                )
            ),
        )
    customer = customers[0]
    chart = lookups.needs(customer.id)
    focus = UpdateConversation(focus=customer.id)
    if chart is None:
        return (Say(draft=turn.reply(_NOT_JUDGED)), focus)
    names = evidence_meant(normalise(turn.said).replace(normalise(customer.name), ""), chart.known.values()) or _strongest(chart)
    if not names:
        return (Say(draft=turn.reply(f"{customer.name}：还没有看到指向任何需求的证据（截至 {chart.day}）。", about=(customer.id,))), focus)
    seen = RecordAccess(action="needs.viewed", customer_id=customer.id, purpose="relationship", fields=("needs",))
    return (seen, Say(draft=turn.reply(what_if_text(chart, names), about=(customer.id,))), focus)


def _strongest(chart: Charted) -> tuple[str, ...]:
    parts = chart.views[0].parts if chart.views else ()
    return (parts[0].signal.evidence,) if parts else ()


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"

_EVIDENCE = (
    "(?:查询|浏览|看过|点击|搜索|询价|消费|购买|资质|经营权|牌照|许可|纳税|交税|专利|知识产权|工资|代发|到期|投诉|社保|公积金|孩子|年龄|行业"
    "|结汇|结售汇|证据|记录|行为|线索)"
)
_SUPPOSE = "(?:要是|如果|假如|假设|若|万一)(?:他们?|她|它|这家|客户)?"
_LEAVE_OUT = "(?:没有?|不算|去掉|不看|拿掉|抛开|剔除|不考虑)(?:了|过)?(?:这些?|那些?|这几[次条])?"

HANDLER = Handler(
    intent="what_if_need",
    title="没有这条证据会怎样",
    audience=RM,
    handle=handle,
    order=20,
    cues=(
        "!话术|额度|利率",
        f"^{_NAME}(?:这个客户|这位客户|客户|公司)?{_SUPPOSE}{_LEAVE_OUT}.{{0,12}}?{_EVIDENCE}.{{0,10}}$",
        f"^{_NAME}(?:的)?(?:需求)?{_LEAVE_OUT}.{{0,10}}?{_EVIDENCE}(?:的话|以后|之后|呢|会怎样|还剩什么|会怎么样|会变吗)+[。!? ]*$",
    ),
    examples=("把查汇率那条拿掉，结论还成立吗", "他要是没这些浏览记录，判断会变成什么样"),
)
