"""An RM asks for the code that binds a customer's WeChat; the customer hears it in person or by phone."""

from domain.book import Customer
from domain.effects import Effect, IssueBindCode, UpdateConversation
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.stepped_up import stepped_up


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Give a code after the second factor."""
    return stepped_up(turn, lookups, intent=HANDLER.intent, what="绑定", then=_give)


def _give(turn: Turn, customer: Customer) -> tuple[Effect, ...]:
    text = (
        f"{customer.name}的绑定码：{{code}}，10 分钟内有效，只能用一次。请当面或电话告诉本人，别发给旁人。"
        "客户在微信客服里发“绑定”加这串数字就行。"
    )
    return (
        IssueBindCode(customer_id=customer.id, draft=turn.reply(text, about=(customer.id,))),
        UpdateConversation(focus=customer.id),
    )


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·]{0,20}?)"

HANDLER = Handler(
    intent="bind_code",
    title="给客户微信绑定码",
    audience=RM,
    handle=handle,
    order=10,
    cues=(
        f"^(?:请|帮我)?(?:给|为|帮)? ?{_NAME}(?:客户)?(?:的|一个|发个?|生成|个|要个?)* ?(?:微信)?绑定码[。!吧 ]*$",
        f"^(?:微信)?绑定码 ?{_NAME}[。! ]*$",
    ),
    examples=("给张伟一个绑定码", "绑定码 C000002", "帮王芳生成微信绑定码"),
)
