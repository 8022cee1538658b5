"""What an update of Telegram says, in our words. Pure; nothing of the library goes further than this file."""

from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

#: What we ask Telegram for; it keeps everything else to itself.
ALLOWED = ("message", "edited_message", "callback_query")

# First match wins: an animation is a document too.
_KINDS = (
    ("photo", "image", "[图片]"),
    ("voice", "voice", "[语音]"),
    ("audio", "voice", "[语音]"),
    ("video", "video", "[视频]"),
    ("video_note", "video", "[视频]"),
    ("animation", "sticker", "[动图]"),
    ("sticker", "sticker", "[表情]"),
    ("document", "file", "[文件]"),
    ("location", "location", "[位置]"),
    ("contact", "contact", "[名片]"),
    ("poll", "other", "[消息]"),
    ("dice", "sticker", "[表情]"),
)
_GREETING = "你好"  # what the button "Start" of every bot stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Somebody said something. `query` is the press of a button that waits for a sign that it was seen."""

    update_id: int
    user: int
    text: str
    kind: str = "text"
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Somebody changed what they had said before."""

    user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Nothing for us."""

    reason: str


Read = Spoken | Edited | Passed


def read(update: Update) -> Read:
    """Read an update. Group chats, channels and other bots are passed over."""
    if update.callback_query is not None:
        return _pressed(update.update_id, update.callback_query)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return Passed(reason="kind")
    if message.chat.type != ChatType.PRIVATE:
        return Passed(reason="group")
    user = message.from_user.id
    if update.edited_message is not None:
        return Edited(user=user)
    said = _said(message)
    if said is None:
        return Passed(reason="service")
    kind, text = said
    return Spoken(update_id=update.update_id, user=user, text=_clean(text), kind=kind)


def _said(message: Message) -> tuple[str, str] | None:
    """Kind and text, None for what Telegram itself puts into a chat (pinned, timer set, …)."""
    if message.text is not None:
        return "text", _GREETING if message.text.split()[:1] == ["/start"] else message.text
    for field, kind, stands_for in _KINDS:
        if getattr(message, field):
            return kind, message.caption or stands_for
    return None


def _pressed(update_id: int, query: CallbackQuery) -> Read:
    message = query.message
    if message is None or query.data is None or query.from_user.is_bot:
        return Passed(reason="kind")
    if message.chat.type != ChatType.PRIVATE:
        return Passed(reason="group")
    text = query.data
    if text.isdecimal() and isinstance(message, Message):
        text = _label(message, text)
    return Spoken(update_id=update_id, user=query.from_user.id, text=_clean(text), query=query.id)


def _label(message: Message, number: str) -> str:
    """What the pressed button says, if no other says the same: an old button then never means one of today's choices."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    labels = [(button.text, button.callback_data) for row in rows for button in row]
    label = next((text for text, data in labels if data == number), number)
    return label if sum(text == label for text, _ in labels) == 1 else number


def _clean(text: str) -> str:
    """Half a surrogate pair can be sent, but not be stored."""
    return text.encode("utf-8", "replace").decode("utf-8")
