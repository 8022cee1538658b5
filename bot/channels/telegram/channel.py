"""The sending half: takes what the gate approved, in the chat of the one person it is for."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.faults import judge
from bot.channels.telegram.link import Link
from bot.channels.telegram.pace import OVERALL, PER_CHAT, Pace
from bot.channels.telegram.parts import Part, parts_of
from bot.channels.telegram.people import People
from bot.clock import Clock, system_clock
from domain.errors import ChannelDown, DeliveryUnknown, RecipientGone
from domain.message import Approved, Receipt

_WHOLE_S = 40.0  # for all parts together; the lease of an outbox row is longer


class TelegramChannel:
    """Answers `domain.ports.Channel`. At most once: there is no key that would make a second send harmless."""

    name = "telegram"
    idempotent = False

    def __init__(
        self,
        token: str,
        api_base: str,
        people: Mapping[str, str],
        *,
        customers: bool = False,
        clock: Clock = system_clock,
        per_chat: str = PER_CHAT,
        overall: str = OVERALL,
        timeout_s: float = 10.0,
        poll_s: float = 25.0,
    ) -> None:
        """Raises BadSettings for people that cannot be used. `timeout_s` bounds each step of a call, `poll_s` is the length of a poll."""
        self.people = People(people, customers=customers)
        self.link = Link(token=token, api_base=api_base, timeout_s=timeout_s, poll_s=poll_s)
        self.clock = clock
        self._pace = Pace(per_chat=per_chat, overall=overall)

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:  # noqa: ARG002  the shape of a channel
        """Deliver to the recipient's own chat, whatever the conversation is called. Raises as the protocol says."""
        chat = self.people.chat_of(approved.draft.to)
        parts = parts_of(approved)
        if not parts:
            raise RecipientGone("there is nothing in this text to send")
        ids = self.link.call(self._deliver(chat, parts))
        return Receipt(reference=",".join(str(one) for one in ids), at=self.clock())

    def close(self) -> None:
        """Give the connection back. Texts on their way become `unknown`."""
        self.link.close()

    async def _deliver(self, chat: int, parts: tuple[Part, ...]) -> list[int]:
        ids: list[int] = []
        try:
            async with asyncio.timeout(_WHOLE_S):
                for part in parts:
                    await self._pace.wait(chat)
                    ids.append((await self._post(chat, part)).message_id)
        except (TelegramError, ChannelDown) as error:
            reason = judge(error) if isinstance(error, TelegramError) else error
            if ids:  # sending the whole again would repeat what arrived
                raise DeliveryUnknown(f"{len(ids)} of {len(parts)} parts arrived; {reason}") from error
            raise reason from None  # the library's own words may carry the token
        except TimeoutError:
            raise DeliveryUnknown("Telegram took too long") from None
        return ids

    async def _post(self, chat: int, part: Part) -> Message:
        opening = [[InlineKeyboardButton(link.label, url=link.url)] for link in part.links]
        rows = opening + [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in part.keyboard]
        markup = InlineKeyboardMarkup(rows) if rows else None
        if part.photo is not None:
            try:
                return await self.link.bot.send_photo(chat, part.photo, caption=part.text or None, reply_markup=markup)
            except BadRequest:
                if not part.text:
                    raise
                part = replace(part, photo=None)  # a picture that Telegram does not take: the text stands by itself
        # No preview: fetching it would use up a link that opens once.
        return await self.link.bot.send_message(
            chat, part.text, reply_markup=markup, link_preview_options=LinkPreviewOptions(is_disabled=True)
        )
