"""Temporary media (D/90253): three days, shared by the apps of a corp."""

from urllib.parse import quote

from sandbox.wecom.endpoint import Call, Json, Table, get, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.http import Answer
from sandbox.wecom.stored import Stored
from sandbox.wecom.world import World

_MB = 1024 * 1024
_LIMITS = {"image": 10 * _MB, "voice": 2 * _MB, "video": 10 * _MB, "file": 20 * _MB}
_HEADS: dict[str, tuple[bytes, ...]] = {"image": (b"\xff\xd8", b"\x89PNG"), "voice": (b"#!AMR",)}
_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4", "file": "application/octet-stream"}


def _upload(world: World, call: Call) -> Json:
    kind = call.query.get("type", "")
    if kind not in _LIMITS:
        raise Refused(40058, "type")
    if call.upload is None or not call.upload.name:
        raise Refused(40063, "no file in the field media")
    content = call.upload.content
    if len(content) <= 5:
        raise Refused(40063, "a file has more than 5 bytes")
    if len(content) > _LIMITS[kind]:
        raise Refused(45002, f"{kind} is larger than {_LIMITS[kind]} bytes")
    if not _is(kind, content):
        raise Refused(40058, f"this is no {kind}")
    stored = world.media.keep(kind, call.upload.name, content, world.clock.seconds())
    return {"type": kind, "media_id": stored.media_id, "created_at": str(stored.created_at)}


def _is(kind: str, content: bytes) -> bool:
    if kind == "video":
        return content[4:8] == b"ftyp"
    return kind not in _HEADS or content.startswith(_HEADS[kind])


def _upload_picture(world: World, call: Call) -> Json:
    if call.upload is None or len(call.upload.content) <= 5:
        raise Refused(40063, "no file")
    if len(call.upload.content) > 2 * _MB:
        raise Refused(45002)
    if not _is("image", call.upload.content):
        raise Refused(40058, "this is no image")
    world.limits.count("uploadimg in a day", world.clock.now(), 86400, 100)
    return {"url": f"https://sandbox.invalid/picture/{world.new_id('p')}"}


def _get(world: World, call: Call) -> Answer:
    stored = world.media.find(call.query.get("media_id", ""), world.clock.now())
    return file_answer(stored)


def file_answer(stored: Stored) -> Answer:
    """The bytes, as media/get gives them."""
    kind = "image/png" if stored.content.startswith(b"\x89PNG") else _TYPES.get(stored.kind, "application/octet-stream")
    name = stored.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    shown = f"attachment; filename=\"{name}\"; filename*=utf-8''{quote(stored.name)}"
    return Answer(body=stored.content, kind=kind, headers=(("Content-disposition", shown),))


ENDPOINTS: Table = {
    "media/upload": post("", _upload),
    "media/uploadimg": post("", _upload_picture),
    "media/get": get("", _get),
}
