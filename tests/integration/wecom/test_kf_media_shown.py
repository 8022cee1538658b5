"""Pictures and files of customers, as the workbench gives them: to whoever may read the conversation, and never as a page."""

import urllib.error
import urllib.request
from collections.abc import Callable

from bot.app import App
from bot.channels.wecom.shelf import Shelf
from bot.channels.wecom.wiring import MEDIA_FOLDER
from bot.handoff import summary_of
from bot.web.lines import Reader
from bot.web.media import media_routes
from bot.web.sources import Workbench
from domain.conversation import Conversation
from domain.message import Inbound
from domain.party import Party, Role
from tests.conftest import MORNING, MovableClock
from tests.integration.wecom.app_rig import served

MANAGER = Party(Role.RM, "S0003")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PAGE = b"<script>alert(1)</script>"


def fetched(base: str, path: str, who: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(f"{base}{path}?as={who}", timeout=10) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, {}, refused.read()


def sent(app: App, customer: Party, conversation: str, msgid: str, kind: str, content: bytes | None, name: str = "a.png") -> None:
    """A customer sends something, and it is fetched where there is content."""
    with app.store.writing() as records:
        records.media.want(channel="kf", message_id=msgid, conversation_id=conversation, media_id="M", kind=kind, at=MORNING)
        piece = records.media.claim(channel="kf", now=MORNING, lease_s=60)
        assert piece is not None
        if content is not None:
            digest = Shelf(app.settings.data / MEDIA_FOLDER).put(content)
            records.media.keep(piece, name=name, content_type="text/html", size=len(content), digest=digest, at=MORNING)
    app.converse(
        Inbound(
            channel="kf",
            message_id=msgid,
            sender=customer,
            text="[图片]",
            kind=kind,
            received_at=MORNING,
            conversation_id=conversation,
        )
    )


def test_only_who_may_read_the_conversation_gets_what_was_sent_in_it(house: Callable[..., App]) -> None:
    app = house(clock=MovableClock(MORNING))
    with app.store.reading() as records:
        theirs = records.book.customers_of(MANAGER.id)[0]
        other = next(
            one
            for one in records.book.people()
            if one.active and one.role is Role.RM and one.id != MANAGER.id and one.branch_id != records.book.staff(MANAGER.id).branch_id  # type: ignore[union-attr]
        )
    customer, conversation = Party(Role.CUSTOMER, theirs.id), f"kf:customer:{theirs.id}@wk1"
    with app.store.writing() as records:
        records.conversations.save(Conversation(id=conversation, channel="kf", party=customer), at=MORNING)
    sent(app, customer, conversation, "m1", "image", PNG)
    sent(app, customer, conversation, "m2", "file", PAGE, name='身份证"\r\nX: y.html')
    sent(app, customer, conversation, "m3", "voice", None)

    lines, _ = Workbench(app, MANAGER).talk(conversation)
    links = [line["media"] for line in lines if line["media"]]
    assert links == [f"/workbench/media/kf/m{number}" for number in (1, 2, 3)]
    with app.store.reading() as records:
        stored = records.transcript.of(conversation)
        assert "客户发来：图片 1、语音 1、文件 1" in summary_of(records, conversation)
    own = Reader(customer, name_of=str, title_of=lambda _card: None).read(stored)
    assert {line["media"] for line in own} == {""}

    with served([media_routes(app)]) as edge:
        status, headers, body = fetched(edge.base, links[0], "rm:S0003")
        assert (status, headers["content-type"], body) == (200, "image/png", PNG)
        assert headers["content-disposition"].startswith("inline")
        status, headers, body = fetched(edge.base, links[1], "rm:S0003")
        assert (status, headers["content-type"], body) == (200, "application/octet-stream", PAGE)
        assert headers["content-disposition"].startswith("attachment; filename*=utf-8''%E8%BA%AB")
        assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "private, no-store")
        status, _, body = fetched(edge.base, links[2], "rm:S0003")
        assert (status, "还在取" in body.decode()) == (404, True)
        for who in (f"rm:{other.id}", "rm:S9999"):
            status, _, body = fetched(edge.base, links[0], who)
            assert (status, "不归您看" in body.decode()) == (404, True)
        assert fetched(edge.base, links[0], str(customer))[0] == 401
        assert fetched(edge.base, "/workbench/media/kf/none", "rm:S0003")[0] == 404


def test_words_that_a_machine_wrote_down_are_answered_and_said_to_be_so(house: Callable[..., App]) -> None:
    app = house(clock=MovableClock(MORNING))
    with app.store.reading() as records:
        customer = Party(Role.CUSTOMER, records.book.customers_of(MANAGER.id)[0].id)
    app.converse(Inbound(channel="web", message_id="v1", sender=customer, text="我的卡丢了", kind="heard", received_at=MORNING))
    with app.store.reading() as records:
        lines = records.transcript.of(f"web:{customer}")
    assert (lines[0].kind, lines[0].text, lines[0].media) == ("voice", "（语音）我的卡丢了", "v1")
    assert "转成文字" in lines[1].text
    assert any("挂失" in line.text for line in lines[2:])
