"""A customer shows on WeChat who they are: with a code from the RM, or from our page where they are logged in."""

import re

from domain.binding import DIGITS, digest_of
from domain.effects import Effect, IssueBindCode, RedeemBindCode, Say, UpdateConversation
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.pending import Awaited, Pending

_KF, _WEB = "kf", "web"
_SPACED = re.compile(r"[ -]")
_CODE = re.compile(rf"(?<!\d)\d{{{DIGITS}}}(?!\d)")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """On WeChat take the code or ask for it; on the page give one."""
    code = _CODE.search(_SPACED.sub("", turn.said))
    me = lookups.me()
    if turn.conversation.channel == _KF:
        if me is not None:
            return (Say(draft=turn.reply("这个微信已经绑定了。要换，先说“解绑微信”。")),)
        return (RedeemBindCode(digest=digest_of(code.group())),) if code else _ask(turn)
    if code or turn.conversation.channel != _WEB or me is None:
        return (Say(draft=turn.reply("绑定要在微信里做：请在我们的微信客服里发“绑定”加上绑定码。")),)
    text = "您的绑定码：{code}，10 分钟内有效，只能用一次。请在微信客服里发“绑定”加这串数字，别告诉旁人。"
    return (IssueBindCode(customer_id=me.id, draft=turn.reply(text)),)


def _ask(turn: Turn) -> tuple[Effect, ...]:
    waiting = Pending(awaited=Awaited.CODE, intent=HANDLER.intent)
    text = "好，请把绑定码发给我，是 8 位数字。还没有？请客户经理给您一个，或者登录我们的网页说“绑定微信”。"
    return (Say(draft=turn.reply(text)), UpdateConversation(pending=str(waiting)))


HANDLER = Handler(
    intent="bind_wechat",
    title="绑定微信",
    audience=CUSTOMER,
    handle=handle,
    order=8,
    cues=(
        r"^(?:我?(?:要|想)|请|帮我)?(?:绑定|绑)(?:一下|我的)*(?:微信号?|身份|绑定码|码)?[。! ]*$",
        r"^(?:绑定码?|绑)(?:微信|是|为)?[:, ]*\d(?:[ -]?\d){3,11}[。! ]*$",
    ),
    examples=("我要绑定微信", "绑定 12345678"),
)
