"""The sending half of the app: message/send to the one member that a text is for (developer.work.weixin.qq.com/document/path/90236)."""

import hashlib
import time
from typing import Any

from bot.channels.pace import Pace
from bot.channels.wecom.app.members import Members
from bot.channels.wecom.app.parts import Part, parts_of
from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.codes import KNOWN, NOT_SET_UP
from bot.channels.wecom.media import Media
from bot.clock import Clock
from bot.observe import event
from domain.errors import ChannelDown, DeliveryUnknown, RecipientGone
from domain.message import Approved, Receipt
from domain.ports import Store

CHANNEL = "wecom"
PER_MEMBER = "28 per minute"  # beyond 30 WeCom drops messages and says nothing (document/path/90312); our clocks differ a little
_PATH = "message/send"
_WHOLE_S = 40.0  # for all parts together; the lease of an outbox row is longer
_NOT_YET_S = 20.0  # until an administrator has mended a setting
_DUPLICATE_S = 4 * 3600
_BAD_MEDIA, _TASK_TAKEN = 40007, 42014
_NOT_THERE = ("invaliduser", "unlicenseduser")


class AppChannel:
    """Answers `domain.ports.Channel`. At most once: the package says why."""

    name = CHANNEL
    idempotent = False

    def __init__(
        self,
        store: Store,
        client: WeComClient,
        members: Members,
        clock: Clock,
        *,
        corp_id: str,
        agent_id: int,
        per_member: str = PER_MEMBER,
        markdown: bool = False,
    ) -> None:
        """With `markdown` lists and sheets leave as such; the WeChat plug-in does not show them."""
        self._store = store
        self._clock = clock
        self._media = Media(store, client, clock, corp_id=corp_id)
        self._pace = Pace(each=per_member)
        self._begun = f"wecom-app:{corp_id}:{agent_id}"
        self._markdown = markdown
        self._mark = ""
        self.client = client
        self.members = members
        self.agent_id = agent_id

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:  # noqa: ARG002  the shape of a channel
        """Deliver to the recipient's own chat, whatever the conversation is called. Raises as the protocol says."""
        userid = self.members.userid_of(approved.draft.to)
        parts = parts_of(approved, task_id=self._task_id(key), markdown=self._markdown)
        image = self._media.image(approved.draft.image)
        if not parts and not image:
            raise RecipientGone("there is nothing in this text to send")
        self._take_turns(userid, len(parts) + bool(image))
        ids: list[str] = []
        until = time.monotonic() + _WHOLE_S
        try:
            if image:
                ids.append(self._post_image(userid, image, approved.draft.image))
            for part in parts:
                if ids and time.monotonic() > until:
                    raise ChannelDown("WeCom took too long")
                ids.append(self._post(userid, part))
        except (ChannelDown, RecipientGone) as error:
            if ids:  # sending the whole again would repeat what arrived
                raise DeliveryUnknown(f"{len(ids)} parts arrived; {error}") from None
            raise
        return Receipt(reference=",".join(ids)[:200], at=self._clock())

    def say(self, userid: str, text: str) -> None:
        """A courtesy of the edge itself, nothing of the bank in it. Raises ChannelDown and the like when it cannot be said."""
        self._take_turns(userid, 1)
        self._post(userid, {"msgtype": "text", "text": {"content": text}})

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    def _take_turns(self, userid: str, count: int) -> None:
        pause = self._pace.turn(userid.lower(), count=count)
        if pause:
            raise ChannelDown("30 messages a minute is what a member gets", retry_after_s=pause)

    def _post_image(self, userid: str, media_id: str, path: str | None) -> str:
        for wanted in (media_id, None):
            try:
                return self._call(userid, {"msgtype": "image", "image": {"media_id": wanted or self._media.image(path, anew=True)}})
            except WeComRefused as refused:
                if refused.code != _BAD_MEDIA or wanted is None:
                    raise _judged(refused) from None
        raise AssertionError("the second round returns or raises")

    def _post(self, userid: str, part: Part) -> str:
        try:
            return self._call(userid, part)
        except WeComRefused as refused:
            if refused.code == _TASK_TAKEN and "template_card" in part:
                event("wecom.app.sent.before")  # this card is there already: the id is made of our key and used for nothing else
                return str(part["template_card"]["task_id"])
            raise _judged(refused) from None

    def _call(self, userid: str, part: Part) -> str:
        body: dict[str, Any] = {"touser": userid, "agentid": self.agent_id} | part
        if "template_card" in part:
            body |= {"enable_duplicate_check": 1, "duplicate_check_interval": _DUPLICATE_S}
        answer = self.client.call(_PATH, body)
        if any(answer.get(field) for field in _NOT_THERE):
            raise RecipientGone("WeCom does not know the member, or the app is not visible to them")
        msgid = answer.get("msgid")
        return msgid if isinstance(msgid, str) else ""

    def _task_id(self, key: str) -> str:
        """Made of the key and of when this database first used the app: a new one begins its keys again, and WeCom forgets none."""
        if not self._mark:
            with self._store.writing() as records:
                records.links.begin_cursor(self._begun, at=self._clock())
                begun = records.links.cursor(self._begun)
            assert begun is not None
            self._mark = f"{begun[1].timestamp():.6f}".replace(".", "")
        return f"{hashlib.blake2s(key.encode(), digest_size=16).hexdigest()}-{self._mark}"


def _judged(refused: WeComRefused) -> Exception:
    if refused.code in NOT_SET_UP:
        return ChannelDown(str(refused), retry_after_s=_NOT_YET_S)
    return RecipientGone(str(refused)) if refused.code in KNOWN else DeliveryUnknown(str(refused))
