"""The people, chats and updates of the stand-in. Everything is in memory and guarded by one condition."""

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
BOT: Json = {"id": 7000000001, "is_bot": True, "first_name": "陪伴", "username": "peiban_sandbox_bot"}


class Refused(Exception):
    """What the Bot API answers with instead of a result."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code


@dataclass
class Sent:
    """A message that arrived with a person."""

    message_id: int
    chat: int
    text: str
    photo: bytes | None = None
    keyboard: list[list[Json]] = field(default_factory=list)
    date: int = field(default_factory=lambda: int(time.time()))

    @property
    def labels(self) -> list[str]:
        """What the buttons say."""
        return [str(button["text"]) for row in self.keyboard for button in row]


@dataclass
class Webhook:
    """Where updates are pushed to."""

    url: str = ""
    secret: str = ""


class World:
    """What a test looks at and a demonstration plays with."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.sent: list[Sent] = []
        self.answered: list[str] = []
        self.commands: list[list[Json]] = []
        self.webhook = Webhook()
        self.delivered: list[tuple[int, int]] = []  # (update_id, status) of every push to the webhook
        self.polls = 0
        self._updates: list[Json] = []
        self._next_update = 41_000_000
        self._next_message = 1
        self._next_query = 900_000
        self._people: set[int] = set()
        self._blocked: set[int] = set()
        self._queries: set[str] = set()

    # What people do.

    def say(self, user: int, text: str, **message: Any) -> int:
        """Somebody writes. Further fields of the message (photo, voice, caption, …) may be given. Returns the update's id."""
        body = {"text": text} if text else {}
        return self._message("message", user, body | message)

    def edit(self, user: int, text: str) -> int:
        """Somebody changes what they wrote."""
        return self._message("edited_message", user, {"text": text, "edit_date": int(time.time())})

    def say_in_group(self, user: int, text: str) -> int:
        """Somebody writes in a group that the bot is in."""
        chat = {"id": -1009876543210, "type": "supergroup", "title": "测试群"}
        return self._message("message", user, {"text": text, "chat": chat})

    def press(self, user: int, sent: Sent, label: str) -> int:
        """Somebody presses a button under a message, be it an old one."""
        button = next(button for row in sent.keyboard for button in row if button["text"] == label)
        with self.changed:
            self._next_query += 1
            query = str(self._next_query)
            self._queries.add(query)
            message = self._body_of(sent)
            return self._put(
                {
                    "callback_query": {
                        "id": query,
                        "from": person(user),
                        "chat_instance": "1",
                        "data": button["callback_data"],
                        "message": message,
                    }
                }
            )

    def block(self, user: int) -> None:
        """Somebody blocks the bot."""
        self._blocked.add(user)

    def put(self, update: Json) -> int:
        """Any update at all, in place of what Telegram would send."""
        with self.changed:
            return self._put(update)

    def _message(self, kind: str, user: int, body: Json) -> int:
        with self.changed:
            self._people.add(user)
            self._next_message += 1
            message = {"message_id": self._next_message, "date": int(time.time()), "from": person(user), "chat": private(user)} | body
            return self._put({kind: message})

    def _put(self, update: Json) -> int:
        self._next_update += 1
        self._updates.append({"update_id": self._next_update} | update)
        self.changed.notify_all()
        return self._next_update

    # What people see.

    def seen_by(self, user: int) -> list[Sent]:
        """The messages that arrived with somebody."""
        return [sent for sent in self.sent if sent.chat == user]

    def wait(self, holds: Callable[[], bool], limit_s: float = 60.0) -> bool:
        """Wait until something holds; false when the time is over."""
        with self.changed:
            return self.changed.wait_for(holds, limit_s)

    @property
    def waiting(self) -> int:
        """How many updates were not acknowledged."""
        return len(self._updates)

    # What the bot does.

    def updates(self, *, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """getUpdates: an offset confirms everything below it; waits for something new; ends when another poll begins."""
        with self.changed:
            if self.webhook.url:
                raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
            self.polls += 1
            mine = self.polls
            if offset < 0:
                offset = self._next_update + 1 + offset
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            self.changed.notify_all()
            self.changed.wait_for(lambda: bool(self._updates) or self.polls != mine, timeout_s)
            if self.polls != mine:
                raise Refused(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
            return self._updates[: max(1, min(limit, 100))]

    def oldest(self) -> Json | None:
        """The update to push next."""
        return self._updates[0] if self._updates else None

    def pushed(self, update_id: int, status: int) -> None:
        """Note what the webhook answered; 2xx acknowledges."""
        with self.changed:
            self.delivered.append((update_id, status))
            if 200 <= status < 300:
                self._updates = [update for update in self._updates if update["update_id"] != update_id]
            self.changed.notify_all()

    def send(self, chat: int, text: str, keyboard: list[list[Json]], photo: bytes | None) -> Json:
        """sendMessage and sendPhoto."""
        limit = 4096 if photo is None else 1024
        if chat not in self._people:
            raise Refused(400, "Bad Request: chat not found")
        if chat in self._blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if not text.strip() and photo is None:
            raise Refused(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > limit:
            raise Refused(400, "Bad Request: message is too long" if photo is None else "Bad Request: message caption is too long")
        if photo is not None and not photo.startswith((b"\x89PNG", b"\xff\xd8", b"RIFF")):
            raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
        _check(keyboard)
        with self.changed:
            self._next_message += 1
            sent = Sent(message_id=self._next_message, chat=chat, text=text, photo=photo, keyboard=keyboard)
            self.sent.append(sent)
            self.changed.notify_all()
            return self._body_of(sent)

    def answer(self, query: str) -> bool:
        """answerCallbackQuery."""
        if query not in self._queries:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        with self.changed:
            self.answered.append(query)
            self.changed.notify_all()
        return True

    def edit_keyboard(self, chat: int, message_id: int, keyboard: list[list[Json]]) -> Json:
        """editMessageReplyMarkup."""
        _check(keyboard)
        with self.changed:
            sent = next((one for one in self.sent if (one.chat, one.message_id) == (chat, message_id)), None)
            if sent is None:
                raise Refused(400, "Bad Request: message to edit not found")
            if sent.keyboard == keyboard:
                raise Refused(400, "Bad Request: message is not modified")
            sent.keyboard = keyboard
            self.changed.notify_all()
            return self._body_of(sent)

    def set_commands(self, commands: list[Json]) -> bool:
        """setMyCommands."""
        if not all(re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) and 1 <= len(one["description"]) <= 256 for one in commands):
            raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        with self.changed:
            self.commands.append(commands)
            self.changed.notify_all()
        return True

    def hook(self, url: str, secret: str) -> bool:
        """setWebhook and, with no address, deleteWebhook."""
        with self.changed:
            self.webhook = Webhook(url, secret)
            self.polls += 1
            self.changed.notify_all()
        return True

    def _body_of(self, sent: Sent) -> Json:
        body: Json = {"message_id": sent.message_id, "date": sent.date, "from": BOT, "chat": private(sent.chat)}
        if sent.photo is None:
            body["text"] = sent.text
        else:
            size = {"file_id": f"photo{sent.message_id}", "file_unique_id": f"p{sent.message_id}", "width": 8, "height": 8}
            body |= {"photo": [size]} | ({"caption": sent.text} if sent.text else {})
        if sent.keyboard:
            body["reply_markup"] = {"inline_keyboard": sent.keyboard}
        return body


def person(user: int) -> Json:
    """A Telegram user, invented."""
    return {"id": user, "is_bot": False, "first_name": f"用户{user}", "language_code": "zh-hans"}


def private(user: int) -> Json:
    """The private chat with a user."""
    return {"id": user, "type": "private", "first_name": f"用户{user}"}


def _check(keyboard: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    for row in keyboard:
        for button in row:
            if not button.get("text"):
                raise Refused(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
            if "url" in button:
                if not str(button["url"]).startswith(("http://", "https://", "tg://")):
                    raise Refused(400, "Bad Request: BUTTON_URL_INVALID")
                continue
            if not 1 <= len(str(button.get("callback_data", "")).encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
