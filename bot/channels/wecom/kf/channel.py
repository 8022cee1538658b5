"""The sending half of WeChat customer service: kf/send_msg (developer.work.weixin.qq.com/document/path/94677).

A customer gets at most five messages after each of their own, within 48 hours. How many are left is counted before anything is sent, and
a long answer is folded so that it fits. Each message has an id made of our key, and WeCom takes an id once: sent again it shows once.
"""

import hashlib
import re
from dataclasses import replace
from typing import Any

from bot.channels.links import with_links
from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.codes import ABOUT_THE_MESSAGE, KNOWN, NOT_SET_UP
from bot.channels.wecom.kf.names import CHANNEL, address_of
from bot.channels.wecom.kf.parts import parts_of
from bot.channels.wecom.kf.sessions import CODE_LASTS, QUEUED, TAKEN, WELCOME
from bot.channels.wecom.kf.states import state_now
from bot.channels.wecom.media import Media
from bot.clock import Clock
from bot.observe import event
from domain.customer_service import ServiceState
from domain.errors import ChannelDown, DeliveryUnknown, NotOurTurn, RecipientGone
from domain.message import Approved, Kind, Receipt
from domain.party import BOT
from domain.ports import Store

_PATH, _ON_EVENT = "kf/send_msg", "kf/send_msg_on_event"
_ID = re.compile(r"[0-9a-zA-Z_-]{1,29}")  # 32 bytes at most, and a part's number still fits behind
_MOST = 5
_TOO_MANY, _NOT_OURS = 95001, 95018
_NOT_YET_S = 20.0  # until the customer writes again, or an administrator has mended a setting
_AGAIN_S = 1.0


class KfChannel:
    """Answers `domain.ports.Channel`."""

    name = CHANNEL
    idempotent = True

    def __init__(self, store: Store, client: WeComClient, clock: Clock, *, corp_id: str) -> None:
        self._media = Media(store, client, clock, corp_id=corp_id)
        self._store = store
        self.client = client
        self._clock = clock

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:
        """Deliver to the customer of the conversation. Raises as the protocol says."""
        address = address_of(conversation_id)
        if address is None:
            raise RecipientGone("not a conversation of WeChat customer service")
        by_code = self._by_code(approved, conversation_id)
        if by_code is not None:
            return by_code
        image = self._image(approved.draft.image)
        parts = parts_of(approved, most=_MOST)
        if len(parts) + bool(image) > 1:  # what is short goes in any case: WeCom knows better than we whether it may
            left = self._left(conversation_id)
            image = image if left > 1 else ""
            parts = parts_of(approved, most=left - bool(image))
        ids = self._post_image(address, image, key=key, conversation_id=conversation_id, again=again)
        ids += [
            self._post(address, part, msgid=msgid_of(key, number), conversation_id=conversation_id, again=again)
            for number, part in enumerate(parts)
        ]
        return Receipt(reference=",".join(ids), at=self._clock())

    def _image(self, path: str | None) -> str:
        """The media id of a picture, empty where the text is to stand alone."""
        try:
            return self._media.image(path)
        except ChannelDown:
            return ""

    def _post_image(self, address: tuple[str, str], media_id: str, *, key: str, conversation_id: str, again: bool) -> list[str]:
        """The picture goes first, under an id of its own: the ids of the text do not hang on it."""
        if not media_id:
            return []
        part = {"msgtype": "image", "image": {"media_id": media_id}}
        try:
            return [self._post(address, part, msgid=f"{msgid_of(key, 0)}-i", conversation_id=conversation_id, again=again)]
        except RecipientGone:
            event("kf.image.refused")  # if it is not for the picture, the text will say so
            return []

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    def _by_code(self, approved: Approved, conversation_id: str) -> Receipt | None:
        """One message on an event, where there is a code for it. None where the ordinary way is open.

        Raises NotOurTurn while a person or the pool has the conversation, and RecipientGone where it has ended.
        """
        at = self._clock()
        with self._store.reading() as records:
            session = records.links.session(conversation_id)
            heard = records.inbox.last_heard(conversation_id) if session and session.code_for == WELCOME else None
        if session is None:
            return None
        unheard = session.code_for == WELCOME and (heard is None or (session.code_until or at) - CODE_LASTS[WELCOME] > heard)
        if session.state.bot_may_speak and not unheard:
            return None
        # But for the welcome a code is for the line that marks the event: no answer is to use it up.
        if session.code_good(at) and (unheard or approved.draft.kind is Kind.NOTICE):
            with self._store.writing() as records:  # a code is good once: given away before it is used
                records.links.keep_session(replace(session, code="", code_for="", code_until=None))
            (part,) = parts_of(approved, most=1)
            if session.code_for in (TAKEN, QUEUED):
                part = {"msgtype": "text", "text": {"content": with_links(approved.text, approved.draft.links)}}
            try:
                self.client.call(_ON_EVENT, {"code": session.code} | part)
            except WeComRefused as refused:
                raise NotOurTurn(str(refused)) from None  # too late for a word that belonged to that moment
            return Receipt(reference=f"event:{session.code_for}", at=self._clock())
        if session.state in (ServiceState.POOL, ServiceState.PERSON) and approved.draft.author == BOT:
            raise NotOurTurn("a person has the conversation")
        if session.state.bot_may_speak:
            return None
        raise RecipientGone("in WeCom the conversation is with a person, or has ended: answer there")

    def _post(self, address: tuple[str, str], part: dict[str, Any], *, msgid: str, conversation_id: str, again: bool) -> str:
        open_kfid, external_userid = address
        try:
            self.client.call(_PATH, {"touser": external_userid, "open_kfid": open_kfid, "msgid": msgid} | part)
        except WeComRefused as refused:
            if again and refused.code not in KNOWN - ABOUT_THE_MESSAGE:
                # WeCom's pages do not say with which code an id is refused that was used before. One that we know means something else.
                event("kf.sent.before", code=refused.code)
                return msgid
            if refused.code == _NOT_OURS:
                raise self._held(conversation_id) from None
            raise _judged(refused) from None
        return msgid

    def _held(self, conversation_id: str) -> Exception:
        """WeCom refuses for the state that the conversation is in: what is that state?"""
        state = state_now(self._store, self.client, conversation_id, at=self._clock())
        if state in (ServiceState.POOL, ServiceState.PERSON):
            return NotOurTurn("a person has the conversation")
        if state is ServiceState.ENDED:
            return RecipientGone("the conversation has ended")
        return ChannelDown("the state forbids sending", retry_after_s=_AGAIN_S)

    def _left(self, conversation_id: str) -> int:
        """How many messages the customer may still get: five, less our lines since they last wrote. One is always tried."""
        with self._store.reading() as records:
            heard = records.inbox.last_heard(conversation_id)
            lines = records.transcript.of(conversation_id, last=_MOST)
        said = sum(heard is None or line.at > heard for line in lines if not line.author.startswith(("customer:", "system:")))
        return max(1, _MOST - said)


def msgid_of(key: str, number: int) -> str:
    """The id of a part: the key itself where WeCom would take it, else a digest of it."""
    base = key if _ID.fullmatch(key) else hashlib.blake2s(key.encode(), digest_size=14).hexdigest()
    return f"{base}-{number}" if number else base


def _judged(refused: WeComRefused) -> Exception:
    if refused.code == _TOO_MANY or refused.code in NOT_SET_UP:
        return ChannelDown(str(refused), retry_after_s=_NOT_YET_S)
    return RecipientGone(str(refused)) if refused.code in KNOWN else DeliveryUnknown(str(refused))
