"""The welcome of a new contact: send_welcome_msg (developer.work.weixin.qq.com/document/path/92137).

Nothing else can be sent here: what a member says to a contact, the member says. A code is good once and for 20 seconds, so that sending
the same twice shows one message.
"""

from collections.abc import Sequence
from typing import Any

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.codes import NOT_SET_UP
from bot.channels.wecom.contacts.names import CHANNEL, address_of
from bot.channels.wecom.kf.sessions import WELCOME
from bot.clock import Clock
from bot.observe import event
from domain.errors import ChannelDown, NotOurTurn, RecipientGone
from domain.message import Approved, Link, Receipt
from domain.ports import Store

_PATH = "externalcontact/send_welcome_msg"
_USED = 41051
_MOST_BYTES = 4000
_ATTACHMENTS = 9
_AGAIN_S = 2.0


class ContactsChannel:
    """Answers `domain.ports.Channel`."""

    name = CHANNEL
    idempotent = True

    def __init__(self, store: Store, client: WeComClient, clock: Clock) -> None:
        self._store = store
        self.client = client
        self._clock = clock

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:  # noqa: ARG002  the shape of a channel
        """Say it to who was just added. NotOurTurn where somebody else welcomed, or where it is too late."""
        if address_of(conversation_id) is None:
            raise RecipientGone("not a conversation with a contact")
        at = self._clock()
        with self._store.reading() as records:
            session = records.links.session(conversation_id)
        if session is None or session.code_for != WELCOME or not session.code_good(at):
            raise NotOurTurn("there is no welcome code, or not any more")
        text = approved.text.encode()[:_MOST_BYTES].decode(errors="ignore")
        try:
            self.client.call(_PATH, {"welcome_code": session.code, "text": {"content": text}} | _attached(approved.draft.links))
        except WeComRefused as refused:
            if again and refused.code == _USED:  # most likely by us, whose answer was lost
                return Receipt(reference=WELCOME, at=self._clock())
            if refused.code in NOT_SET_UP:
                raise ChannelDown(str(refused), retry_after_s=_AGAIN_S) from None
            event("contacts.not_welcomed", code=refused.code)
            raise NotOurTurn(str(refused)) from None  # whatever it is, the moment is over before anybody could mend it
        return Receipt(reference=WELCOME, at=self._clock())

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()


def _attached(links: Sequence[Link]) -> dict[str, Any]:
    found = [{"msgtype": "link", "link": {"title": link.label, "url": link.url}} for link in links[:_ATTACHMENTS]]
    return {"attachments": found} if found else {}
