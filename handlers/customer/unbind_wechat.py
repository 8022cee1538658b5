"""A customer no longer wants to be known on this WeChat."""

from domain.effects import Effect, Say, Unbind
from domain.message import Button
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups

_KF = "kf"
_YES = "yes"
_CONFIRM = Button(label="确认解绑", payload=f"unbind_wechat:{_YES}")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Ask once, then end it."""
    me = lookups.me()
    if turn.conversation.channel != _KF:
        return (Say(draft=turn.reply("解绑请在绑定的那个微信里跟我说“解绑微信”，或者请客户经理来办。")),)
    if me is None:
        return (Say(draft=turn.reply("这个微信没有绑定，不用解绑。")),)
    if turn.argument == _YES:
        return (Unbind(customer_id=me.id),)
    return (Say(draft=turn.reply("解绑以后，我在这里就认不出您了。确定吗？", buttons=(_CONFIRM,))),)


HANDLER = Handler(
    intent="unbind_wechat",
    title="解绑微信",
    audience=CUSTOMER,
    handle=handle,
    order=7,
    cues=(r"^(?:我?(?:要|想)|请|帮我)?(?:解绑|解除绑定|取消绑定)(?:一下|我的|这个)*(?:微信号?)?(?:绑定)?(?:吧|了)?[。! ]*$",),
    examples=("解绑微信", "取消微信绑定"),
)
