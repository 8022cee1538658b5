"""The WeCom that a sandbox shows: started beside the house, told its people, kept from one start to the next, and never left behind."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.own_wecom import own_wecom
from config.settings import Settings

ROOT = Path(__file__).parents[2]
_LED = """
import sys, time
from pathlib import Path
from bot.app import build
from bot.own_wecom import own_wecom
from config.settings import Settings
with own_wecom(Settings(data=Path(sys.argv[1]), sandbox=True, sandbox_wecom_port=0), wanted=True, say=print) as own:
    with build(own.settings) as app:
        own.begin(app)
        print(own.phones, flush=True)
        time.sleep(60)
"""


def ask(phones: str, path: str, **given: Any) -> Any:
    address = f"{phones.removesuffix('/phones')}/_sandbox/{path}"
    with urllib.request.urlopen(address, data=json.dumps(given).encode() if given else None, timeout=20) as answer:
        return json.loads(answer.read())


def test_it_has_the_people_of_the_bank_and_goes_on_after_a_restart(house: Callable[..., App]) -> None:
    app = house()
    settings = Settings(data=app.settings.data, sandbox=True, sandbox_wecom_port=0, port=18080)
    with own_wecom(settings, wanted=True, say=_nothing) as own:
        assert own is not None
        own.begin(app)
        with app.store.reading() as records:
            staff = {member.id for member in records.book.people() if member.active}
        assert {one["userid"] for one in ask(own.phones, "members")} == staff
        assert all(one["userid"] in staff for one in ask(own.phones, "kf/servicers"))
        customers = ask(own.phones, "customers")
        assert "王芳" in {one["name"] for one in customers}
        about = ask(own.phones, "")
        assert about["callback"] == {kind: f"http://127.0.0.1:18080/wecom/{kind}" for kind in ("kf", "app", "contacts")}
        assert {button["name"] for button in ask(own.phones, "phones/member/menu", member="S0003")} >= {"待接", "我的客户"}
        given = {"customer": customers[0]["external_userid"], "open_kfid": next(iter(about["accounts"]))}
        ask(own.phones, "phones/customer/say", text="记得我吗", **given)

    with own_wecom(settings, wanted=True, say=_nothing) as again:
        assert again is not None
        again.begin(app)
        assert again.settings.wecom_corp_id == own.settings.wecom_corp_id
        (line,) = ask(again.phones, f"phones/seen?owner=customer:{given['customer']}")
        assert line["body"]["text"]["content"] == "记得我吗"
        again.process.kill()  # nothing is kept now: what comes next begins anew, with other ids
        again.process.wait()

    with own_wecom(settings, wanted=True, say=_nothing) as anew:
        assert anew is not None
        anew.begin(app)
        assert not set(ask(anew.phones, "")["accounts"]) & set(about["accounts"])
    assert (settings.data / "sandbox-wecom.json").stat().st_mode & 0o077 == 0


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(data=tmp_path, sandbox=True, sandbox_wecom_port=taken.getsockname()[1])
        with own_wecom(settings, wanted=True, say=said.append) as own:
            assert own is None
    (line,) = said
    assert str(settings.sandbox_wecom_port) in line


@pytest.mark.parametrize(
    ("more", "wanted"),
    [({"sandbox": False}, True), ({}, False), ({"rig": "echo"}, True), ({"wecom_corp_id": "ww1"}, True)],
)
def test_it_is_there_only_where_a_sandbox_has_no_other(tmp_path: Path, more: dict[str, Any], wanted: bool) -> None:
    settings = Settings(data=tmp_path, sandbox=True, sandbox_wecom_port=0).model_copy(update=more)
    with own_wecom(settings, wanted=wanted, say=_nothing) as own:
        assert own is None
    assert list(tmp_path.iterdir()) == []


def test_it_ends_with_a_house_that_is_killed(bank_template: Path, tmp_path: Path) -> None:
    shutil.copytree(bank_template, tmp_path / "data")
    house = subprocess.Popen([sys.executable, "-c", _LED, str(tmp_path / "data")], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert house.stdout is not None
    try:
        phones = house.stdout.readline().strip()
        assert ask(phones, "members")
    finally:
        house.kill()
        house.wait()
        house.stdout.close()
    deadline = time.monotonic() + 15
    while not (state := tmp_path / "data" / "sandbox-wecom.state").exists():
        assert time.monotonic() < deadline, "it outlived the house"
        time.sleep(0.05)
    assert state.exists()
    with pytest.raises(urllib.error.URLError):
        ask(phones, "members")


def _nothing(_: str) -> None:
    """Nobody listens."""
