"""What a customer may need, why, and what would be left without some of the evidence (B16, B17)."""

from crm.needs.charted import Charted
from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from handlers.answers import answer
from handlers.cues import UNFOLD, of_whom
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.need_text import graph_text
from handlers.picking import listed
from handlers.profile_text import NOT_YOURS
from retrieval.evidence import Decision

NOT_JUDGED = "需求还没有评估过：夜里的评估跑完后就有。"


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show the graph; offer a choice when several are called that."""
    customers = meant(turn, lookups, turn.argument)
    if len(customers) > 1:
        return listed(turn, lookups, customers, intent=HANDLER.intent, head=f"叫这个的有 {len(customers)} 位，看哪一位的需求？")
    if not customers:
        evidence = lookups.search(turn.said)
        return answer(turn, lookups, evidence) if evidence.decision is Decision.DIRECT else (Say(draft=turn.reply(NOT_YOURS)),)
    return _show(turn, lookups, customers[0], lookups.needs(customers[0].id))


def _show(turn: Turn, lookups: Lookups, customer: Customer, chart: Charted | None) -> tuple[Effect, ...]:
    focus = UpdateConversation(focus=customer.id)
    if chart is None:
        return (Say(draft=turn.reply(NOT_JUDGED)), focus)
    seen = RecordAccess(action="needs.viewed", customer_id=customer.id, purpose="relationship", fields=("needs",))
    buttons = tuple(
        Button(label=f"为什么{view.definition.title}", payload=f"why_need:{customer.id} {view.definition.id}") for view in chart.likely[:2]
    )
    top = chart.likely[0] if chart.likely else None
    draft = turn.reply(
        graph_text(chart, caveat=lookups.caveat("needs")),
        buttons=buttons,
        image=lookups.need_picture(chart),
        products=tuple(code for _, code, _ in chart.serving(top)) if top else (),
        about=(customer.id,),
    )
    return (seen, Say(draft=draft), focus)


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_ASK = "(?:帮我|请|麻烦|给我|我想|我要|想)?"
_SEE = "(?:看看?|查查?|查询|调出?|打开|画|出|给我|生成|说说|讲讲|了解|分析|猜猜?|想想)?(?:一下|下|个|一?张|看)?"
_WHOSE = f"{_NAME}(?:这个客户|这位客户|客户|公司)?"
_GRAPH = "(?:金融|潜在)?需求(?:图谱?|分析|清单|列表)?(?:有哪些|是什么|怎么样|呢|给我|看看|吧|画一下|一下)*"
_NEEDS = "(?:现在|目前|最近|接下来|下一步|大概)*(?:可能|会|最|大概|还)*(?:需要|缺|想要|用得上)(?:些?什么|啥|哪些)(?:产品|服务|东西|呢|吗)*"

HANDLER = Handler(
    intent="show_needs",
    title="看需求图谱",
    audience=RM,
    handle=handle,
    order=22,
    about_one=True,
    cues=(
        "!话术|案例|知识库|提前|准不准|准确率|为什么|为啥|凭什么|要是|如果|假如|资料|信息|kyc|证件|预测|谁|哪些客户|怎么聊|怎么说",
        f"^{_ASK}{_SEE}(?:客户)? ?{_WHOSE}(?:的)? ?{_GRAPH}[。!? ]*$",
        f"^{_ASK}{_SEE}{_WHOSE}{_NEEDS}[。!? ]*$",
        of_whom("需求", f"{UNFOLD}|有没有|没有|有什么|有啥|什么|情况|画|图"),
    ),
    examples=(
        "这位客户下一步可能会想办什么业务",
        "他最近有什么用钱的打算看得出来吗",
        "从数据看这家公司会需要我们哪些服务",
        "把他的需求画成图给我",
    ),
)
