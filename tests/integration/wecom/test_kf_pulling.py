"""Pulling an account of WeChat customer service by hand: WeCom asks to be left alone for a minute, and nothing is lost by that."""

import time
from datetime import timedelta
from pathlib import Path

from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.kf.names import conversation_of
from bot.channels.wecom.kf.pull import Puller
from bot.channels.wecom.people import WeComPeople
from storage.engine import Database
from storage.migrate import migrate
from storage.records import SqlStore
from tests.conftest import MORNING, MovableClock
from tests.integration.wecom.kf_rig import CORP, KFID, kf_server

_A_MINUTE = 45009
_WATCHED_S = 1.5  # of the minute: longer than the waits after any other refusal begin with


def test_over_quota_an_account_is_left_alone_and_what_was_said_meanwhile_comes_afterwards(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'p.db'}")
    migrate(database)
    store, clock = SqlStore(database), MovableClock(MORNING)
    with kf_server() as server:
        server.now = MORNING.timestamp
        client = WeComClient(store, api_base=server.base, corp_id=CORP, secret="s", clock=clock)
        came: list[str] = []

        def puller() -> Puller:
            return Puller(
                store,
                client,
                clock,
                people=WeComPeople({}),
                fresh=timedelta(hours=1),
                arrived=came.extend,
                wanted=lambda: None,
            )

        server.fault("kf/sync_msg", _A_MINUTE, times=100)
        blocked = puller()
        blocked.mark(KFID, "T")
        deadline = time.monotonic() + 10
        while not server.calls["kf/sync_msg"] and time.monotonic() < deadline:
            time.sleep(0.01)
        server.say("wmLi", "在吗")
        for _ in range(20):  # further callbacks do not shorten the wait
            blocked.mark(KFID, "T")
        time.sleep(_WATCHED_S)
        assert server.calls["kf/sync_msg"] == 1
        started = time.monotonic()
        blocked.stop()
        assert time.monotonic() - started < 5, "who stops does not wait for the minute"
        assert came == []

        server.faults.clear()  # the minute is over; another process, as after a restart
        again = puller()
        again.mark(KFID, "")
        while not came and time.monotonic() < deadline:
            time.sleep(0.01)
        again.stop()
        assert came == [conversation_of(KFID, "wmLi")]
        client.close()
    database.close()
