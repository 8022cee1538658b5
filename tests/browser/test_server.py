"""The server: who gets in, what is refused, and two processes over one bank."""

import re

import duckdb
import pytest
from playwright.sync_api import expect

from tests.browser.browser_house import Panel, Server, Visits, assistant

pytestmark = [pytest.mark.browser, pytest.mark.long(seconds=20)]


def test_it_says_that_it_is_well(server: Server) -> None:
    status, _, body = server.ask("/healthz")
    assert (status, body) == (200, '{"ok":true,"inbox_waiting":0}')
    assert server.ask("/readyz")[0] == 200


def test_every_answer_keeps_the_browser_to_this_server(server: Server) -> None:
    for path in ("/", "/chat?as=customer:C000001", "/healthz", "/look/style.css", "/nothing-here"):
        _, headers, _ = server.ask(path)
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_body_beyond_a_megabyte_is_refused_in_one_line(server: Server) -> None:
    status, _, body = server.ask("/chat", body=b"x" * 1_000_001)
    assert status == 413
    assert body.count("\n") == 1


def test_a_page_of_somebody_else_is_refused(server: Server) -> None:
    assert server.ask("/", headers={"Origin": "https://elsewhere.example"})[0] == 403
    assert server.ask("/", headers={"Origin": server.base})[0] == 200


def test_an_unknown_page_says_so_kindly(server: Server) -> None:
    status, _, body = server.ask("/nothing-here")
    assert status == 404
    assert "没有这个页面" in body


def test_the_sandbox_lets_one_choose_and_search(server: Server) -> None:
    everybody = server.ask("/")[2]
    assert "周明远" in everybody
    assert "王芳" in everybody
    found = server.ask("/?q=%E7%8E%8B%E8%8A%B3")[2]
    assert "王芳" in found
    assert "张伟" not in found
    assert "&lt;b&gt;" in server.ask("/?q=%3Cb%3E")[2]


def test_the_first_page_counts_the_bank_that_was_made(server: Server) -> None:
    bank = server.data / "sandbox-bank"
    active = {
        kind: len(duckdb.sql(f"SELECT 1 FROM '{bank}/{kind}.csv' WHERE coalesce(status, 'active') = 'active'").fetchall())
        for kind in ("persons", "companies")
    }
    made = {kind: duckdb.sql(f"SELECT count(*) FROM '{bank}/{kind}.csv'").fetchall()[0][0] for kind in ("persons", "companies")}
    accounts = duckdb.sql(f"SELECT count(*) FROM '{bank}/accounts.csv' WHERE closed_on IS NULL").fetchall()[0][0]

    page = server.ask("/")[2]
    shown = {name: int(number.replace(",", "")) for name, number in re.findall(r"<dt>(.+?)</dt><dd>([\d,]+)</dd>", page)}

    assert made == {"persons": 2_000, "companies": 80}
    assert shown.pop("近 12 个月交易") > 500_000
    assert shown == {"个人客户": active["persons"], "企业客户": active["companies"], "在用账户": accounts}
    assert re.search(r"数据截至 \d{4} 年 \d{1,2} 月 \d{1,2} 日", page)


def test_a_click_begins_a_chat_as_somebody_of_the_stories(visits: Visits) -> None:
    page = visits.open(visits.server.base, width=390, height=844)
    expect(page.locator(".stories .person")).to_have_count(13)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="罗予安").click()
    chat = Panel(root=page.locator(".chat--customer"), page=page)
    assert "支行" in chat.ask("附近有哪些网点")
    expect(visits.chat("customer:C000016").own).to_have_text(["附近有哪些网点"])


def test_a_click_opens_the_workbench_of_the_manager_of_the_stories(visits: Visits) -> None:
    page = visits.open(visits.server.base)
    page.get_by_role("link", name=re.compile("周明远.*故事里有 13 位")).click()
    expect(page.locator(".work-head")).to_contain_text("周明远")


@pytest.mark.parametrize(
    "path", ["/chat?as=customer:C999999", "/chat?as=rm:S0003", "/chat?as=nobody", "/chat", "/workbench?as=customer:C000001"]
)
def test_whom_the_bank_does_not_know_gets_no_page(server: Server, path: str) -> None:
    assert server.ask(path)[0] == 401


def test_outside_the_sandbox_only_a_link_lets_in(strict_server: Server) -> None:
    first = strict_server.ask("/")[2]
    assert "请用银行发给您的链接进来" in first
    assert [shown for shown in ("王芳", "周明远", "个人客户", "数据截至", "?as=") if shown in first] == []
    assert strict_server.ask("/chat?as=customer:C000001")[0] == 401
    link = strict_server.command("link", "customer:C000001").strip()
    token = link.partition("?t=")[2]
    assert strict_server.ask(f"/workbench?t={token}")[0] == 401
    assert strict_server.ask(f"/chat?t={token[:-2]}xx")[0] == 401


def test_a_link_becomes_a_session_and_two_processes_meet(visits: Visits, strict_server: Server) -> None:
    page = visits.open(strict_server.command("link", "customer:C000031").strip())
    chat = Panel(root=page.locator(".chat--customer"), page=page)
    expect(chat.box).to_be_enabled()
    assert re.fullmatch(r".*/chat", page.url)
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["peiban_chat"]["httpOnly"]
    assert cookies["peiban_chat"]["path"] == "/chat"
    chat.ask("附近有哪些网点")
    page.reload()
    expect(chat.own).to_have_text(["附近有哪些网点"])

    elsewhere = visits.chat("customer:C000031")  # the same person at the other process
    expect(elsewhere.own).to_have_text(["附近有哪些网点"])
    elsewhere.ask("谢谢")
    expect(chat.own).to_have_text(["附近有哪些网点", "谢谢"])


def test_staff_and_customer_keep_apart_in_one_browser(visits: Visits, strict_server: Server) -> None:
    customer = visits.open(strict_server.command("link", "customer:C000032").strip())
    expect(customer.locator(".chat--customer")).to_be_visible()
    manager = visits.open(strict_server.command("link", "rm:S0003").strip(), within=customer.context)
    expect(manager.locator(".work-head")).to_contain_text("周明远")
    customer.reload()
    expect(customer.locator(".chat--customer")).to_be_visible()
    manager.reload()
    assert assistant(manager).ask("待接")
