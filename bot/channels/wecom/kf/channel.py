"""The sending half of WeChat customer service: kf/send_msg (developer.work.weixin.qq.com/document/path/94677).

A customer gets at most five messages after each of their own, within 48 hours. How many are left is counted before anything is sent, and
a long answer is folded so that it fits. Each message has an id made of our key, and WeCom takes an id once: sent again it shows once.
"""

import hashlib
import re
from typing import Any

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.codes import KNOWN
from bot.channels.wecom.kf.names import CHANNEL, address_of
from bot.channels.wecom.kf.parts import parts_of
from bot.clock import Clock
from bot.observe import event
from domain.errors import ChannelDown, DeliveryUnknown, RecipientGone
from domain.message import Approved, Receipt
from domain.ports import Store

_PATH = "kf/send_msg"
_ID = re.compile(r"[0-9a-zA-Z_-]{1,29}")  # 32 bytes at most, and a part's number still fits behind
_MOST = 5
_TOO_MANY, _NOT_OURS = 95001, 95018
_NOT_YET_S = 20.0  # until the customer writes again, or a person has ended


class KfChannel:
    """Answers `domain.ports.Channel`."""

    name = CHANNEL
    idempotent = True

    def __init__(self, store: Store, client: WeComClient, clock: Clock) -> None:
        self._store = store
        self.client = client
        self._clock = clock

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:
        """Deliver to the customer of the conversation. Raises as the protocol says."""
        address = address_of(conversation_id)
        if address is None:
            raise RecipientGone("not a conversation of WeChat customer service")
        ids = [
            self._post(address, part, msgid=msgid_of(key, number), again=again)
            for number, part in enumerate(parts_of(approved, most=self._left(conversation_id)))
        ]
        return Receipt(reference=",".join(ids), at=self._clock())

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    def _post(self, address: tuple[str, str], part: dict[str, Any], *, msgid: str, again: bool) -> str:
        open_kfid, external_userid = address
        try:
            self.client.call(_PATH, {"touser": external_userid, "open_kfid": open_kfid, "msgid": msgid} | part)
        except WeComRefused as refused:
            if again and refused.code not in KNOWN:
                # WeCom's pages do not say with which code an id is refused that was used before. One that we know means something else.
                event("kf.sent.before", code=refused.code)
                return msgid
            raise _judged(refused) from None
        return msgid

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
    if refused.code in (_TOO_MANY, _NOT_OURS):
        return ChannelDown(str(refused), retry_after_s=_NOT_YET_S)
    return RecipientGone(str(refused)) if refused.code in KNOWN else DeliveryUnknown(str(refused))
