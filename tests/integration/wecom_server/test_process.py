"""`python -m sandbox.wecom`: one line, options, a clean end, a state that lasts."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.integration.wecom_server.kit import Corp

ROOT = Path(__file__).parent.parent.parent.parent


@contextmanager
def running(*options: str) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "sandbox.wecom", "--port", "0", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_the_line_says_with_what_it_was_started() -> None:
    with running("--corp-id", "wwmine", "--secret-kf", "mine", "--agent-id", "7", "--clock", "2026-12-01T09:30", "--bare") as line:
        corp = Corp(line["url"])

        assert (line["corp_id"], line["agent_id"], line["secrets"]["kf"]) == ("wwmine", 7, "mine")
        assert {"token", "aes_key", "accounts", "phones"} <= set(line)
        assert corp.admin("clock")["at"] == "2026-12-01T09:30:00+08:00"
        answer = corp.gettoken(corpid="wwmine", corpsecret="mine")
        assert set(answer) == {"errcode", "access_token", "expires_in"}


def test_a_grant_lets_the_app_do_the_work_of_kf() -> None:
    with running("--grant", "app:kf") as line:
        corp = Corp(line["url"])
        assert corp.post("app", "kf/account/list")["errcode"] == 0
        assert corp.get("app", "externalcontact/get_follow_user_list")["errcode"] == 48002


@pytest.mark.slow
def test_a_state_lasts_from_one_start_to_the_next(tmp_path: Path) -> None:
    state = str(tmp_path / "wecom.state")
    with running("--state", state) as line:
        corp = Corp(line["url"])
        corp.customer("say", text="记得我吗")
        token = corp.token("kf")
    with running("--state", state) as line:
        corp = Corp(line["url"], {"kf": token})
        assert corp.sync()["msg_list"][0]["text"]["content"] == "记得我吗"


def test_a_wrong_grant_is_one_line() -> None:
    ran = subprocess.run([sys.executable, "-m", "sandbox.wecom", "--grant", "all"], cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
