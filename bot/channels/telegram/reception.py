"""The receiving half: an update is stored before it is acknowledged.

Polling moves the offset after the commit; the webhook answers 200 after it. What was refused is counted by reason in `refused`.
"""

import asyncio
import hmac
import json
import re
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.resources import files
from typing import Any, Protocol

import yaml
from fastapi import APIRouter
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from telegram import BotCommandScopeAllPrivateChats, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.link import read_update
from bot.channels.telegram.updates import ALLOWED, CHOSEN, COMMANDS, Edited, Passed, Press, Spoken, read
from bot.observe import event, fault
from domain.errors import BadInput, BadSettings, BadSignature, ChannelDown
from domain.message import Inbound
from domain.party import Party

MAX_BODY = 1_000_000  # bytes
WAITS_S = (1.0, 2.0, 5.0, 15.0, 30.0)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # core.telegram.org/bots/api#setwebhook
_COURTESY = parse("1 per hour")  # a stranger gets one line, however much they write
_ONE_AT_A_TIME = 1  # connections of the webhook: more would let messages overtake each other

_WORDING: dict[str, str] = yaml.safe_load(files("bot.channels.telegram").joinpath("wording.yaml").read_text(encoding="utf-8"))


class House(Protocol):
    """What the edge needs of the app."""

    def receive(self, inbound: Inbound) -> int | None:
        """Store a message; None when it had arrived before."""

    def known(self, party: Party) -> Party:
        """Raises BadInput for somebody whom the bank does not know or no longer employs."""


