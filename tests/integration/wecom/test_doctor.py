"""`wecom doctor` against a server that plays WeCom: what is missing is named with what to do, and nothing secret is printed."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.app import App
from bot.channels.wecom.callback import Callback
from bot.channels.wecom.doctor import Check, Doctor, Outcome
from bot.channels.wecom.kf.channel import KfChannel
from bot.channels.wecom.people import WeComPeople
from bot.channels.wecom.wiring import PATH, envelope_of
from domain.errors import BadSettings
from tests.conftest import MORNING, MovableClock
from tests.integration.wecom.kf_rig import CORP, KEY, KFID, TOKEN, KfServer, kf_server, query_of
from tests.nursery import Nursery

Examine = Callable[..., list[Check]]


@pytest.fixture
def server() -> Iterator[KfServer]:
    with kf_server() as server:
        server.now = MORNING.timestamp
        server.servicers = {"LinXiao": 0, "S0003": 1}
        yield server


@pytest.fixture
def examine(house: Callable[..., App], server: KfServer) -> Examine:
    """All checks over a real bank's book; the callback address is looked at where it is given."""

    def look(*, people: dict[str, str] | None = None, callback_url: str = "", late_s: float = 0.0) -> list[Check]:
        clock = MovableClock(MORNING)
        clock.at = MORNING.fromtimestamp(MORNING.timestamp() + late_s, MORNING.tzinfo)
        secrets = {"wecom_secret": "s", "wecom_token": TOKEN, "wecom_aes_key": KEY}
        app = house(clock=clock, wecom_api_base=server.base, wecom_corp_id=CORP, **secrets)
        channel = app.channels["kf"]
        assert isinstance(channel, KfChannel)
        listed = WeComPeople({"LinXiao": "rm:S0004"} if people is None else people)
        envelope = envelope_of(app.settings)
        return list(Doctor(app.store, channel.client, people=listed, envelope=envelope, callback_url=callback_url, clock=clock).checks())

    return look


def missing(checks: list[Check]) -> list[Check]:
    return [check for check in checks if check.outcome is Outcome.MISSING]


def said(checks: list[Check]) -> str:
    return "\n".join(f"{check.title}：{check.found}。{check.to_do}" for check in checks)


def test_all_is_there(examine: Examine, server: KfServer) -> None:
    checks = examine()

    assert missing(checks) == []
    assert "接待中：LinXiao；停止接待：S0003" in said(checks)
    assert "192.0.2.*、198.51.100.7" in said(checks)
    assert server.sent == []
    assert "kf/service_state/trans" not in server.calls


@pytest.mark.parametrize(
    ("path", "code", "title", "advice"),
    [
        ("gettoken", 40001, "凭证", "PEIBAN_WECOM_SECRET"),
        ("gettoken", 40013, "凭证", "PEIBAN_WECOM_CORP_ID"),
        ("kf/account/list", 48002, "权限", "可调用接口的应用"),
        ("kf/account/list", 60011, "权限", "可见范围"),
        ("kf/account/list", 60020, "权限", "企业可信IP”里加上本机的出口地址（203.0.113.9）"),
        ("kf/servicer/list", 60011, f"接待人员 小陪（{KFID}）", "可见范围"),
        ("getcallbackip", 60020, "回调来源", "企业可信IP"),
        ("kf/account/list", 45009, "权限", "过一分钟再试"),
        ("kf/account/list", 99999, "权限", "全局错误码"),
    ],
)
def test_what_wecom_refuses_is_explained(examine: Examine, server: KfServer, path: str, code: int, title: str, advice: str) -> None:
    server.fault(path, code)

    (found,) = missing(examine())

    assert found.title == title
    assert str(code) in found.found or "没有问到" in found.found
    assert advice in found.to_do


def test_without_a_token_nothing_more_is_asked_of_wecom(examine: Examine, server: KfServer) -> None:
    server.fault("gettoken", 40001)

    examine()

    assert set(server.calls) == {"gettoken"}


def test_a_server_that_is_not_there(examine: Examine, server: KfServer) -> None:
    server.close()

    (found,) = missing(examine())

    assert "PEIBAN_WECOM_API_BASE" in found.to_do


@pytest.mark.parametrize(("late_s", "held"), [(59, True), (-59, True), (62, False), (-62, False)])
def test_the_clock_is_compared(examine: Examine, late_s: float, held: bool) -> None:
    assert ["时钟"] * (not held) == [check.title for check in missing(examine(late_s=late_s))]


def test_accounts_that_the_api_does_not_manage(examine: Examine, server: KfServer) -> None:
    server.accounts = [{"open_kfid": KFID, "name": "小陪", "manage_privilege": False}]
    assert [check.title for check in missing(examine())] == [f"客服账号 小陪（{KFID}）"]

    server.accounts.append({"open_kfid": "wk2", "name": "大陪", "manage_privilege": True})
    checks = examine()
    assert missing(checks) == []  # one is enough
    assert "不由这个应用管理" in said(checks)

    server.accounts.clear()
    assert [check.title for check in missing(examine())] == ["客服账号"]


def test_more_accounts_than_fit_on_a_page(examine: Examine, server: KfServer) -> None:
    server.accounts = [{"open_kfid": f"wk{number}", "name": "", "manage_privilege": True} for number in range(200)]

    checks = examine()

    assert sum(check.title.startswith("客服账号") for check in checks) == 200
    assert server.calls["kf/account/list"] == 3


