"""What a callback of the app says, in our words. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.wecom.envelope import OPTIONS

#: Kind and what stands for it, as in the other channels.
_KINDS = {
    "image": ("image", "[图片]"),
    "voice": ("voice", "[语音]"),
    "video": ("video", "[视频]"),
    "shortvideo": ("video", "[视频]"),
    "file": ("file", "[文件]"),
    "location": ("location", "[位置]"),
    "emotion": ("sticker", "[表情]"),
}
_MSG_ID = 64  # characters; WeCom's are numbers of 64 bits
_OTHER = ("other", "[消息]")
_SAID_BY = ("FromUserName", "CreateTime", "Event", "EventKey", "TaskId")


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A pressed button of a card. `response_code` lets the card be changed once; empty when WeCom gave none."""

    key: str
    response_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Somebody said something, by typing or by pressing. `message_id` is the same each time that WeCom calls for it."""

    message_id: str
    userid: str
    text: str
    kind: str = "text"
    press: Press | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Somebody opened the app."""

    userid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Nothing for us."""

    reason: str


Read = Spoken | Entered | Passed


def read(fields: Mapping[str, str], *, agent_id: int) -> Read:
    """Read the fields of an opened callback."""
    userid = fields.get("FromUserName", "")
    if not userid or userid == "sys":  # what concerns the corp and no person
        return Passed(reason="nobody")
    if fields.get("AgentID", str(agent_id)) != str(agent_id):
        return Passed(reason="agent")
    if fields.get("MsgType") == "event":
        return _event(fields, userid)
    kind, text = _said(fields)
    message_id = fields.get("MsgId", "")[:_MSG_ID]
    return Spoken(message_id=f"msg:{message_id}" if message_id else _digest(fields), userid=userid, text=text, kind=kind)


def _said(fields: Mapping[str, str]) -> tuple[str, str]:
    what = fields.get("MsgType", "")
    return ("text", fields.get("Content", "")) if what == "text" else _KINDS.get(what, _OTHER)


def _event(fields: Mapping[str, str], userid: str) -> Read:
    what, key = fields.get("Event", ""), fields.get("EventKey", "")
    if what == "enter_agent":
        return Entered(userid=userid)
    if what == "click" and key:
        return Spoken(message_id=_event_id(fields), userid=userid, text=key)
    if what == "template_card_event" and (key or fields.get(OPTIONS)):
        press = Press(key=key, response_code=fields.get("ResponseCode", ""))
        return Spoken(message_id=_event_id(fields), userid=userid, text=fields.get(OPTIONS) or key, press=press)
    return Passed(reason=f"event:{what[:40]}")


def _event_id(fields: Mapping[str, str]) -> str:
    """Events have no id: one person does one thing at one moment."""
    return _digest({name: fields.get(name, "") for name in _SAID_BY})


def _digest(fields: Mapping[str, str]) -> str:
    written = "\x00".join(f"{name}={fields[name]}" for name in sorted(fields))
    return "event:" + hashlib.blake2s(written.encode("utf-8", "replace"), digest_size=16).hexdigest()
