"""Nothing in words: an emoji, a sticker, a picture, an empty line."""

from domain.effects import Effect, Say
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.people import ASK_A_PERSON

_UNREADABLE = ("图片", "语音", "视频", "文件", "位置")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for all handlers
    """Say kindly what can be read here."""
    if any(kind in turn.said for kind in _UNREADABLE):
        text = "收到了，不过我这边只看得懂文字。麻烦用一两句话说说什么事；要人看，我请同事来。"
        return (Say(draft=turn.reply(text, buttons=(ASK_A_PERSON,))),)
    return (Say(draft=turn.reply("我在呢。想办什么，用几个字告诉我就行。")),)


HANDLER = Handler(
    intent="blank",
    title="没有文字",
    audience=CUSTOMER,
    handle=handle,
    order=7,
    cues=(r"^\[(?:图片|语音|视频|文件|位置|表情|消息|[一-鿿]{1,4})\]$",),
)