def test_servicers_whom_no_relationship_manager_corresponds_to(examine: Examine, server: KfServer) -> None:
    server.servicers = {"LinXiao": 0, "Stranger": 0}
    checks = examine()
    assert missing(checks) == []
    assert "没有对应的在岗客户经理：Stranger" in said(checks)

    (found,) = missing(examine(people={}))
    assert "LinXiao、Stranger" in found.found
    assert "PEIBAN_WECOM_PEOPLE" in found.to_do

    server.servicers = {}
    (found,) = missing(examine())
    assert "一个也没有" in found.found


def test_people_whom_the_book_does_not_have(examine: Examine) -> None:
    (found,) = missing(examine(people={"LinXiao": "rm:S0004", "Ghost": "rm:S9999"}))

    assert (found.title, "Ghost" in found.found, "LinXiao" in found.found) == ("人员对照", True, False)


class Address:
    """A public address. It answers as our route does, or as something that stands between."""

    def __init__(self, callback: Callback, *, status: int = 200, before: bytes = b"", wait_s: float = 0.0) -> None:
        class Edge(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = query_of(self.path)
                time.sleep(wait_s)
                try:
                    code, body = status, before + callback.echo(query).encode()
                except Exception:
                    code, body = 403, b""
                self.send_response(code)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Edge)
        Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}{PATH}"

    def __enter__(self) -> str:
        return self.url

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()


@pytest.mark.parametrize(
    ("status", "before", "token", "advice"),
    [
        (200, b"", TOKEN, ""),
        (404, b"", TOKEN, "转发规则"),
        (302, b"", TOKEN, "日志"),
        (200, b"\xef\xbb\xbf", TOKEN, "BOM"),
        (200, b"", "another", "PEIBAN_WECOM_TOKEN"),
    ],
)
def test_the_callback_address_is_verified_from_outside(
    examine: Examine, house: Callable[..., App], status: int, before: bytes, token: str, advice: str
) -> None:
    secrets = {"wecom_secret": "s", "wecom_token": token, "wecom_aes_key": KEY}
    settings = house(wecom_corp_id=CORP, **secrets).settings
    with Address(Callback(envelope_of(settings), lambda _: None, MovableClock(MORNING)), status=status, before=before) as url:
        checks = examine(callback_url=url)

    assert advice in "".join(check.to_do for check in missing(checks))
    assert bool(advice) is bool(missing(checks))


@pytest.mark.slow
def test_an_address_that_answers_too_late(examine: Examine, house: Callable[..., App]) -> None:
    settings = house(wecom_corp_id=CORP, wecom_secret="s", wecom_token=TOKEN, wecom_aes_key=KEY).settings
    with Address(Callback(envelope_of(settings), lambda _: None, MovableClock(MORNING)), wait_s=1.05) as url:
        (found,) = missing(examine(callback_url=url))

    assert "只等 1 秒" in found.to_do


def test_an_address_where_nobody_listens(examine: Examine) -> None:
    (found,) = missing(examine(callback_url="http://127.0.0.1:9/wecom/kf"))

    assert "python -m bot run" in found.to_do


def doctor(processes: Nursery, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PEIBAN_")}
    environment |= {"PEIBAN_DATA": str(data)} | {f"PEIBAN_{name}": value for name, value in settings.items()}
    return processes.run("bot.__main__:main", ("wecom", "doctor", "--json"), environment=environment)


@pytest.mark.slow
def test_the_command_and_its_exit_codes(bank_template: Path, tmp_path: Path, server: KfServer, processes: Nursery) -> None:
    server.now = time.time
    data = Path(shutil.copytree(bank_template, tmp_path / "data"))
    given = {
        "WECOM_API_BASE": server.base,
        "WECOM_CORP_ID": CORP,
        "WECOM_SECRET": "very-secret",
        "WECOM_TOKEN": TOKEN,
        "WECOM_AES_KEY": KEY,
    }

    whole = doctor(processes, data, **given)
    server.servicers = {}
    lacking = doctor(processes, data, **given)
    unset = doctor(processes, data)
    bad_key = doctor(processes, data, **given | {"WECOM_AES_KEY": "short"})
    bad_url = doctor(processes, data, **given | {"WECOM_CALLBACK_URL": "bank.example/wecom/kf"})

    assert [one.returncode for one in (whole, lacking, unset, bad_key, bad_url)] == [0, 1, 2, 2, 2], whole.stdout + whole.stderr
    outcomes = [json.loads(line)["outcome"] for line in lacking.stdout.splitlines()]
    assert outcomes.count("missing") == 1
    assert "PEIBAN_WECOM_CORP_ID" in unset.stderr
    assert [line.count("\n") for line in (unset.stderr, bad_key.stderr, bad_url.stderr)] == [1, 1, 1], (
        unset.stderr + bad_key.stderr + bad_url.stderr
    )
    everything = whole.stdout + whole.stderr + lacking.stdout + lacking.stderr + bad_key.stderr
    assert not [one for one in ("very-secret", TOKEN, KEY, '"AT"') if one in everything]


def test_a_key_that_cannot_be_used_is_a_bad_setting(house: Callable[..., App]) -> None:
    with pytest.raises(BadSettings, match="43"):
        envelope_of(house(wecom_corp_id=CORP, wecom_secret="s", wecom_token=TOKEN, wecom_aes_key="short").settings)
