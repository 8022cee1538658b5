"""What customers send beside words is fetched: through busy servers and kills, once, whole; what is gone is told to a person."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.kf.fetching import Fetcher
from bot.channels.wecom.kf.names import CHANNEL, conversation_of, cursor_name
from bot.channels.wecom.kf.pull import Puller
from bot.channels.wecom.people import WeComPeople
from bot.channels.wecom.shelf import Shelf
from domain.errors import ChannelDown
from domain.media import MediaPiece
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

    def pull(self) -> None:
        """Take in what was said; nothing is fetched."""
        people = WeComPeople({})
        puller = Puller(self.store, self.client, self.clock, people=people, fresh=timedelta(hours=1), arrived=lambda _ids: None)
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
