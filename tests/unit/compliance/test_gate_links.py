"""Links: which addresses may stand behind one, and what the gate says of those that may not."""

import time
from datetime import date

import pytest

from bot.pages import Pages
from compliance.gate import review
from compliance.rules import load_rules
from config.settings import read_settings
from domain.addresses import LONGEST, host_of
from domain.errors import BadSettings
from domain.message import Approved, Blocked, Link, Purpose
from domain.party import BOT
from tests.unit.compliance.people import NOON, TO_RM, context, draft

RULES = load_rules()
HOST = "www.bank.example"
HOSTS = frozenset({HOST})
PAGE = f"https://{HOST}/branches?city=%E6%9D%AD%E5%B7%9E#map"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (PAGE, HOST),
        (f"https://{HOST}", HOST),
        (f"https://{HOST}?a=1", HOST),
        ("https://bank.xn--fiqs8s/a", "bank.xn--fiqs8s"),
        (f"http://{HOST}/", None),
        (f"HTTPS://{HOST}/", None),
        (f"//{HOST}/", None),
        ("javascript:alert(1)", None),
        ("data:text/html,hi", None),
        (f"https://{HOST}:8443/", None),
        (f"https://{HOST}@evil.example/", None),
        (f"https://user:word@{HOST}/", None),
        (f"https://{HOST}\\@evil.example/", None),
        (f"https://{HOST.upper()}/", None),
        (f"https://{HOST}./", None),
        ("https://localhost/", None),
        ("https://192.168.3.4/", None),
        ("https://通行银行.cn/", None),
        (f"https://{HOST}/网点", None),
        (f"https://{HOST}/a b", None),
        (f'https://{HOST}/"><script>', None),
        (f"https://{HOST}/a)[b](c", None),
        (f"https://{HOST}/\n", None),
        (f"https://{HOST}/{'a' * LONGEST}", None),
        ("https://-bank.example/", None),
        ("", None),
    ],
)
def test_an_address_is_whole_and_its_host_is_what_it_seems(url: str, host: str | None) -> None:
    assert host_of(url) == host


def verdict(*links: Link, text: str = "按钮里能看到最近的网点。", **about: object) -> Approved | Blocked:
    found = review(draft(text, links=links), context(hosts=HOSTS, **about), RULES)
    assert isinstance(found, Approved | Blocked), found
    return found


def test_a_link_to_a_listed_host_goes_as_it_stands() -> None:
    link = Link(label="网点查询", url=PAGE)
    found = verdict(link)
    assert isinstance(found, Approved)
    assert found.draft.links == (link,)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://www.bank-example.com/branches", "名单以外"),
        (f"https://evil.{HOST}/", "名单以外"),
        ("https://bank.example/", "名单以外"),
        (f"http://{HOST}/", "可以核对的https地址"),
        (f"https://{HOST}@evil.example/", "可以核对的https地址"),
        (f"https://{HOST}/?phone=13800138000", "个人信息"),
    ],
)
def test_any_other_link_stops_the_text(url: str, says: str) -> None:
    found = verdict(Link(label="网点查询", url=PAGE), Link(label="看看", url=url))
    assert isinstance(found, Blocked)
    assert [(one.rule, says in one.reason) for one in found.findings] == [("outward_links", True)]


def test_without_a_list_no_link_leaves() -> None:
    assert isinstance(review(draft("好的", links=(Link(label="网点查询", url=PAGE),)), context(), RULES), Blocked)


def test_neither_a_colleague_nor_staff_get_round_the_list() -> None:
    away = Link(label="看看", url="https://elsewhere.example/")
    assert isinstance(verdict(away, human_author=True), Blocked)
    to_staff = draft("看这里", to=TO_RM, purpose=Purpose.INTERNAL, links=(away,))
    assert isinstance(review(to_staff, context(customer=None, hosts=HOSTS), RULES), Blocked)


def test_the_label_is_judged_like_any_word() -> None:
    found = verdict(Link(label="保本稳赚", url=PAGE))
    assert isinstance(found, Blocked)
    assert "promised_return" in {one.rule for one in found.findings}


@pytest.mark.parametrize("text", [f"也可以打开 {PAGE} 看", f"官网是{HOST}。", f"官网：{HOST.upper()}"])
def test_a_listed_address_may_be_written_out(text: str) -> None:
    assert isinstance(verdict(text=text), Approved)


@pytest.mark.parametrize("text", [f"打开 http://{HOST}/ 看", f"打开 https://{HOST}:8443/", f"打开 https://{HOST}@evil.example/"])
def test_a_listed_host_is_no_cover_for_another_address(text: str) -> None:
    assert isinstance(verdict(text=text), Blocked)


def test_what_a_colleague_writes_or_staff_read_is_not_judged_for_addresses() -> None:
    assert isinstance(verdict(text="您看下 https://elsewhere.example/", human_author=True), Approved)
    told = draft("客户发来：https://elsewhere.example/", to=TO_RM, purpose=Purpose.INTERNAL, author=BOT)
    assert isinstance(review(told, context(customer=None), RULES), Approved)


def test_a_mail_address_is_no_address_of_the_web() -> None:
    (rule,) = (one for one in RULES if one.id == "outward_links")
    assert isinstance(review(draft("回单发到 huidan@mail.tongxing.com 了"), context(), [rule]), Approved)
    assert isinstance(review(draft("回单在 mail.tongxing.com 上"), context(), [rule]), Blocked)


def test_the_rule_is_in_force() -> None:
    (rule,) = (one for one in RULES if one.id == "outward_links")
    assert rule.in_force(NOON.date())
    assert not rule.in_force(date(2023, 2, 28))


def test_pages_are_called_by_name_and_lead_to_listed_hosts_only() -> None:
    pages = Pages({"branches": PAGE}, hosts=HOSTS)
    assert pages.address("branches") == PAGE
    assert pages.address(PAGE) == PAGE
    assert pages.address("app") is None
    assert pages.address("https://elsewhere.example/") is None
    assert Pages({}, hosts=()).address(PAGE) is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"PEIBAN_BANK_PAGES": f'{{"branches": "{PAGE}"}}'}, "bank_pages: branches"),
        ({"PEIBAN_BANK_PAGES": '{"app": "http://www.bank.example/"}', "PEIBAN_LINK_HOSTS": f'["{HOST}"]'}, "bank_pages: app"),
        ({"PEIBAN_LINK_HOSTS": '["https://www.bank.example"]'}, "link_hosts: https://www.bank.example"),
        ({"PEIBAN_LINK_HOSTS": '["*.bank.example"]'}, "link_hosts"),
        ({"PEIBAN_LINK_HOSTS": '["WWW.bank.example"]'}, "link_hosts"),
    ],
)
def test_settings_that_lead_astray_are_refused_at_the_start(given: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=says):
        read_settings(given)


def test_settings_that_hold_together_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"PEIBAN_BANK_PAGES": f'{{"branches": "{PAGE}"}}', "PEIBAN_LINK_HOSTS": f'["{HOST}"]'}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = read_settings(given)
    assert (settings.bank_pages, settings.link_hosts) == ({"branches": PAGE}, (HOST,))


@pytest.mark.parametrize("sign", ["a", "a.", "a-", "https://", "www.", ".", "a@", "a:/"])
def test_a_long_text_costs_no_more_than_its_length(sign: str) -> None:
    started = time.perf_counter()
    verdict(text=(sign * 4_000)[:8_000], human_author=False)
    assert time.perf_counter() - started < 2.0
