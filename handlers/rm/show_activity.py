"""How active a customer is: against the own usual and against peers, and how sure that is (C14, F03)."""

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.cues import UNFOLD, of_whom
from handlers.handler import Handler, Turn
from handlers.leaving_text import activity_text
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.the_one import the_one


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say it; offer a choice when several are called that."""
    customer = the_one(turn, lookups, intent=HANDLER.intent)
    if not isinstance(customer, Customer):
        return customer
    judged = lookups.leaving(customer.id)
    text = activity_text(customer.name, judged, caveat=lookups.caveat("leaving")) if judged else NO_RUN
    seen = RecordAccess(action="activity.viewed", customer_id=customer.id, purpose="relationship", fields=("needs",))
    buttons = (
        Button(label="看原因", payload=f"explain_leaving:{customer.id}"),
        Button(label="画活跃图", payload=f"draw_activity:{customer.id}"),
    )
    return (seen, Say(draft=turn.reply(text, buttons=buttons, about=(customer.id,))), UpdateConversation(focus=customer.id))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_ASK = "(?:帮我|请|麻烦|给我|我想|我要|想)?(?:看看?|查查?|查询|说说|了解)?(?:一下|下)?"

HANDLER = Handler(
    intent="show_activity",
    title="看活跃度",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=18,
    about_one=True,
    cues=(
        "!为什么|为啥|为何|咋[么会就]|名单|哪些|谁|客群|整体|案例|话术|图|画|走势|曲线|口径|怎么算",
        of_whom("活跃", f"{UNFOLD}|降|掉|少|低|高|怎么|咋|吗|如何|情况|还|不$|不[?!。]"),
        of_whom("来得少|来的少|用得少|用的少|登录少|登得少|不怎么登录|冷淡|变冷", "吗|没|了"),
        f"^{_ASK}{_NAME}(?:客户|这位|这个人)?(?:的|最近|近来|这阵子|现在)* ?(?:活跃度?|活跃程度|活跃情况|行为健康度?)"
        "(?:怎么样|如何|变化|情况|高不高|高吗|降了没有?|下降了?吗|有没有(?:下降|变化)|正常吗|还好吗|多少|趋势|呢|吧|是|啊)*[。!? ]*$",
        f"^{_NAME}(?:最近|近来|这阵子|还|现在)*(?:活不活跃|活跃吗|来得勤吗|用得多吗|用得勤吗|登录多吗|登得勤吗|冷淡了吗|变冷淡了?吗"
        "|变冷了吗|有没有变冷淡?|是不是(?:变冷淡?|要流失|快流失)了?)[。!? ]*$",
    ),
    examples=("他这阵子来得还勤不勤", "她用手机银行比以前少了吗", "这位客户跟平时比是不是安静了", "帮我瞧瞧他动静比同类少没少"),
)
