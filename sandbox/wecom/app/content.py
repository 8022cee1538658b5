"""What may stand in a message of the app (D/90236), kind by kind. Texts are cut; everything else that is too long is refused."""

from collections.abc import Callable

from sandbox.wecom import given as g
from sandbox.wecom.app.card_content import check_card
from sandbox.wecom.endpoint import Json
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

Checking = Callable[[World, Json], None]
_TEXT_BYTES = 2048


def checked(world: World, given: Json) -> Json:
    """msgtype and its content. Refused 40008, 44004, 45002, 40007, 40063, 40058."""
    kind = given.get("msgtype")
    if not isinstance(kind, str) or kind not in _CHECKS:
        raise Refused(40008)
    content = dict(g.part(given, kind))
    _CHECKS[kind](world, content)
    return {"msgtype": kind, kind: content}


def _text(_: World, content: Json) -> None:
    words = g.text(content, "content", code=44004)
    content["content"] = words.encode()[:_TEXT_BYTES].decode(errors="ignore")


def _markdown(_: World, content: Json) -> None:
    g.text(content, "content", most=_TEXT_BYTES, code=44004)


def _media(kind: str) -> Checking:
    def check(world: World, content: Json) -> None:
        world.media.find(g.text(content, "media_id", code=40007), world.clock.now(), kind)
        g.optional(content, "title", most=128)
        g.optional(content, "description", most=512)

    return check


def _textcard(_: World, content: Json) -> None:
    for name, most in (("title", 128), ("description", 512)):
        g.text(content, name)
        g.characters(content, name, most)
    g.text(content, "url", most=2048)
    g.characters(content, "btntxt", 4)


def _news(_: World, content: Json) -> None:
    articles = g.parts(content, "articles", most=8)
    if not articles:
        raise Refused(40063, "articles is empty")
    for article in articles:
        g.text(article, "title", most=128)
        g.optional(article, "description", most=512)
        if not article.get("url") and not (article.get("appid") and article.get("pagepath")):
            raise Refused(40063, "url is empty")


def _miniprogram_notice(_: World, content: Json) -> None:
    g.text(content, "appid")
    title = g.text(content, "title")
    if not 4 <= len(title) <= 12:
        raise Refused(40058, "title has 4 to 12 characters")
    g.parts(content, "content_item", most=10)


def _card(_: World, content: Json) -> None:
    check_card(content)


_CHECKS: dict[str, Checking] = {
    "text": _text,
    "markdown": _markdown,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "file": _media("file"),
    "textcard": _textcard,
    "news": _news,
    "miniprogram_notice": _miniprogram_notice,
    "template_card": _card,
}
