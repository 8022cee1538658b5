"""What a handler reads of an inbound message: text as typed, or what stands for a picture, a voice message, a file."""

from domain.message import Inbound

MAX_TEXT = 4_000  # characters; nobody types more, and every step after would pay for it

# What people send that is not text reads as the bracketed word that WeChat shows for it; handlers answer these kindly.
# Opening a chat that was never opened is a greeting.
_STANDS_FOR = {
    "enter": "你好",
    "image": "[图片]",
    "voice": "[语音]",
    "video": "[视频]",
    "file": "[文件]",
    "location": "[位置]",
    "sticker": "[表情]",
}


def readable(inbound: Inbound) -> str:
    """The text of a message, clipped; for a message without text, what stands for it."""
    return inbound.text[:MAX_TEXT] if inbound.kind == "text" or inbound.text else _STANDS_FOR.get(inbound.kind, "[消息]")
