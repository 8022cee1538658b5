"""Reads a callback of 客户联系 (developer.work.weixin.qq.com/document/path/92130)."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from domain.contact_events import ContactEvent

CONTACT, TAG = "change_external_contact", "change_external_tag"
_KEPT = ("State", "WelcomeCode", "FailReason", "Source", "Id", "TagType")
_LONGEST_ID, _LONGEST = 100, 200
_SAME = ("FromUserName", "CreateTime", "Event", "ChangeType", "UserID", "ExternalUserID", "Id")


def read_event(fields: Mapping[str, str]) -> ContactEvent | None:
    """The event of an opened callback; None for what is none of contacts or lacks its ids."""
    kind, change = fields.get("Event", ""), fields.get("ChangeType", "")
    userid, person = fields.get("UserID", ""), fields.get("ExternalUserID", "")
    if kind == TAG:
        change = f"tag_{change}"
    elif kind != CONTACT or not userid or not person:
        return None
    if max(len(userid), len(person)) > _LONGEST_ID or not 0 < len(change) <= _LONGEST_ID // 2:
        return None
    try:
        happened_at = datetime.fromtimestamp(int(fields.get("CreateTime", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return ContactEvent(
        digest=_digest(fields),
        change=change,
        userid=userid,
        external_userid=person,
        fields={name: fields[name] for name in _KEPT if 0 < len(fields.get(name, "")) <= _LONGEST},
        happened_at=happened_at,
    )


def _digest(fields: Mapping[str, str]) -> str:
    """WeCom's three calls of one event have these alike; it gives events no id of their own."""
    return hashlib.blake2s("\n".join(fields.get(name, "") for name in _SAME).encode(), digest_size=16).hexdigest()
