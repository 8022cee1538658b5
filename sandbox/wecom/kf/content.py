"""What may stand in a kf message (D/94677), kind by kind."""

from collections.abc import Callable

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Json
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

Checking = Callable[[World, Json], None]
_MENU_ITEMS = 10


def checked(world: World, given: Json) -> Json:
    """msgtype and its content, after the checks. Refused 40008, 44004, 45002, 40007, 40063, 95008, 95009, 95022, 60111."""
    kind = given.get("msgtype")
    if not isinstance(kind, str) or kind not in _CHECKS:
        raise Refused(40008)
    content = g.part(given, kind)
    _CHECKS[kind](world, content)
    return {"msgtype": kind, kind: content}


def _text(_: World, content: Json) -> None:
    g.text(content, "content", most=2048, code=44004)


def _media(kind: str) -> Checking:
    return lambda world, content: _find(world, g.text(content, "media_id", code=40007), kind)


def _find(world: World, media_id: str, kind: str) -> None:
    world.media.find(media_id, world.clock.now(), kind)


def _link(world: World, content: Json) -> None:
    g.text(content, "title", most=128)
    g.optional(content, "desc", most=512)
    g.address(content, "url")
    _find(world, g.text(content, "thumb_media_id", code=40007), "image")


def _miniprogram(world: World, content: Json) -> None:
    g.text(content, "appid")
    g.text(content, "pagepath")
    g.optional(content, "title", most=64)
    _find(world, g.text(content, "thumb_media_id", code=40007), "image")


def _menu(_: World, content: Json) -> None:
    g.optional(content, "head_content", most=1024)
    g.optional(content, "tail_content", most=1024)
    items = g.parts(content, "list", most=_MENU_ITEMS, code=95008)
    if not items and not content.get("head_content"):
        raise Refused(40063, "an empty menu")
    for item in items:
        _menu_item(item)


def _menu_item(item: Json) -> None:
    kind = item.get("type")
    if kind not in ("click", "view", "miniprogram", "text"):
        raise Refused(95009)
    body = g.part(item, kind)
    g.text(body, "content", most=256 if kind == "text" else 128, too_long=40058)
    if kind == "click":
        g.optional(body, "id", most=128, too_long=40058)
    if kind == "view":
        g.address(body, "url")
    if kind == "miniprogram":
        g.text(body, "appid")
        g.text(body, "pagepath")
    if kind == "text":
        g.number(body, "no_newline", 0, most=1)


def _location(_: World, content: Json) -> None:
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = content.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
            raise Refused(95022)


def _business_card(world: World, content: Json) -> None:
    world.member(g.text(content, "userid"))


def _ca_link(_: World, content: Json) -> None:
    g.text(content, "link_url")


_CHECKS: dict[str, Checking] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "file": _media("file"),
    "link": _link,
    "miniprogram": _miniprogram,
    "msgmenu": _menu,
    "location": _location,
    "business_card": _business_card,
    "ca_link": _ca_link,
}
