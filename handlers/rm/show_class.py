"""Which class and stage a customer is in, and why; also as of a past day (A01, B05, B07, B10, B18)."""

from crm.segmentation.known import NotOfThatTime
from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.class_text import class_text, not_of_that_time
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.the_one import one_of
from handlers.then import meant_then


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say it; offer a choice when several are called that."""
    customers, day = meant_then(turn, lookups)
    customer = one_of(turn, lookups, customers, intent=HANDLER.intent, with_it=f" {day}" if day else "")
    if not isinstance(customer, Customer):
        return customer
    known = lookups.class_of(customer.id, day=day)
    if known is None:
        return (Say(draft=turn.reply(NO_RUN)), UpdateConversation(focus=customer.id))
    if isinstance(known, NotOfThatTime):
        return (Say(draft=turn.reply(not_of_that_time(known.day))), UpdateConversation(focus=customer.id))
    then = day is not None and day < lookups.today
    text = class_text(customer.name, known, caveat="" if then else lookups.caveat("classes"), then=then)
    buttons = (
        *((Button(label="看原因", payload=f"explain_leaving:{customer.id}"),) if known.row and known.row["warned"] else ()),
        Button(label="看需求", payload=f"show_needs:{customer.id}"),
    )
    purpose = "investigation" if turn.party.role is Role.COMPLIANCE else "relationship"
    seen = RecordAccess(action="class.viewed", customer_id=customer.id, purpose=purpose, fields=("needs",))
    reply = turn.reply(text, buttons=() if turn.party.role is Role.COMPLIANCE else buttons, about=(customer.id,))
    return (seen, Say(draft=reply), UpdateConversation(focus=customer.id))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()/\-., ]{0,40}?)"
_ASK = "(?:帮我|请|麻烦|给我|我想|我要|想)?(?:看看?|查查?|查询|说说|了解|问)?(?:一下|下)?"
_IS = (
    "(?:客户|这位|这个人|的|现在|目前|如今|到底|究竟|当时|那时|应该|还|又|是|算|属于|归|处于|处在|位于|在|分在|分到|定为|定成|评为|评的"
    "|我行|我们行|咱们){0,6}"
)
_CLASS = (
    "(?:(?:客户)?(?:级别|等级|层级|分层|分级|层次|评级|段位|梯队)|(?:客户)?(?:生命周期|关系)?(?:的)?(?:哪个|哪一?个?|什么|啥|当前)?阶段"
    "|(?:哪|什么|啥|几)[一个]?(?:层|级|档|类)(?:别|次)?(?:的)?(?:客户)?|(?:什么|啥)(?:样的?|类型的?)?客户|(?:战略|成长|基础|关注|普惠)(?:级|型))"
)
_TAIL = (
    "(?:和|与|及|跟|以及|、|,| |还有|结果|依据|理由|原因|根据|证据|为什么|凭什么|是|什么|啥|哪个|哪一?个?|多少|怎么|定|判|来|评|分|的"
    "|如何|怎样|样|几|了|吗|么|呢|吧|啊|呀|级|层|档|类|别|客户|阶段|生命周期|到){0,12}"
)

HANDLER = Handler(
    intent="show_class",
    title="看级别和阶段",
    audience=frozenset({Role.RM, Role.MANAGER, Role.COMPLIANCE}),
    handle=handle,
    order=16,
    about_one=True,
    cues=(
        "!谁|哪些|哪几|名单|他们|她们|这两|两人|两位|两个|不同|不一样|话术|案例|风险|测评|投诉|产品|健康|紧急|人生|家庭阶段|规则|标准|口径",
        f"^{_ASK}(?:为什么|为啥|凭什么|怎么)?{_NAME}{_IS}(?:为什么|为啥|凭什么|怎么)?{_IS}{_CLASS}{_TAIL}[。!? ]*$",
    ),
    examples=("他在我们这儿排得上号吗，是哪一档的", "这位现在走到哪一步了，新客还是老客", "她够不够得上战略级", "凭什么把他放在这一层"),
)
