"""Nothing an RM said was understood: the nearest card, and what can be asked."""

from domain.effects import Effect, Say
from domain.message import Button
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.routing import NONE_OF_THESE

_BUTTONS = (
    Button(label="待接", payload="waiting:"),
    Button(label="客户名单", payload="find_customers:"),
    Button(label="能做什么", payload="help:"),
)


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for all handlers
    """Say so, with three ways on."""
    if turn.argument == NONE_OF_THESE:
        text = "那换个说法：看客户说“姓名的画像”，找材料说“……的案例”或直接问业务。"
    else:
        text = "没看懂这句。看客户说“姓名的画像”，找材料说“……的案例”，接客户发“待接”。"
    return (Say(draft=turn.reply(text, buttons=_BUTTONS)),)


HANDLER = Handler(intent="rm_unclear", title="没听明白", audience=RM, handle=handle, order=900)
