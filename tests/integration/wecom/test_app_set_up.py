"""The settings of the app hold together, and with them `run` serves it and `wecom menu` sets its menu."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.app import App
from bot.channels.wecom.app.channel import AppChannel
from config.settings import read_settings
from domain.errors import BadSettings
from tests.integration.wecom.app_rig import AGENT, AppServer, Browser, Edge
from tests.integration.wecom.kf_rig import CORP, KEY, ROOT, TOKEN, _free_port

WHOLE = {
    "PEIBAN_WECOM_CORP_ID": CORP,
    "PEIBAN_WECOM_APP_AGENT_ID": str(AGENT),
    "PEIBAN_WECOM_APP_SECRET": "appsecret",
    "PEIBAN_WECOM_APP_TOKEN": TOKEN,
    "PEIBAN_WECOM_APP_AES_KEY": KEY,
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
    """Sets the settings, and nothing else of ours."""

    def put(given: dict[str, str]) -> dict[str, str]:
        for name in [name for name in os.environ if name.startswith("PEIBAN_") and not name.startswith("PEIBAN_TEST_")]:
            monkeypatch.delenv(name)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return dict(os.environ)

    return put


@pytest.mark.parametrize("missing", list(WHOLE))
def test_all_or_none(environment: Callable[..., dict[str, str]], missing: str) -> None:
    with pytest.raises(BadSettings, match="wecom_app_agent_id"):
        read_settings(environment({name: value for name, value in WHOLE.items() if name != missing}))


def test_the_app_alone_needs_no_customer_service(environment: Callable[..., dict[str, str]]) -> None:
    settings = read_settings(environment(WHOLE))
    assert settings.wecom_app_agent_id == AGENT
    with pytest.raises(BadSettings, match="wecom_secret"):
        read_settings(environment(WHOLE | {"PEIBAN_WECOM_TOKEN": TOKEN}))
    with pytest.raises(BadSettings, match="wecom_secret"):
        read_settings(environment({"PEIBAN_WECOM_CORP_ID": CORP}))


def test_the_smart_robot_needs_both_of_its_values_and_nothing_else(environment: Callable[..., dict[str, str]]) -> None:
    both = {"PEIBAN_WECOM_AIBOT_ID": "aib1", "PEIBAN_WECOM_AIBOT_SECRET": "s"}
    assert read_settings(environment(both)).wecom_aibot_id == "aib1"
    for name in both:
        with pytest.raises(BadSettings, match="need each other"):
            read_settings(environment({name: both[name]}))
    with pytest.raises(BadSettings, match="wecom_aibot_url"):
        read_settings(environment(both | {"PEIBAN_WECOM_AIBOT_URL": "https://openws.work.weixin.qq.com"}))


@pytest.mark.parametrize("people", [{"Zhou": "nobody"}, {"Zhou": "customer:C000001"}])
def test_people_that_are_no_staff_stop_the_start(house: Callable[..., App], people: dict[str, str]) -> None:
    whole: dict[str, Any] = {name.removeprefix("PEIBAN_").lower(): value for name, value in WHOLE.items()}
    with pytest.raises(BadSettings, match="wecom_people"):
        house(**whole, wecom_people=people)


def test_customer_service_alone_has_no_app(house: Callable[..., App]) -> None:
    app = house(wecom_corp_id=CORP, wecom_secret="s", wecom_token=TOKEN, wecom_aes_key=KEY)
    assert set(app.channels) == {"web", "console", "kf"}


def test_the_command_sets_the_menu(
    environment: Callable[..., dict[str, str]], wecom: AppServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment(WHOLE | {"PEIBAN_WECOM_API_BASE": wecom.base, "PEIBAN_DATA": str(tmp_path)})
    assert main(["wecom", "menu"]) == 0
    assert "PEIBAN_WECOM_PUBLIC_URL" in capsys.readouterr().out
    assert [one["name"] for one in wecom.menus[0]["button"]] == ["待接", "我的客户", "更多"]

    wecom.fault("menu/create", 48002)
    assert main(["wecom", "menu"]) == 2
    assert "48002" in capsys.readouterr().err


def test_the_command_says_what_it_needs(
    environment: Callable[..., dict[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment({"PEIBAN_DATA": str(tmp_path)})
    assert main(["wecom", "menu"]) == 2
    assert "PEIBAN_WECOM_APP_AGENT_ID" in capsys.readouterr().err


@pytest.mark.slow
def test_run_serves_the_app(wecom: AppServer, bank_template: Path, tmp_path: Path) -> None:
    port = _free_port()
    more = {"PEIBAN_WECOM_API_BASE": wecom.base, "PEIBAN_DATA": str(tmp_path / "data"), "PEIBAN_LOG_LEVEL": "ERROR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--rig", "echo", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | WHOLE | more,
        stdout=subprocess.DEVNULL,
    )
    try:
        edge, deadline = Edge(port), time.monotonic() + 40
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{edge.base}/readyz", timeout=1):
                    break
            except OSError:
                time.sleep(0.1)
        assert edge.verify("echo") == (200, "echo")
        status, _, address = Browser(edge.base).get("/wecom/login")
        assert status == 303
        assert address.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    finally:
        process.terminate()
        assert process.wait(20) == 0


def test_the_channel_is_built_from_the_settings(house: Callable[..., App]) -> None:
    whole: dict[str, Any] = {name.removeprefix("PEIBAN_").lower(): value for name, value in WHOLE.items()}
    app = house(**whole)
    assert isinstance(app.channels["wecom"], AppChannel)
    assert "kf" not in app.channels
