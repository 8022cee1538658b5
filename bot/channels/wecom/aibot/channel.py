"""The sending half of the smart robot: the answer to a callback while that is good, else a message of its own (document/path/101463)."""

import hashlib
import time
from typing import Any

from bot.channels.pace import Pace
from bot.channels.wecom.aibot.frames import RESPOND, SEND, WELCOME
from bot.channels.wecom.aibot.line import Line
from bot.channels.wecom.aibot.openings import Opening, Openings
from bot.channels.wecom.app.members import Members
from bot.channels.wecom.app.parts import Part, parts_of
from bot.channels.wecom.client import WeComRefused
from bot.channels.wecom.codes import KNOWN, NOT_SET_UP
from bot.clock import Clock
from domain.errors import ChannelDown, DeliveryUnknown, RecipientGone
from domain.message import Approved, Receipt

CHANNEL = "wecom_aibot"
CONTENT = 20_480  # bytes
PER_MEMBER = "28 per minute"  # as for the app of staff; what holds for the robot is not documented where we could read it
_WHOLE_S = 40.0  # for all parts together; the lease of an outbox row is longer
_BUSY = frozenset({-1, 45009, 45033})
_NOT_YET_S = 20.0
_SINGLE = 1


class AibotChannel:
    """Answers `domain.ports.Channel`. At most once: there is no key that would make a second send harmless."""

    name = CHANNEL
    idempotent = False

    def __init__(self, line: Line, members: Members, clock: Clock, *, per_member: str = PER_MEMBER) -> None:
        self.line = line
        self.members = members
        self.openings = Openings()
        self._clock = clock
        self._pace = Pace(each=per_member)

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:  # noqa: ARG002  the shape of a channel
        """Deliver to the recipient's own chat, whatever the conversation is called. Raises as the protocol says. Pictures do not leave."""
        userid = self.members.userid_of(approved.draft.to)
        task_id = hashlib.blake2s(f"{key}\x00{approved.reviewed_at.isoformat()}".encode(), digest_size=16).hexdigest()
        parts = parts_of(approved, task_id=task_id, size=CONTENT, tags=False)
        if not parts:
            raise RecipientGone("there is nothing in this text to send")
        self._take_turns(userid, len(parts))
        opening = self.openings.take(userid, round=self.line.round) if approved.draft.answers is not None else None
        sent, until = 0, time.monotonic() + _WHOLE_S
        try:
            for part in parts:
                if sent and time.monotonic() > until:
                    raise ChannelDown("WeCom took too long")
                self._post(userid, part, opening if not sent else None, stream=f"{task_id}-{sent}")
                sent += 1
        except (ChannelDown, RecipientGone) as error:
            if sent:  # sending the whole again would repeat what arrived
                raise DeliveryUnknown(f"{sent} of {len(parts)} parts arrived; {error}") from None
            raise
        return Receipt(reference=task_id, at=self._clock())

    def say(self, userid: str, text: str) -> None:
        """A courtesy of the edge itself, nothing of the bank in it. Raises ChannelDown and the like when it cannot be said."""
        self._take_turns(userid, 1)
        opening = self.openings.take(userid, round=self.line.round)
        self._post(userid, {"msgtype": "text", "text": {"content": text}}, opening, stream=f"courtesy-{time.monotonic_ns()}")

    def close(self) -> None:
        """End the connection. Texts on their way become `unknown`."""
        self.line.stop()

    def _take_turns(self, userid: str, count: int) -> None:
        pause = self._pace.turn(userid.casefold(), count=count)
        if pause:
            raise ChannelDown("too many messages at once", retry_after_s=pause)

    def _post(self, userid: str, part: Part, opening: Opening | None, *, stream: str) -> None:
        """Answer the callback, and where WeCom does not take that, say it by itself: a refusal is certain not to have arrived."""
        if opening is not None:
            try:
                self.line.call(*_answer(part, opening, stream=stream), req_id=opening.req_id)
                return
            except WeComRefused as refused:
                if refused.code in _BUSY:
                    raise _judged(refused) from None
        try:
            self.line.call(SEND, {"chatid": userid, "chat_type": _SINGLE} | _as_markdown(part))
        except WeComRefused as refused:
            raise _judged(refused) from None


def _answer(part: Part, opening: Opening, *, stream: str) -> tuple[str, dict[str, Any]]:
    if opening.welcome:
        return WELCOME, part
    if part["msgtype"] != "text":
        return RESPOND, part
    whole = {"id": stream, "finish": True, "content": _plain(part["text"]["content"])}
    return RESPOND, {"msgtype": "stream", "stream": whole}


def _as_markdown(part: Part) -> Part:
    """A message of the robot's own is markdown or a card; plain text it does not take."""
    if part["msgtype"] != "text":
        return part
    return {"msgtype": "markdown", "markdown": {"content": _plain(part["text"]["content"])}}


def _plain(text: str) -> str:
    """Everything is read as markdown here: no link hides in what somebody wrote."""
    return text.replace("](", "]\u200b(")


def _judged(refused: WeComRefused) -> Exception:
    if refused.code in _BUSY or refused.code in NOT_SET_UP:
        return ChannelDown(str(refused), retry_after_s=_NOT_YET_S)
    return RecipientGone(str(refused)) if refused.code in KNOWN else DeliveryUnknown(str(refused))
