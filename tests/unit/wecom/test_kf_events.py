"""Every event of kf/sync_msg has an outcome: in a real database, with the fields of WeCom's table, added to and missing."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wecom.kf.messages import Happened, read_item
from bot.channels.wecom.kf.names import conversation_of, cursor_name, visitor
from bot.channels.wecom.kf.sessions import happened
from bot.channels.wecom.people import WeComPeople
from domain.customer_service import ServiceState
from storage.engine import Database
from storage.migrate import migrate
from storage.records import SqlStore
from tests.conftest import MORNING

KFID, WHO = "wk1", "wm1"
CONVERSATION = conversation_of(KFID, WHO)
PEOPLE = WeComPeople({"LinXiao": "rm:S0004"})
THEIRS = {"external_userid": WHO}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("events")
    made = Database(f"sqlite:///{folder / 'e.db'}")
    migrate(made)
    yield made
    made.close()


class Undone(Exception):
    """Ends a transaction so that nothing of it stays."""


def outcome(database: Database, what: str, fields: dict[str, Any]) -> dict[str, Any]:
    """What an event leaves behind; nothing of it stays."""
    event = {"event_type": what, "open_kfid": KFID} | fields
    item = {"event": event, "msgtype": "event", "origin": 4, "msgid": "e1", "send_time": int(MORNING.timestamp())}
    read = read_item(item, open_kfid=KFID)
    assert isinstance(read, Happened)
    found: dict[str, Any] = {}
    with suppress(Undone), SqlStore(database).writing() as records:
        happened(records, read, PEOPLE, at=MORNING, party=visitor(read.customer))
        session = records.links.session(CONVERSATION)
        found["state"] = session.state if session else None
        found["code"] = session.code_for if session and session.code_good(MORNING) else ""
        found["lines"] = [line.text for line in records.transcript.of(CONVERSATION)]
        found["tasks"] = [task.kind for task in records.tasks.listed()]
        records.audit.flush()
        found["audit"] = [
            (one.action, one.subject, one.detail)
            for subject in (CONVERSATION, cursor_name(KFID))
            for one in records.audit.of_subject(subject)
        ]
        raise Undone
    return found


NOTHING: dict[str, Any] = {"state": None, "code": "", "lines": [], "tasks": [], "audit": []}
CLOSED, PERSON = ServiceState.ENDED, ServiceState.PERSON


def _changed(change: str) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    return [("kf.session_changed", CONVERSATION, (("change", change),))]


EVENTS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "opened": (
        "enter_session",
        THEIRS | {"scene": "s", "scene_param": "p", "welcome_code": "W", "wechat_channels": {"nickname": "n"}},
        {"state": ServiceState.NEW, "code": "welcome"},
    ),
    "opened again": ("enter_session", THEIRS | {"scene": "s"}, {}),
    "not delivered": ("msg_send_fail", THEIRS | {"fail_msgid": "m", "fail_type": 10}, {"tasks": ["delivery"]}),
    "not delivered, a new reason": ("msg_send_fail", THEIRS | {"fail_type": "99"}, {"tasks": ["delivery"]}),
    "serves": (
        "servicer_status_change",
        {"servicer_userid": "LinXiao", "status": 1},
        {"audit": [("kf.servicer_status", f"kf:{KFID}", (("status", "1"),))]},
    ),
    "stops": (
        "servicer_status_change",
        {"servicer_userid": "LinXiao", "status": 2, "stop_type": 1, "later": "x"},
        {"audit": [("kf.servicer_status", f"kf:{KFID}", (("status", "2"), ("stop_type", "1")))]},
    ),
    "picked": (
        "session_status_change",
        THEIRS | {"change_type": 1, "new_servicer_userid": "LinXiao", "msg_code": "C"},
        {"state": PERSON, "code": "taken", "lines": ["人工开始：同事"], "audit": _changed("1")},
    ),
    "passed on": (
        "session_status_change",
        THEIRS | {"change_type": 2, "old_servicer_userid": "a", "new_servicer_userid": "LinXiao"},
        {"state": PERSON, "lines": ["人工开始：同事"], "audit": _changed("2")},
    ),
    "ended": (
        "session_status_change",
        THEIRS | {"change_type": 3, "old_servicer_userid": "LinXiao", "msg_code": "C"},
        {"state": CLOSED, "code": "ended", "audit": _changed("3")},
    ),
    "opened anew": (
        "session_status_change",
        THEIRS | {"change_type": 4, "new_servicer_userid": "LinXiao"},
        {"state": PERSON, "lines": ["人工开始：同事"], "audit": _changed("4")},
    ),
    "a change that nobody knows": ("session_status_change", THEIRS | {"change_type": 9}, {}),
    "a change of nobody's": ("session_status_change", {"change_type": 3}, {}),
    "recalled": ("user_recall_msg", THEIRS | {"recall_msgid": "m"}, {"lines": ["客户撤回了一条消息"]}),
    "recalled by a servicer": (
        "servicer_recall_msg",
        THEIRS | {"recall_msgid": "m", "servicer_userid": "x"},
        {"lines": ["同事撤回了一条消息"]},
    ),
    "refuses a customer": (
        "reject_customer_msg_switch_change",
        THEIRS | {"servicer_userid": "LinXiao", "reject_switch": 1},
        {"audit": [("kf.reject_switch", CONVERSATION, (("reject_switch", "1"),))]},
    ),
    "refuses, bare": ("reject_customer_msg_switch_change", {"servicer_userid": None}, {"audit": [("kf.reject_switch", f"kf:{KFID}", ())]}),
    "never heard of": ("something_new", THEIRS | {"x": 1}, {}),
}


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_has_its_outcome(name: str, database: Database) -> None:
    what, fields, expected = EVENTS[name]
    assert outcome(database, what, fields) == NOTHING | expected
    # The order of the fields, and fields that nobody knows, change nothing.
    assert outcome(database, what, {"unknown": [1]} | dict(reversed(fields.items()))) == NOTHING | expected


def test_a_code_is_as_short_lived_as_wecom_says(database: Database) -> None:
    event = {"event_type": "session_status_change", "open_kfid": KFID, "change_type": 3, "msg_code": "C"} | THEIRS
    late = int((MORNING - timedelta(seconds=21)).timestamp())
    read = read_item({"event": event, "msgtype": "event", "msgid": "e1", "send_time": late}, open_kfid=KFID)
    assert isinstance(read, Happened)
    with suppress(Undone), SqlStore(database).writing() as records:
        happened(records, read, PEOPLE, at=MORNING, party=visitor(read.customer))
        session = records.links.session(CONVERSATION)
        assert session is not None
        assert not session.code_good(MORNING)
        raise Undone
