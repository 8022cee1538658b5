"""What customers send beside words is fetched: through busy servers and kills, once, whole; what is gone is told to a person."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.kf.channel import KfChannel
from bot.channels.wecom.kf.fetching import Fetcher
from bot.channels.wecom.kf.names import CHANNEL, conversation_of, cursor_name, visitor
from bot.channels.wecom.kf.pull import Puller
from bot.channels.wecom.people import WeComPeople
from bot.channels.wecom.shelf import Shelf
from bot.listening import speech_to_text
from compliance.gate import Context, review
from domain.errors import ChannelDown
from domain.media import MediaPiece
from domain.message import Approved, Draft, Kind, Purpose
from domain.ports import Line
from domain.speech import SpeechToText
from storage.engine import Database
from storage.migrate import migrate
from storage.records import SqlStore
from tests.conftest import MORNING, MovableClock
from tests.integration.wecom.kf_rig import CORP, KFID, KfServer, kf_server

WHO = "wmVisitor"
CONVERSATION = conversation_of(KFID, WHO)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(200_000)


class Place:
    """One process's view: pulling and fetching by hand, under a clock that is moved."""

    def __init__(self, store: SqlStore, server: KfServer, folder: Path) -> None:
        self.clock = MovableClock(MORNING)
        self.store, self.server, self.folder = store, server, folder
        self.client = WeComClient(store, api_base=server.base, corp_id=CORP, secret="s", clock=self.clock)
        self.changed: list[str] = []
        self.voice_waits: timedelta | None = None

    def pull(self) -> None:
        """Take in what was said; nothing is fetched."""
        people = WeComPeople({})
        puller = Puller(
            self.store,
            self.client,
            self.clock,
            people=people,
            fresh=timedelta(hours=1),
            arrived=lambda _: None,
            wanted=lambda: None,
            voice_waits=self.voice_waits,
        )
        with self.store.reading() as records:
            before = records.links.cursor(cursor_name(KFID))
        puller.mark(KFID, "")
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with self.store.reading() as records:
                if records.links.cursor(cursor_name(KFID)) not in (before, ("", self.clock())):
                    break
            time.sleep(0.01)
        puller.stop()

    def fetcher(self) -> Fetcher:
        return Fetcher(self.store, self.client, self.clock, shelf=Shelf(self.folder), changed=self.changed.append)

    def piece(self, msgid: str) -> MediaPiece:
        with self.store.reading() as records:
            found = records.media.find(CHANNEL, msgid)
        assert found is not None
        return found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    database = Database(f"sqlite:///{tmp_path / 'p.db'}")
    migrate(database)
    with kf_server() as server:
        server.now = MORNING.timestamp
        made = Place(SqlStore(database), server, tmp_path / "media")
        yield made
        made.client.close()
    database.close()


def sends(place: Place, kind: str, media_id: str) -> str:
    return place.server.say(WHO, "", msgtype=kind, **{kind: {"media_id": media_id}})


def test_a_picture_is_wanted_with_the_message_and_fetched_by_whoever_comes_later(place: Place) -> None:
    place.server.files["M1"] = ("unterschrift 张.png".encode("ascii", "replace").decode(), "image/png", PICTURE)
    first, second = sends(place, "image", "M1"), sends(place, "image", "M1")
    place.pull()
    assert [place.piece(one).status for one in (first, second)] == ["wanted", "wanted"]

    # Somebody claims it and is killed; the next process finds it once the lease is over.
    with place.store.writing() as records:
        records.media.claim(channel=CHANNEL, now=place.clock(), lease_s=180)
    fetcher = place.fetcher()
    assert [fetcher.fetch_one(), fetcher.fetch_one()] == [True, False]
    place.clock.at += timedelta(seconds=181)
    assert [fetcher.fetch_one(), fetcher.fetch_one()] == [True, False]

    kept = place.piece(first)
    assert (kept.status, kept.content_type, kept.size, kept.name) == ("kept", "image/png", len(PICTURE), "unterschrift ?.png")
    assert kept.digest == place.piece(second).digest
    assert [file.name for file in place.folder.iterdir()] == [kept.digest]  # once, and nothing half-written beside it
    assert (place.folder / kept.digest).read_bytes() == PICTURE
    assert place.changed == [CONVERSATION, CONVERSATION]


def test_a_busy_server_is_asked_later_and_what_is_gone_is_told_to_a_person(place: Place) -> None:
    place.server.files["M1"] = ("a.pdf", "application/pdf", b"%PDF-1.7")
    kept, gone, late = sends(place, "file", "M1"), sends(place, "voice", "never"), sends(place, "file", "M1")
    place.pull()
    fetcher = place.fetcher()
    place.server.fault("media/get", 45009)  # asks to be left alone for a minute
    assert fetcher.fetch_one()
    assert place.piece(kept).status == "wanted"
    assert fetcher.fetch_one()  # the voice, which WeCom does not know
    assert place.piece(gone).status == "gone"
    place.server.fault("media/get", 60020, 1)  # an address that is not trusted: a setting, not the file's fault
    assert [fetcher.fetch_one(), fetcher.fetch_one()] == [True, False]
    place.server.fault("media/get", 40014, 1)  # a token that ended is renewed at once
    place.clock.at += timedelta(seconds=61)
    while fetcher.fetch_one():
        pass
    assert [place.piece(one).status for one in (kept, late)] == ["kept", "kept"]

    old = sends(place, "video", "M1")
    place.pull()
    place.clock.at += timedelta(days=3)
    assert fetcher.fetch_one()
    assert place.piece(old).status == "gone"
    with place.store.reading() as records:
        tasks = records.tasks.listed(kind="media")
    assert [task.detail for task in tasks] == ["客户发来的语音没能取回，请在微信客服里看。", "客户发来的视频没能取回，请在微信客服里看。"]
    assert {task.conversation_id for task in tasks} == {CONVERSATION}


