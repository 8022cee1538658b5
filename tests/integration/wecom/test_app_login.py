"""Members open the workbench from WeCom; nobody else gets in, and no state or code works twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.wecom.app.login import States
from bot.web.identity import CHAT, SIDEBAR, WORKBENCH, visitor
from domain.errors import BadSignature
from domain.party import Party, Role
from tests.conftest import MORNING
from tests.integration.wecom.app_rig import AGENT, STRANGER, ZHOU, Browser
from tests.integration.wecom.conftest import Office
from tests.integration.wecom.kf_rig import CORP

pytestmark = pytest.mark.slow

SECRET = "a secret of tests, long enough to sign"
BASE = "http://127.0.0.1:9/wx"


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    return open_office(secret_key=SECRET, wecom_oauth_base=BASE)


def begin(office: Office, browser: Browser) -> dict[str, str]:
    """Begin a login; returns what WeCom is told."""
    status, _, address = browser.get("/wecom/login")
    assert status == 303
    assert address.startswith(f"{BASE}/connect/oauth2/authorize?")
    assert address.endswith("#wechat_redirect")
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def come_back(office: Office, browser: Browser, state: str, who: dict[str, Any], code: str = "CODE") -> tuple[int, str, str]:
    office.server.codes[code] = who
    return browser.get(f"/wecom/login/back?code={code}&state={state}")


def test_a_relationship_manager_comes_to_the_workbench(office: Office) -> None:
    browser = Browser(office.edge.base)
    told = begin(office, browser)
    assert told | {"state": ""} == {
        "appid": CORP,
        "redirect_uri": f"{office.edge.base}/wecom/login/back",
        "response_type": "code",
        "scope": "snsapi_base",
        "agentid": str(AGENT),
        "state": "",
    }
    assert told["state"].isalnum()
    assert told["state"].isascii()
    assert len(told["state"]) <= 128

    status, _, address = come_back(office, browser, told["state"], {"userid": ZHOU, "user_ticket": "t"})
    assert (status, address) == (303, "/workbench")
    at = office.app.clock()
    cookies = {WORKBENCH.cookie: browser.cookie(WORKBENCH.cookie)}
    who = visitor(WORKBENCH, sandbox=False, secret=SECRET, at=at, wanted="", cookies=cookies)
    assert who is not None
    assert who.party == Party(Role.RM, "S0003")
    assert who.until == (at + timedelta(hours=8)).replace(microsecond=0)
    assert visitor(CHAT, sandbox=False, secret=SECRET, at=at, wanted="", cookies=cookies) is None
    assert browser.cookie("peiban_wecom_login") == ""


def test_a_login_leads_to_the_sidebar_where_it_began_there(office: Office) -> None:
    browser = Browser(office.edge.base)
    query = parse_qs(urlsplit(browser.get("/wecom/login?to=sidebar")[2]).query)
    assert come_back(office, browser, query["state"][0], {"userid": ZHOU})[::2] == (303, "/wecom/sidebar")
    assert (browser.cookie(SIDEBAR.cookie) != "", browser.cookie(WORKBENCH.cookie)) == (True, "")
    query = parse_qs(urlsplit(browser.get("/wecom/login?to=https://evil.example")[2]).query)
    assert come_back(office, browser, query["state"][0], {"userid": ZHOU})[::2] == (303, "/workbench")


def test_the_public_address_is_where_wecom_sends_members_back(open_office: Callable[..., Office]) -> None:
    office = open_office(secret_key=SECRET, wecom_oauth_base=BASE, wecom_public_url="https://peiban.bank.example/")
    assert begin(office, Browser(office.edge.base))["redirect_uri"] == "https://peiban.bank.example/wecom/login/back"


@pytest.mark.parametrize(
    "who", [{"openid": "o1"}, {"openid": "o1", "external_userid": "wm1"}, {"userid": STRANGER}, {"userid": "S0003"}, {"userid": 7}, {}]
)
def test_outsiders_and_strangers_are_told_that_it_is_not_for_them(office: Office, who: dict[str, Any]) -> None:
    browser = Browser(office.edge.base)
    status, page, _ = come_back(office, browser, begin(office, browser)["state"], who)
    assert status == 403
    assert "不对您开放" in page
    assert browser.cookie(WORKBENCH.cookie) == ""


def test_a_state_is_good_once(office: Office) -> None:
    browser = Browser(office.edge.base)
    state = begin(office, browser)["state"]
    held = [one for one in browser.cookies if one.name == "peiban_wecom_login"]
    assert come_back(office, browser, state, {"userid": ZHOU})[0] == 303
    browser.cookies.set_cookie(held[0])
    status, page, _ = come_back(office, browser, state, {"userid": ZHOU})
    assert status == 401
    assert "重新打开" in page


def test_a_login_that_began_in_another_browser_leads_nobody_in(office: Office) -> None:
    mine, theirs = Browser(office.edge.base), Browser(office.edge.base)
    state = begin(office, mine)["state"]
    assert come_back(office, theirs, state, {"userid": ZHOU})[0] == 401
    begin(office, theirs)
    assert come_back(office, theirs, state, {"userid": ZHOU})[0] == 401
    assert come_back(office, mine, state, {"userid": ZHOU})[0] == 303


@pytest.mark.parametrize("query", ["", "code=C", "code=C&state=", "code=C&state=%00x", "code=&state={state}", "code={long}&state={state}"])
def test_half_an_answer_is_no_login(office: Office, query: str) -> None:
    browser = Browser(office.edge.base)
    state = begin(office, browser)["state"]
    office.server.codes["C"] = {"userid": ZHOU}
    assert browser.get(f"/wecom/login/back?{query.format(state=state, long='x' * 513)}")[0] == 401
    assert office.server.calls["auth/getuserinfo"] == 0


def test_a_code_that_wecom_does_not_know_begins_anew(office: Office) -> None:
    browser = Browser(office.edge.base)
    state = begin(office, browser)["state"]
    assert browser.get(f"/wecom/login/back?code=OLD&state={state}")[0] == 401


def test_a_wecom_that_does_not_answer_is_said_so(office: Office) -> None:
    browser = Browser(office.edge.base)
    office.server.fault("auth/getuserinfo", 45009)
    status, page, _ = come_back(office, browser, begin(office, browser)["state"], {"userid": ZHOU})
    assert status == 503
    assert "没有回应" in page


def test_without_a_secret_key_nobody_gets_a_session(open_office: Callable[..., Office]) -> None:
    office = open_office(wecom_oauth_base=BASE)
    browser = Browser(office.edge.base)
    assert come_back(office, browser, begin(office, browser)["state"], {"userid": ZHOU})[0] == 401


def test_states_end_and_cannot_be_made() -> None:
    states, at = States(SECRET), MORNING
    good = states.begin(at)
    body = good[:42]
    for wrong in (
        good[:-1],
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        ("0" if good[0] != "0" else "1") + good[1:],
        good.upper() if good.upper() != good else good.swapcase()[:-1],
        States("other").begin(at),
        "",
        "é" * 50,
    ):
        with pytest.raises(BadSignature):
            states.use(wrong, at)
    with pytest.raises(BadSignature):
        states.use(states.begin(at), at + timedelta(minutes=5))
    states.use(good, at + timedelta(minutes=4))
    assert body.isalnum()
