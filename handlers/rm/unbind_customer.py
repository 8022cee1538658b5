"""An RM ends what binds a customer to WeChat: a lost phone, a changed account."""

from domain.book import Customer
from domain.effects import Effect, Unbind
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.stepped_up import stepped_up


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Unbind every WeChat of the customer after the second factor."""
    return stepped_up(turn, lookups, intent=HANDLER.intent, what="解绑", then=_end)


def _end(turn: Turn, customer: Customer) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for what follows a code
    return (Unbind(customer_id=customer.id),)


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·]{0,20}?)"

HANDLER = Handler(
    intent="unbind_customer",
    title="解绑客户微信",
    audience=RM,
    handle=handle,
    order=10,
    cues=(
        f"^(?:请|帮我)?(?:解绑|解除绑定) ?{_NAME}(?:客户)?(?:的)?(?:微信)?[。!吧 ]*$",
        f"^(?:请|帮我)?(?:把|给|帮)? ?{_NAME}(?:客户)?(?:的)?微信(?:解绑|解除绑定)(?:了|掉)?[。!吧 ]*$",
    ),
    examples=("解绑张伟的微信", "把王芳的微信解绑了"),
)
