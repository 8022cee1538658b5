"""What an update of Telegram says, in our words. Pure; nothing of the library goes further than this file."""

from dataclasses import dataclass, replace

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from domain.message import Link

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

#: The menu of the bot: command, what is shown beside it, what it says. Telegram takes no Chinese commands.
COMMANDS = (
    ("waiting", "待接的客户", "待接"),
    ("customers", "我的客户", "我的客户名单"),
    ("tasks", "我的待办", "我的待办"),
    ("help", "能问什么", "帮助"),
)
_SAID = {"/start": _GREETING} | {f"/{command}": says for command, _, says in COMMANDS}

#: The data of the one button that stays after a choice: it says what was chosen and does nothing. No payload of the house begins so.
CHOSEN = "\x19"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A pressed button. `query` waits for a sign that it was seen; `message_id` is the message above it, `label` what it said.

    `links` stand beside it and stay when it has been settled.
    """

    query: str
    message_id: int
    label: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Somebody said something, by typing or by pressing. `message_id` is the same whenever Telegram brings it, and for every press of
    one keyboard: it is settled by the first."""

    message_id: str
    user: int
    text: str
    kind: str = "text"
    press: Press | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Somebody changed what they had said before."""

    user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Nothing for us. `query` is a press that waits for a sign all the same."""

    reason: str
    query: str = ""


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
    return Spoken(message_id=str(update.update_id), user=user, text=_clean(text), kind=kind)


def _said(message: Message) -> tuple[str, str] | None:
    """Kind and text, None for what Telegram itself puts into a chat (pinned, timer set, …)."""
    if message.text is not None:
        return "text", _SAID.get("".join(message.text.split()[:1]), message.text)
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
    user, text, message_id = query.from_user.id, query.data, str(update_id)
    if text == CHOSEN:
        return Passed(reason="chosen", query=query.id)
    press = Press(query=query.id, message_id=message.message_id, label="")
    if isinstance(message, Message):  # what Telegram has forgotten has neither buttons nor a date
        press = replace(press, label=_shown(message, text), links=_links(message))
        text = _label(message, text) if text.isdecimal() else text
        message_id = f"press:{user}:{message.message_id}:{int(message.date.timestamp())}"
    return Spoken(message_id=message_id, user=user, text=_clean(text), press=press)


def _shown(message: Message, data: str) -> str:
    """What the pressed button says to the eye."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return next((button.text for row in rows for button in row if button.callback_data == data), "")


def _links(message: Message) -> tuple[Link, ...]:
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return tuple(Link(label=button.text, url=button.url) for row in rows for button in row if button.url)


def _label(message: Message, number: str) -> str:
    """What the pressed button says, if no other says the same: an old button then never means one of today's choices."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    labels = [(button.text, button.callback_data) for row in rows for button in row]
    label = next((text for text, data in labels if data == number), number)
    return label if sum(text == label for text, _ in labels) == 1 else number


def _clean(text: str) -> str:
    """Half a surrogate pair can be sent, but not be stored."""
    return text.encode("utf-8", "replace").decode("utf-8")