class Reception:
    """Takes updates in by polling, or by webhook when it has an address."""

    def __init__(
        self, house: House, channel: TelegramChannel, *, webhook_url: str = "", secret: str = "", waits_s: Sequence[float] = WAITS_S
    ) -> None:
        """Raises BadSettings for a secret that Telegram would not take. `waits_s` are the pauses after one, two, … misses in a row."""
        if webhook_url and not _SECRET.fullmatch(secret):
            raise BadSettings("telegram_secret: 1 to 256 letters, digits, _ or - are needed")
        self._house = house
        self._channel = channel
        self._link = channel.link
        self._webhook_url = webhook_url
        self._secret = secret.encode()
        self._waits_s = waits_s
        self._told = FixedWindowRateLimiter(MemoryStorage())
        self._shelf = ThreadPoolExecutor(max_workers=1, thread_name_prefix="telegram-inbox")
        self._running: Future[None] | None = None
        self.refused: Counter[str] = Counter()

    def start(self) -> None:
        """Begin. Returns at once; a Telegram that is out of reach is tried again and again."""
        self._quietly(self._offer)
        self._running = self._link.spawn(self._register() if self._webhook_url else self._poll())

    def stop(self) -> None:
        """Take nothing more in, and finish what is being stored. The channel can still send."""
        if self._running is not None:
            self._running.cancel()
        self._shelf.shutdown()

    def routes(self) -> list[APIRouter]:
        """What Telegram calls; nothing where it is polled."""
        from bot.channels.telegram.webhook import webhook_route

        return [webhook_route(self, self._webhook_url)] if self._webhook_url else []

    def admit(self, secret: str) -> None:
        """Raise BadSignature unless a webhook call carries our secret. In constant time, and before its body is read."""
        if not self._secret or not hmac.compare_digest(secret.encode(), self._secret):
            self._refuse("secret")
            raise BadSignature("the secret token is wrong")

    def deliver(self, body: bytes) -> None:
        """Take one admitted webhook call in; return once it is stored. Raises BadInput for what is not JSON."""
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            self._refuse("body")
            raise BadInput("the body is not JSON") from None
        update = read_update(content)
        if update is None:  # Telegram would bring it again and again
            self._refuse("unreadable")
            return
        self.take(update)

    def take(self, update: Update) -> None:
        """Store what an update says. Whatever this raises, the update is not to be acknowledged."""
        match read(update):
            case Passed(reason=reason, query=query):
                self._refuse(reason)
                self._seen(query)
            case Edited(user=user):
                if self._person(user) is not None:
                    self._say(user, "edited")
            case Spoken() as spoken:
                self._store(spoken)

    def _store(self, spoken: Spoken) -> None:
        party, press = self._person(spoken.user), spoken.press
        if party is None:
            self._refuse("stranger")
            self._say(spoken.user, "stranger")
        else:
            self._house.receive(
                Inbound(
                    channel=self._channel.name,
                    message_id=spoken.message_id,
                    sender=party,
                    text=spoken.text,
                    received_at=self._channel.clock(),
                    kind=spoken.kind,
                )
            )
            if press is not None and press.label:
                self._quietly(lambda: self._settle(spoken.user, press))
        self._seen(press.query if press else "")

    def _seen(self, query: str) -> None:
        """The button stops to turn."""
        if query:
            self._quietly(lambda: self._link.bot.answer_callback_query(query))

    async def _settle(self, chat: int, press: Press) -> None:
        """Let the message say what was chosen, in place of its buttons (core.telegram.org/bots/api#editmessagereplymarkup)."""
        opening = [[InlineKeyboardButton(link.label, url=link.url)] for link in press.links]
        chosen = InlineKeyboardMarkup([*opening, [InlineKeyboardButton(f"✓ {press.label}", callback_data=CHOSEN)]])
        try:
            await self._link.bot.edit_message_reply_markup(chat, press.message_id, reply_markup=chosen)
        except BadRequest:  # it says so already, or the person deleted it
            event("telegram.settled.before")

    def _person(self, user: int) -> Party | None:
        party = self._channel.people.party_of(user)
        try:
            return self._house.known(party) if party else None
        except BadInput:
            return None

    def _say(self, user: int, which: str) -> None:
        if self._told.hit(_COURTESY, which, str(user)):
            self._quietly(lambda: self._link.bot.send_message(user, _WORDING[which]))

    def _quietly(self, courtesy: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Do something that may fail without harm, and wait for nothing."""

        async def attempt() -> None:
            try:
                await courtesy()
            except TelegramError as error:
                event("telegram.courtesy.failed", error=type(error).__name__)

        try:
            self._link.spawn(attempt())
        except ChannelDown:
            event("telegram.courtesy.failed", error="closed")

    async def _offer(self) -> None:
        """The menu of commands, for staff; where customers are let in too, there is none. A failure waits for the next start."""
        if not self._channel.people.customers:
            scope = BotCommandScopeAllPrivateChats()
            await self._link.bot.set_my_commands([(command, shown) for command, shown, _ in COMMANDS], scope=scope)

    def _refuse(self, reason: str) -> None:
        self.refused[reason] += 1
        event("telegram.refused", reason=reason)

    async def _poll(self) -> None:
        misses, offset, hooked = 0, None, True
        loop = asyncio.get_running_loop()
        while True:
            try:
                if hooked:  # polling and a webhook exclude each other
                    await self._link.bot.delete_webhook(drop_pending_updates=False)
                    hooked = False
                updates = await self._link.bot.get_updates(offset=offset, timeout=int(self._link.poll_s), allowed_updates=ALLOWED)
                for update in updates:
                    await loop.run_in_executor(self._shelf, self.take, update)
                    offset = update.update_id + 1
                misses = 0
            except TelegramError as error:
                misses = await self._pause(misses, error)
            except Exception as error:  # the loop's boundary: a locked database must not end the reception; nothing was acknowledged
                fault("telegram.store.failed", error)
                misses = await self._pause(misses, error)

    async def _register(self) -> None:
        misses = 0
        while True:
            try:
                await self._link.bot.set_webhook(
                    self._webhook_url, secret_token=self._secret.decode(), allowed_updates=ALLOWED, max_connections=_ONE_AT_A_TIME
                )
                event("telegram.webhook.set")
                return
            except TelegramError as error:
                misses = await self._pause(misses, error)

    async def _pause(self, misses: int, error: Exception) -> int:
        wait = max(self._waits_s[min(misses, len(self._waits_s) - 1)], getattr(error, "retry_after_s", 0.0))
        event("telegram.reception.waits", error=type(error).__name__, seconds=wait)
        await asyncio.sleep(wait)
        return misses + 1
