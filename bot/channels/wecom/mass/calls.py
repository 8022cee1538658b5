"""The calls of 企业群发 (developer.work.weixin.qq.com/document/path/92135, 93338, 97610, 97611). All raise as `WeComClient.call`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.channels.wecom.client import WeComClient
from domain.errors import DeliveryUnknown

_PAGE, _LIST_PAGE = 1_000, 100
_MOST_PAGES = 1_000
_BY_CORP, _CONFIRMED = 0, 2


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one person: 0 not sent, 1 sent, 2 no contact any more, 3 had enough."""

    status: int
    at: datetime | None


class MassCalls:
    """The wire."""

    def __init__(self, client: WeComClient) -> None:
        self._client = client

    def ask(self, userid: str, people: Sequence[str], text: str) -> tuple[str, frozenset[str]]:
        """Ask a member to send it. Returns the msgid and who is no contact of theirs. WeCom takes no key: a second call asks twice."""
        body = {"chat_type": "single", "external_userid": list(people), "sender": userid, "text": {"content": text}}
        answer = self._client.call("externalcontact/add_msg_template", body)
        failed = answer.get("fail_list")
        if not answer.get("msgid"):
            raise DeliveryUnknown("externalcontact/add_msg_template: no msgid")
        return str(answer["msgid"]), frozenset(map(str, failed)) if isinstance(failed, list) else frozenset()

    def made(self, *, since: datetime, until: datetime, text: str, userid: str) -> Iterator[str]:
        """The msgids of what corps made with these words in that time. WeCom need not say who shall send it."""
        body = {"chat_type": "single", "start_time": int(since.timestamp()), "end_time": int(until.timestamp()), "limit": _LIST_PAGE}
        for one in self._pages("externalcontact/get_groupmsg_list_v2", body, "group_msg_list"):
            same = isinstance(one.get("text"), dict) and one["text"].get("content") == text
            theirs = str(one.get("creator") or userid).casefold() == userid.casefold()
            if one.get("create_type", _BY_CORP) == _BY_CORP and same and theirs and one.get("msgid"):
                yield str(one["msgid"])

    def confirmed(self, msgid: str, userid: str) -> bool:
        """Whether the member has confirmed it."""
        tasks = self._pages("externalcontact/get_groupmsg_task", {"msgid": msgid, "limit": _PAGE}, "task_list")
        return any(str(one.get("userid", "")).casefold() == userid.casefold() and one.get("status") == _CONFIRMED for one in tasks)

    def results(self, msgid: str, userid: str) -> dict[str, Result]:
        """What came of everybody in it, by external userid."""
        body = {"msgid": msgid, "userid": userid, "limit": _PAGE}
        found: dict[str, Result] = {}
        for one in self._pages("externalcontact/get_groupmsg_send_result", body, "send_list"):
            stamp = one.get("send_time")
            at = datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int) and stamp > 0 else None
            found[str(one.get("external_userid", ""))] = Result(one.get("status", 0), at)
        return found

    def remind(self, msgid: str) -> None:
        """Remind who has not confirmed; three times in 24 hours."""
        self._client.call("externalcontact/remind_groupmsg_send", {"msgid": msgid})

    def cancel(self, msgid: str) -> None:
        """Stop what has not been sent."""
        self._client.call("externalcontact/cancel_groupmsg_send", {"msgid": msgid})

    def _pages(self, path: str, body: dict[str, Any], listed: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _ in range(_MOST_PAGES):
            answer = self._client.call(path, body | ({"cursor": cursor} if cursor else {}))
            rows = answer.get(listed)
            yield from (one for one in (rows if isinstance(rows, list) else []) if isinstance(one, dict))
            following = str(answer.get("next_cursor") or "")
            if not following or following == cursor:
                return
            cursor = following
