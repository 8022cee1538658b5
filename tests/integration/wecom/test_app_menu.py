"""The menu of the app: WeCom takes it, and what a member presses is understood."""

from collections.abc import Callable

import pytest

from bot.channels.wecom.app.menu import menu, set_menu
from tests.integration.wecom.app_rig import AGENT, AppServer, shown
from tests.integration.wecom.conftest import Office

pytestmark = pytest.mark.slow

URL = "https://peiban.bank.example/"


def test_wecom_gets_the_menu(wecom: AppServer, office: Office) -> None:
    assert set_menu(office.channel.client, agent_id=AGENT, public_url=URL) == ["待接", "我的客户", "我的待办", "工作台", "帮助"]
    assert wecom.menus == [menu(public_url=URL)]
    workbench = wecom.menus[0]["button"][2]["sub_button"][1]
    assert workbench == {"type": "view", "name": "工作台", "url": "https://peiban.bank.example/wecom/login"}


def test_it_is_within_the_limits() -> None:
    entries = menu(public_url=URL)["button"]
    assert len(entries) <= 3
    for entry in entries:
        assert len(entry["name"].encode()) <= 16
        below = entry.get("sub_button", [])
        assert len(below) <= 5
        assert all(len(one["name"].encode()) <= 40 for one in below)
        assert all(len(one.get("key", "").encode()) <= 128 for one in (entry, *below))


def test_every_entry_that_is_pressed_means_something(open_office: Callable[..., Office]) -> None:
    office = open_office()
    entries = [one for entry in menu(public_url="")["button"] for one in entry.get("sub_button", [entry])]
    for number, entry in enumerate(entries):
        office.app.clock.at = office.app.clock.at.replace(minute=number)  # type: ignore[attr-defined]  a clock that tests move
        office.event("click", ("EventKey", entry["key"]))
        office.quiet()
    answered = shown(*office.server.sent)
    for words in ("没有客户在等", "名下客户", "未了的事", "我能帮您"):
        assert words in answered
