"""The three phones of the sandbox WeCom, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.wecom import WecomServer
from tests.integration.wecom_server.kit import CUSTOMER, OPTIONS, Corp

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def corp() -> Iterator[Corp]:
    with WecomServer() as server:
        yield Corp(server.url)


@pytest.fixture
def page(browser: Browser, corp: Corp) -> Iterator[Page]:
    """The page, which may not complain."""
    opened = browser.new_page(viewport={"width": 1200, "height": 860})
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(f"{corp.url}/phones")
    yield opened
    opened.close()
    assert complaints == []


def test_a_customer_asks_and_a_servicer_takes_over(page: Page, corp: Corp) -> None:
    customer, servicer = page.locator("#customer"), page.locator("#servicer")
    customer.get_by_role("button", name="进入会话").click()
    customer.get_by_label("消息").fill("转人工")
    customer.get_by_role("button", name="发送").click()
    expect(customer.locator(".entry.mine")).to_have_text("转人工")

    menu = {"head_content": "请选择", "list": [{"type": "click", "click": {"id": "1", "content": "找真人"}}], "tail_content": ""}
    assert corp.send(msgtype="msgmenu", msgmenu=menu)["errcode"] == 0
    customer.get_by_role("button", name="找真人").click()
    expect(customer.locator(".entry.mine").last).to_have_text("找真人")
    assert corp.sync()["msg_list"][-1]["text"] == {"content": "找真人", "menu_id": "1"}

    assert corp.trans(2)["errcode"] == 0
    servicer.get_by_role("button", name="接入").click()
    servicer.get_by_label("消息").fill("您好，我是周明远")
    servicer.get_by_role("button", name="发送").click()
    expect(customer.locator(".entry").last).to_have_text("您好，我是周明远")
    servicer.get_by_role("button", name="结束会话").click()
    expect(customer.locator(".entry.system")).to_have_text("会话已结束")


def test_a_member_presses_a_card_and_confirms_a_mass_message(page: Page, corp: Corp) -> None:
    member, customer = page.locator("#member"), page.locator("#customer")
    card = {
        "card_type": "button_interaction",
        "task_id": "t1",
        "main_title": {"title": "张伟在等"},
        "button_list": [{"text": "接下", "key": "take"}],
    }
    sent = corp.post("app", "message/send", touser="zhou", agentid=OPTIONS.agent_id, msgtype="template_card", template_card=card)
    member.get_by_role("button", name="接下").click()
    corp.post(
        "app",
        "message/update_template_card",
        userids=["zhou"],
        agentid=OPTIONS.agent_id,
        response_code=sent["response_code"],
        button={"replace_name": "已接下"},
    )
    expect(member.locator(".entry")).to_contain_text("已接下")

    member.get_by_label("会话").select_option("contacts")
    member.locator(".entry", has_text="张伟").get_by_role("button", name="添加").click()
    expect(member.locator(".entry", has_text="张伟")).to_contain_text("好友")
    corp.contact("add_msg_template", sender="zhou", text={"content": "冬至安康"})
    member.get_by_label("会话").select_option("mass")
    member.get_by_role("button", name="确认发送").click()
    customer.get_by_label("会话").select_option("member:zhou")
    expect(customer.locator(".entry").last).to_contain_text("冬至安康")
    assert [entry["kind"] for entry in corp.seen(f"customer:{CUSTOMER}")] == ["mass"]