def test_too_much_or_broken_off_is_no_file(place: Place) -> None:
    place.server.files["M1"] = ("a.bin", "application/octet-stream", bytes(3_000_000))
    with pytest.raises(WeComRefused):
        place.client.download("M1", most=1_000_000)
    assert len(place.client.download("M1").content) == 3_000_000
    place.server.files["J"] = ("mine.json", "application/json", b'{"errcode": 40007}')
    assert place.client.download("J").name == "mine.json"  # a customer's own JSON is a file like any other
    place.server.half_a_file = True
    with pytest.raises(ChannelDown):
        place.client.download("M1")


class Ear:
    """A server that writes down what was said: answers in turn, and None is a break."""

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        self.answers, self.asked = list(answers), list[tuple[str, bytes]]()
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ear.asked.append((self.headers.get("Authorization", ""), body))
                status, answer = ear.answers.pop(0)
                if not status:
                    time.sleep(0.5)
                self.send_response(status or 200)
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stt(self) -> SpeechToText:
        made = speech_to_text(base_url=f"http://127.0.0.1:{self.http.server_port}/v1", model="m", api_key="k", timeout_s=0.3)
        assert made is not None
        return made


def test_a_voice_message_waits_for_its_words_and_what_follows_waits_behind_it(place: Place) -> None:
    ear = Ear((200, '{"text": " 我的卡丢了 "}'.encode()), (500, b""), (200, b"[]"), (0, b'{"text": "too late"}'))
    for number in range(5):
        place.server.files[f"V{number}"] = ("v.amr", "audio/amr", b"#!AMR" + bytes([number]))
    place.voice_waits = timedelta(seconds=8)
    sends(place, "voice", "V0")
    place.server.say(WHO, "在吗")
    place.pull()

    def next_one(at: datetime) -> tuple[str, str] | None:
        with place.store.writing() as records:
            row = records.inbox.claim(now=at, worker="w", lease_s=60)
            if row is None:
                return None
            records.inbox.finish(row.id, at=at)
        return row.inbound.kind, row.inbound.text

    assert next_one(place.clock()) is None
    fetcher = Fetcher(place.store, place.client, place.clock, shelf=Shelf(place.folder), changed=place.changed.append, stt=ear.stt())
    assert fetcher.fetch_one()
    assert [next_one(place.clock()) for _ in range(3)] == [("heard", "我的卡丢了"), ("text", "在吗"), None]
    assert ear.asked[0][0] == "Bearer k"
    assert b"#!AMR" in ear.asked[0][1]

    # Refused, not understood, too late, never fetched: it goes on as the voice message that it is.
    for media_id in ("V1", "V2", "V3", "unknown"):
        sends(place, "voice", media_id)
        place.pull()
        assert next_one(place.clock()) is None
        assert fetcher.fetch_one()
        assert next_one(place.clock()) == ("voice", "[语音]")
    sends(place, "voice", "V4")  # whoever should have listened was killed
    place.pull()
    assert next_one(place.clock() + timedelta(seconds=7)) is None
    assert next_one(place.clock() + timedelta(seconds=8)) == ("voice", "[语音]")
    ear.http.shutdown()
    ear.http.server_close()


def test_a_picture_of_ours_goes_before_the_text_within_the_budget_and_never_instead_of_it(place: Place, tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(PICTURE)
    channel = KfChannel(place.store, place.client, place.clock, corp_id=CORP)
    draft = Draft(text="这是网点的位置", to=visitor(WHO), purpose=Purpose.REPLY, kind=Kind.IMAGE, image=str(picture))
    verdict = review(draft, Context(at=MORNING, channel="kf", in_reply_to_own_message=True), ())
    assert isinstance(verdict, Approved)

    def kinds(key: str) -> list[str]:
        before = len(place.server.sent)
        channel.send(verdict, key=key, conversation_id=CONVERSATION)
        return [one["msgtype"] for one in place.server.sent[before:]]

    place.server.say(WHO, "网点在哪")
    place.pull()
    assert kinds("a") == ["image", "text"]
    assert kinds("b") == ["image", "text"]
    assert place.server.calls["media/upload"] == 1  # the id is kept
    channel.send(verdict, key="b", conversation_id=CONVERSATION, again=True)
    assert place.server.repeated == 2  # sent again, both parts under the ids that they had

    place.clock.at += timedelta(seconds=1)
    with place.store.writing() as records:
        for _ in range(4):
            records.transcript.add(Line(id=0, conversation_id=CONVERSATION, at=place.clock(), author="bot:peiban", kind="text", text="x"))
    assert kinds("c") == ["text"]  # one message is left
    place.server.say(WHO, "再发一次")
    place.server.now = lambda: place.clock().timestamp() + 1
    place.clock.at += timedelta(days=3)  # the kept id is good no longer, and the upload fails
    place.server.fault("media/upload", -1, times=4)
    assert kinds("d") == ["text"]
