"""Frames of the long connection: `{cmd, headers: {req_id}, body}` both ways, answers to ours `{headers: {req_id}, errcode}`. Pure.

Confirmed by document/path/101463: commands and limits. Not confirmed: whether a card's event is nested under its name (both are read),
and whether `msgid` of an event is always there (without it the frame's own id stands for it).
"""

import json
from dataclasses import dataclass
from typing import Any

SUBSCRIBE, PING = "aibot_subscribe", "ping"
MESSAGE, EVENT = "aibot_msg_callback", "aibot_event_callback"
RESPOND, WELCOME, UPDATE, SEND = "aibot_respond_msg", "aibot_respond_welcome_msg", "aibot_respond_update_msg", "aibot_send_msg"
DISPLACED = "disconnected_event"
#: The key of the one button that stays on a card after a choice; it does nothing.
CHOSEN = "peiban:chosen"

_KINDS = {"image": ("image", "[图片]"), "voice": ("voice", "[语音]"), "file": ("file", "[文件]"), "video": ("video", "[视频]")}
_LONGEST = 200  # characters of an id; what is longer could not be kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame of WeCom's. `errcode` is None for what it says by itself."""

    cmd: str
    req_id: str
    body: dict[str, Any]
    errcode: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A pressed button of a card."""

    key: str
    task_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Somebody said something. `message_id` is the same whenever WeCom brings it, and for every press of one card."""

    message_id: str
    userid: str
    req_id: str
    text: str
    kind: str = "text"
    press: Press | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Somebody opened the chat, for the first time on a day. A welcome may be said for five seconds."""

    userid: str
    req_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Nothing for us."""

    reason: str


def frame(cmd: str, req_id: str, body: dict[str, Any] | None = None) -> str:
    """One frame of ours."""
    return json.dumps({"cmd": cmd, "headers": {"req_id": req_id}} | ({"body": body} if body is not None else {}), ensure_ascii=False)


def parse(raw: str | bytes) -> Frame | None:
    """Open a frame, None for what is none."""
    try:
        said = raw if isinstance(raw, str) else raw.decode()
        content = _dict(json.loads(said, parse_constant=str))
    except (ValueError, RecursionError):
        return None
    errcode = content.get("errcode")
    return Frame(
        cmd=_text(content, "cmd"),
        req_id=_text(_dict(content.get("headers")), "req_id"),
        body=_dict(content.get("body")),
        errcode=errcode if isinstance(errcode, int) else None,
    )


def read(one: Frame) -> Spoken | Entered | Passed:
    """Say in our words what a callback means. Groups are passed over: what is said there is for more than one pair of eyes."""
    body, userid = one.body, _text(_dict(one.body.get("from")), "userid")
    if not userid:
        return Passed(reason="nobody")
    if body.get("chattype", "single") != "single" or body.get("chatid"):
        return Passed(reason="group")
    if one.cmd == EVENT:
        return _event(one, userid)
    message_id = _text(body, "msgid") or one.req_id
    kind, text = _said(body)
    if not message_id:
        return Passed(reason="id")
    return Spoken(message_id=f"msg:{message_id}", userid=userid, req_id=one.req_id, text=text, kind=kind)


def event_type(one: Frame) -> str:
    """Which event a frame tells of, empty for none."""
    return _text(_dict(one.body.get("event")), "eventtype") if one.cmd == EVENT else ""


def _said(body: dict[str, Any]) -> tuple[str, str]:
    what = _text(body, "msgtype")
    if what in ("text", "voice"):
        words = _words(body.get(what))  # of what was spoken WeCom gives the words
        return ("text", words) if words else _KINDS.get(what, ("text", ""))
    if what == "mixed":
        items = _dict(body.get("mixed")).get("msg_item")
        words = " ".join(_words(_dict(item).get("text")) for item in items) if isinstance(items, list) else ""
        return ("image", words.strip() or "[图片]")
    return _KINDS.get(what, ("other", "[消息]"))


def _event(one: Frame, userid: str) -> Spoken | Entered | Passed:
    event, what = _dict(one.body.get("event")), event_type(one)
    if what == "enter_chat":
        return Entered(userid=userid, req_id=one.req_id)
    pressed = _dict(event.get(what)) or event
    key, task_id = _text(pressed, "event_key", 1_024), _text(pressed, "task_id")
    if what != "template_card_event" or not key or not task_id:
        return Passed(reason=f"event:{what[:40]}")
    if key == CHOSEN:
        return Passed(reason="chosen")
    press = Press(key=key, task_id=task_id)
    return Spoken(message_id=f"card:{task_id}", userid=userid, req_id=one.req_id, text=key, press=press)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(fields: dict[str, Any], name: str, longest: int = _LONGEST) -> str:
    value = fields.get(name)
    return _clean(value) if isinstance(value, str) and len(value) <= longest else ""


def _words(value: Any) -> str:
    content = _dict(value).get("content")
    return _clean(content) if isinstance(content, str) else ""


def _clean(text: str) -> str:
    """Half a surrogate pair can be sent, but not be stored."""
    return text.encode("utf-8", "replace").decode("utf-8")
