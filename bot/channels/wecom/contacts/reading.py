"""Contacts as WeCom tells them: of one person with every member (document/path/92114), or by members and pages (92994)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.contacts.tags import Seen

_GET = "externalcontact/get"
_LONGEST_ID, _LONGEST_STATE = 100, 120
_NAMES = 200  # characters of a name that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One contact in WeCom's words."""

    seen: Seen
    name: str
    state: str
    added_at: datetime


def told_of(client: WeComClient, external_userid: str) -> Iterator[Told]:
    """Everybody who has this person. Raises WeComRefused, with 84061 where nobody has."""
    cursor = ""
    while True:
        answer = client.call(_GET, query={"external_userid": external_userid, **({"cursor": cursor} if cursor else {})})
        person = _dict(answer.get("external_contact"))
        for follow in _dicts(answer.get("follow_user")):
            tags = tuple(_text(tag.get("tag_id")) for tag in _dicts(follow.get("tags")) if tag.get("tag_id"))
            told = read_contact(person | {"external_userid": external_userid}, follow, tags)
            if told is not None:
                yield told
        following = _text(answer.get("next_cursor"))
        if not following or following == cursor:
            return
        cursor = following


def read_contact(person: dict[str, Any], follow: dict[str, Any], tags: tuple[str, ...]) -> Told | None:
    """One relation; None where its ids are missing or too long to be kept."""
    external_userid, userid = _text(person.get("external_userid")), _text(follow.get("userid"))
    created = follow.get("createtime")
    if not 0 < len(external_userid) <= _LONGEST_ID or not 0 < len(userid) <= _LONGEST_ID or not isinstance(created, int):
        return None
    return Told(
        seen=Seen(external_userid=external_userid, userid=userid, remark=_text(follow.get("remark")), tags=tags),
        name=_text(person.get("name"))[:_NAMES],
        state=_text(follow.get("state"))[:_LONGEST_STATE],
        added_at=datetime.fromtimestamp(created, UTC),
    )


def page_of(answer: dict[str, Any]) -> list[Told]:
    """The contacts of a page of batch/get_by_user."""
    found = []
    for one in _dicts(answer.get("external_contact_list")):
        follow = _dict(one.get("follow_info"))
        tags = tuple(tag for tag in follow.get("tag_id") or [] if isinstance(tag, str))
        told = read_contact(_dict(one.get("external_contact")), follow, tags)
        if told is not None:
            found.append(told)
    return found


def _text(value: object) -> str:
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
