"""The customer wants to hear from us again."""

from domain.effects import Effect, RecordConsent, Say
from domain.message import Purpose
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for all handlers
    """Give back the consent that was withdrawn, said by the customer in so many words."""
    said = turn.text.strip()[:60]
    given = tuple(
        RecordConsent(customer_id=turn.party.id, purpose=purpose, granted=True, source=f"客户在会话中说：{said}")
        for purpose in ("*", Purpose.MARKETING.value, Purpose.TOUCH.value)
    )
    text = "好，已经恢复。只在白天、对您有用时才联系您；不想收了，回“退订”马上停。"
    return (*given, Say(draft=turn.reply(text)))


HANDLER = Handler(
    intent="resubscribe",
    title="恢复接收",
    audience=CUSTOMER,
    handle=handle,
    order=6,
    cues=(
        "!(?:不|别|勿|莫)(?:要|想|用|需要|再)?.{0,3}(?:恢复|重新|继续)",
        "!(?:怎么|如何)",
        "^(?:恢复|重新|继续|开通|打开|开启|我想恢复|我要恢复|帮我恢复|请恢复)(?:一下|给我)?(?:接收|订阅|推送"
        "|消息推送|消息接收|发消息|消息|联系)(?:吧|了|一下|通知)*[。! ]*$",
        "(?:恢复|重新|继续)(?:给我|对我|我的)?(?:发|推送|推|接收|订阅|开通)(?:送)?.{0,4}(?:消息|信息|通知|问候|活动|推送|订阅|吧|了)",
        "(?:可以|想|要|愿意)(?:再|重新|继续)(?:收|接收|给我发|订阅)",
    ),
    examples=("之前退了，现在想再收到你们的消息", "把推送给我重新打开", "可以继续给我发通知了"),
)
