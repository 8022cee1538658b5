"""What an item of kf/sync_msg says, in our words (developer.work.weixin.qq.com/document/path/94670). Pure, and tolerant: fields may be
missing, added or doubled; what cannot be read is passed over and told, never raised."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

CUSTOMER, SYSTEM, SERVICER = 3, 4, 5  # origin

# Longer than any of WeCom's (64 bytes at most), and as long as our columns keep: one page must not be stopped by one row.
_ID, _USERID = 100, 60

PAYLOAD = "p:"  # our menu items carry this before what the press stands for

# Kinds of ours by msgtype, and what stands for them where there are no words; whatever is not here is something that we cannot show.
_KINDS = {
    "image": ("image", "[图片]"),
    "voice": ("voice", "[语音]"),
    "video": ("video", "[视频]"),
    "file": ("file", "[文件]"),
    "location": ("location", "[位置]"),
    "link": ("link", "[链接]"),
    "business_card": ("contact", "[名片]"),
    # Their titles are other people's words: they must not begin anything with us, so only what it is stands here.
    "miniprogram": ("other", "[小程序]"),
    "msgmenu": ("other", "[菜单]"),
    "channels_shop_product": ("other", "[商品]"),
    "channels_shop_order": ("other", "[订单]"),
    "channels": ("other", "[视频号]"),
    "merged_msg": ("other", "[聊天记录]"),
    "meeting": ("other", "[会议]"),
    "schedule": ("other", "[日程]"),
    "note": ("other", "[笔记]"),
}
_OTHER = ("other", "[消息]")
_UNTIMED = datetime(9000, 1, 1, tzinfo=UTC)  # of what was said without a time that can be read: it counts as said when it is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A customer said something. `media_id` names what can be fetched for three days."""

    msgid: str
    open_kfid: str
    customer: str  # external_userid
    at: datetime
    text: str
    kind: str = "text"
    media_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A servicer said something in the client."""

    msgid: str
    open_kfid: str
    customer: str
    at: datetime
    servicer: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event. `fields` are those of the event as they came."""

    msgid: str
    open_kfid: str
    customer: str
    at: datetime
    what: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Nothing that we could work with."""

    reason: str


Item = Said | Answered | Happened | Unreadable


def read_item(item: Any, *, open_kfid: str) -> Item:
    """Read one item of the list that was pulled for an account."""
    if not isinstance(item, dict):
        return Unreadable(reason="shape")
    msgtype, msgid = _text(item, "msgtype"), _text(item, "msgid")
    inner = item.get("event") if msgtype == "event" else None
    event: dict[str, Any] = inner if isinstance(inner, dict) else {}
    # Of an event the ids stand inside.
    account = _text(item, "open_kfid") or _text(event, "open_kfid") or open_kfid
    customer = _text(item, "external_userid") or _text(event, "external_userid")
    at = _instant(item.get("send_time"))
    servicers = (_text(item, "servicer_userid"), _text(event, "new_servicer_userid"), _text(event, "old_servicer_userid"))
    too_long = max(len(msgid), len(customer), len(account)) > _ID or max(map(len, servicers)) > _USERID
    if not msgid or too_long:
        return Unreadable(reason="ids")
    if msgtype == "event":
        if at is None:  # what an event means hangs on when it was
            return Unreadable(reason="time")
        return Happened(msgid=msgid, open_kfid=account, customer=customer, at=at, what=_text(event, "event_type"), fields=event)
    if not customer:
        return Unreadable(reason="ids")
    at = at or _UNTIMED
    kind, text, media_id = _content(item, msgtype)
    if _origin(item) == SERVICER:
        servicer = _text(item, "servicer_userid")
        return Answered(msgid=msgid, open_kfid=account, customer=customer, at=at, servicer=servicer, text=text)
    if _origin(item) in (CUSTOMER, None):
        return Said(msgid=msgid, open_kfid=account, customer=customer, at=at, text=text, kind=kind, media_id=media_id)
    return Unreadable(reason="origin")


def _content(item: dict[str, Any], msgtype: str) -> tuple[str, str, str]:
    """Kind, text and media id."""
    found = item.get(msgtype)
    body: dict[str, Any] = found if isinstance(found, dict) else {}
    if msgtype == "text":
        menu = _text(body, "menu_id")
        return "text", menu.removeprefix(PAYLOAD) if menu.startswith(PAYLOAD) else _text(body, "content"), ""
    kind, stands_for = _KINDS.get(msgtype, _OTHER)
    told = {"location": ("name", "address"), "link": ("title", "url")}.get(msgtype, ())
    words = " ".join(filter(None, (_text(body, name) for name in told)))
    return kind, f"{stands_for} {words}".rstrip(), _text(body, "media_id")


def _origin(item: dict[str, Any]) -> Any:
    """A number, also one that came as a text."""
    value = item.get("origin")
    return int(value) if isinstance(value, str) and len(value) == 1 and value in "0123456789" else value


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str) and value.isdecimal() and len(value) <= 12:
        value = int(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None
