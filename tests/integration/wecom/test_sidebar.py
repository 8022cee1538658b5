"""The page beside a chat: only for logged-in staff, only whom they may see; and the signatures for WeCom's SDK."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.cookiejar import Cookie
from urllib.parse import quote

import pytest

from bot.app import App
from bot.channels.wecom.app.channel import AppChannel
from bot.channels.wecom.app.tickets import signature
from bot.channels.wecom.wiring import sidebar
from bot.web.identity import SIDEBAR, sign_session
from domain.party import Party
from tests.integration.wecom.app_rig import Browser, served
from tests.integration.wecom.mass_rig import Bank
from tests.integration.wecom_server.conftest import corp  # noqa: F401  a fixture
from tests.integration.wecom_server.kit import CUSTOMER, OPTIONS, OTHER_CUSTOMER, Corp

SECRET = "a secret of tests, long enough to sign"
PUBLIC = "https://peiban.bank.example"
SDK = "https://sdk.example/wecom.js"


def test_the_worked_example_of_the_signature() -> None:
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    for url in ("http://mp.weixin.qq.com?params=value", "http://mp.weixin.qq.com?params=value#top"):
        signed = signature(ticket, nonce="Wm3WZYTPz0wzccnW", stamp=1414587457, url=url)
        assert signed == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


@dataclass
class Desk:
    bank: Bank
    browser: Browser

    def log_in(self, party: str) -> None:
        value = sign_session(Party.parse(party), SECRET, self.bank.clock())
        host = ("127.0.0.1", False, False)
        self.browser.cookies.set_cookie(
            Cookie(0, SIDEBAR.cookie, value, None, False, *host, SIDEBAR.path, True, False, None, False, None, None, {})
        )


@pytest.fixture
def desk(corp: Corp, house: Callable[..., App]) -> Iterator[Desk]:  # noqa: F811  the fixture
    app_settings = {
        "wecom_app_agent_id": OPTIONS.agent_id,
        "wecom_app_secret": OPTIONS.secrets["app"],
        "wecom_app_token": OPTIONS.token,
        "wecom_app_aes_key": OPTIONS.aes_key,
        "wecom_public_url": PUBLIC,
        "wecom_jssdk_url": SDK,
        "secret_key": SECRET,
    }
    bank = Bank(corp, house, **app_settings)
    channel = bank.app.channels["wecom"]
    assert isinstance(channel, AppChannel)
    with ExitStack() as ends:
        edge = ends.enter_context(served([sidebar(bank.app, channel)]))
        yield Desk(bank, Browser(edge.base))


def test_who_is_not_logged_in_is_sent_to_the_login(desk: Desk) -> None:
    assert desk.browser.get(f"/wecom/sidebar?external_userid={CUSTOMER}")[::2] == (303, "/wecom/login?to=sidebar")
    assert desk.browser.get(f"/wecom/sidebar/signature?url={quote(PUBLIC + '/wecom/sidebar')}")[0] == 401


def test_a_manager_sees_their_own_customer_and_nobody_elses(desk: Desk) -> None:
    desk.log_in("rm:S0003")
    mine = desk.bank.customers[0]
    with desk.bank.app.store.writing() as records:
        name = next(iter(records.book.customers([mine]))).name
        other = next(one for one in records.book.customers() if one.rm_id not in (None, "S0003"))
        binding = records.contacts.unbind(OTHER_CUSTOMER)
        assert binding is not None
        records.contacts.bind(type(binding)(external_userid="wmOther", customer_id=other.id, at=binding.at, how="rm_code", by="rm:S0004"))

    page = desk.browser.get(f"/wecom/sidebar?external_userid={CUSTOMER}")[1]
    assert name in page
    assert "资产" in page
    with desk.bank.app.store.reading() as records:
        assert [one.actor for one in records.audit.of_subject(f"customer:{mine}") if one.action == "profile.viewed"] == ["rm:S0003"]
    for nobody in (OTHER_CUSTOMER, "wmNobody", "x" * 200):
        assert "还没有绑定" in desk.browser.get(f"/wecom/sidebar?external_userid={nobody}")[1]
    theirs = desk.browser.get("/wecom/sidebar?external_userid=wmOther")[1]
    assert theirs == desk.browser.get("/wecom/sidebar?external_userid=wmNobody")[1]
    assert "聊天工具栏" in desk.browser.get("/wecom/sidebar")[1]


def test_somebody_who_left_or_is_a_customer_sees_nothing(desk: Desk) -> None:
    for party in ("rm:S9999", f"customer:{desk.bank.customers[0]}"):
        desk.log_in(party)
        assert desk.browser.get(f"/wecom/sidebar?external_userid={CUSTOMER}")[0] == 303


def test_only_addresses_of_the_page_are_signed_and_tickets_are_kept(desk: Desk) -> None:
    desk.log_in("rm:S0003")
    for url in ("https://evil.example/wecom/sidebar", f"{PUBLIC}/workbench", f"{PUBLIC}.evil.example/wecom/sidebar", "http://[", ""):
        assert desk.browser.get(f"/wecom/sidebar/signature?url={quote(url)}")[0] == 403
    address = quote(f"{PUBLIC}/wecom/sidebar?external_userid=wm1", safe="")
    for _ in range(3):
        status, body, _ = desk.browser.get(f"/wecom/sidebar/signature?url={address}")
        assert (status, '"agent_config"' in body) == (200, True)
    counted = json.loads(desk.bank.corp.http("GET", "/_sandbox/counters")[1])
    assert (counted["get_jsapi_ticket"], counted["ticket/get"]) == (1, 1)
