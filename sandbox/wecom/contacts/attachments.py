"""A text and up to nine attachments, as welcome and mass messages carry them."""

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Json
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

_TEXT_BYTES = 4000
_MOST = 9


def checked_body(world: World, given: Json) -> Json:
    """Text, attachments, or both. Refused 40063 for neither, 45002, 40008, 40007."""
    words = g.optional(given["text"], "content", most=_TEXT_BYTES) if isinstance(given.get("text"), dict) else ""
    attachments = g.parts(given, "attachments", most=_MOST)
    if not words and not attachments:
        raise Refused(40063, "text and attachments are empty")
    for attachment in attachments:
        _check(world, attachment)
    return {"text": {"content": words}, "attachments": attachments}


def _check(world: World, attachment: Json) -> None:
    kind = attachment.get("msgtype")
    if kind not in ("image", "link", "miniprogram", "video", "file"):
        raise Refused(40008)
    body = g.part(attachment, kind)
    if kind == "link":
        g.text(body, "title", most=128)
        g.text(body, "url", most=2048)
        g.optional(body, "desc", most=512)
    elif kind == "miniprogram":
        g.text(body, "title", most=64)
        g.text(body, "appid")
        g.text(body, "page")
        world.media.find(g.text(body, "pic_media_id", code=40007), world.clock.now(), "image")
    elif not (kind == "image" and body.get("pic_url")):
        world.media.find(g.text(body, "media_id", code=40007), world.clock.now(), kind)
