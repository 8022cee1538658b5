"""The process is killed while WeCom works on the call that asks a manager: nobody is asked twice, and what was asked is settled."""

import json
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from bot.app import App
from tests.integration.wecom.mass_rig import Bank, mass_settings
from tests.integration.wecom_server.conftest import corp  # noqa: F401  a fixture
from tests.integration.wecom_server.kit import Corp

pytestmark = [pytest.mark.crash]
_CALL = "externalcontact/add_msg_template"


def test_killed_while_a_manager_is_asked(corp: Corp, house: Callable[..., App]) -> None:  # noqa: F811  the fixture
    bank = Bank(corp, house)
    bank.greet("a", days=3)
    corp.admin("faults", path=_CALL, times=1, slow_s=30)  # done at once, answered too late
    job = {"data": str(bank.app.settings.data), "settings": mass_settings(corp.url), "at": bank.clock().isoformat()}
    child = subprocess.Popen([sys.executable, "-m", "tests.crash.mass_child", json.dumps(job)])
    try:
        deadline = time.monotonic() + 20
        while not bank.asked():
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.02)
    finally:
        child.kill()
        child.wait(10)

    with bank.app.store.reading() as records:
        assert [task.status for task in records.mass.open()] == ["asking"]
    bank.later(minutes=1)
    bank.later(minutes=5)
    assert len(bank.asked()) == 1
    with bank.app.store.reading() as records:
        assert [(task.status, task.msgid) for task in records.mass.open()] == [("asked", bank.asked()[0]["msgid"])]
    bank.confirm()
    bank.later(minutes=1)
    assert (bank.statuses("a"), len(bank.got())) == (["sent"], 1)
