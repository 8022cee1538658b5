"""The chat of a customer: what is typed arrives once, stays, reads well, and never leaves the house."""

import json
import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from compliance.days import BANK_ZONE
from domain.message import conversation_id
from domain.party import BOT, Party, Role
from domain.ports import Line
from storage.engine import Database
from storage.records import SqlStore
from tests.browser.browser_house import Visits, assistant, desk, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.long(seconds=20)]


def test_a_double_click_sends_once(visits: Visits) -> None:
    chat = visits.chat("customer:C000020")
    chat.box.fill("附近有哪些网点")
    chat.root.get_by_role("button", name="发送").dblclick()
    expect(chat.bot.last).to_contain_text("支行")
    assert chat.ask("谢谢") != ""
    expect(chat.own).to_have_text(["附近有哪些网点", "谢谢"])


def test_a_chip_shows_its_label_and_goes_once(visits: Visits) -> None:
    chat = visits.chat("customer:C000021")
    chat.ask("我的银行卡丢了怎么办")
    chip = chat.root.locator(".line .chip").first
    label = chip.inner_text()
    before = chat.bot.count()
    chip.dblclick()
    expect(chat.bot).not_to_have_count(before)
    expect(chat.own).to_have_text(["我的银行卡丢了怎么办", label])
    chat.page.reload()
    expect(chat.own).to_have_text(["我的银行卡丢了怎么办", label])


def test_a_message_sent_again_counts_once(visits: Visits) -> None:
    chat = visits.chat("customer:C000022")
    chat.ask("你们几点开门")
    waiting = json.dumps([{"id": visits.sent_ids[-1], "text": "你们几点开门", "label": "你们几点开门"}])
    chat.page.evaluate("waiting => sessionStorage.setItem('peiban.web:customer:C000022', waiting)", waiting)
    chat.page.reload()
    expect(chat.own).to_have_text(["你们几点开门"])
    expect(chat.root.locator(".line--pending")).to_have_count(0)
    chat.ask("谢谢")
    expect(chat.own).to_have_text(["你们几点开门", "谢谢"])


def test_a_message_that_was_not_taken_goes_after_a_reload(visits: Visits) -> None:
    chat = visits.chat("customer:C000023")
    expect(chat.box).to_be_enabled()
    waiting = json.dumps([{"id": "0123456789abcdef" * 2, "text": "附近有哪些网点", "label": "附近有哪些网点"}])
    chat.page.evaluate("waiting => sessionStorage.setItem('peiban.web:customer:C000023', waiting)", waiting)
    chat.page.reload()
    expect(chat.bot.last).to_contain_text("支行")
    expect(chat.own).to_have_text(["附近有哪些网点"])


def test_history_is_there_after_a_reload(visits: Visits) -> None:
    chat = visits.chat("customer:C000024")
    chat.ask("附近有哪些网点")
    chat.ask("谢谢")
    before = chat.root.locator(".bubble").all_inner_texts()
    chat.page.reload()
    expect(chat.root.locator(".bubble")).to_have_text(before)


def test_what_was_said_long_ago_can_be_brought_back(visits: Visits) -> None:
    party = Party(Role.CUSTOMER, "C000033")
    database = Database(f"sqlite:///{visits.server.data / 'peiban.db'}")
    with SqlStore(database).writing() as records:
        for number in range(1, 251):
            at = datetime(2026, 11, 1, 9, number % 60, tzinfo=BANK_ZONE)
            records.transcript.add(
                Line(id=0, conversation_id=conversation_id("web", party), at=at, author=str(party), kind="text", text=f"第{number}句")
            )
    database.close()
    chat = visits.chat(str(party))
    expect(chat.own.first).to_have_text("第151句")
    older = chat.root.get_by_role("button", name="看更早的对话")
    older.click()
    expect(chat.own.first).to_have_text("第51句")
    older.click()
    expect(chat.own).to_have_count(250)
    expect(older).to_have_count(0)
    chat.ask("谢谢")
    expect(chat.own).to_have_count(251)


def test_a_second_page_of_the_same_person_follows(visits: Visits) -> None:
    first, second = visits.chat("customer:C000025"), visits.chat("customer:C000025")
    expect(second.box).to_be_enabled()
    first.ask("附近有哪些网点")
    expect(second.own).to_have_text(["附近有哪些网点"])
    expect(second.bot.last).to_contain_text("支行")


def test_a_paste_of_a_megabyte_is_clipped_kindly(visits: Visits) -> None:
    chat = visits.chat("customer:C000026")
    chat.box.fill("好" * 1_000_000)
    expect(chat.root.locator(".chat-hint")).to_contain_text("只留下了前 4000 个字")
    assert chat.box.evaluate("box => box.value.length") == 4000
    assert chat.ask("好" * 1_000_000)
    assert len(chat.own.last.inner_text()) == 4000


def test_what_looks_like_code_is_shown_as_typed(visits: Visits) -> None:
    chat = visits.chat("customer:C000027")
    typed = "</script><img src=x onerror=alert(1)> `${1+1}` &lt; {{ 1+1 }} \\n"
    chat.ask(typed)
    expect(chat.own).to_have_text([typed])
    chat.page.reload()
    expect(chat.own).to_have_text([typed])


def test_nothing_is_sent_when_nothing_is_written(visits: Visits) -> None:
    chat = visits.chat("customer:C000028")
    send = chat.root.get_by_role("button", name="发送")
    expect(send).to_be_disabled()
    chat.box.fill("   \n ")
    chat.box.press("Enter")
    expect(send).to_be_disabled()
    chat.ask("附近有哪些网点")
    expect(chat.own).to_have_text(["附近有哪些网点"])


def test_shift_enter_makes_a_line_and_an_input_method_sends_nothing(visits: Visits) -> None:
    chat = visits.chat("customer:C000029")
    chat.box.fill("第一行")
    chat.box.press("Shift+Enter")
    chat.box.press_sequentially("第二行")
    chat.box.evaluate("box => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))")
    expect(chat.box).to_have_value("第一行\n第二行")
    chat.box.press("Enter")
    expect(chat.own).to_have_text([re.compile(r"第一行\s第二行")])


def test_large_print_grows_the_text_and_is_remembered(visits: Visits) -> None:
    chat = visits.chat("customer:C000005", width=390, height=844)
    chat.ask("附近有哪些网点")
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    assert chat.bot.last.evaluate(size) == 16
    chat.root.get_by_role("button", name="大字显示").click()
    assert chat.bot.last.evaluate(size) >= 20
    expect(chat.root.locator(".line time").last).to_be_in_viewport()
    chat.page.reload()
    expect(chat.bot.last).to_be_visible()
    assert chat.bot.last.evaluate(size) >= 20


def test_the_chat_fits_a_phone(visits: Visits) -> None:
    chat = visits.chat("customer:C000001", width=390, height=844)
    chat.ask("我的银行卡丢了怎么办")
    chat.ask("附近有哪些网点")
    wide = chat.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    assert chat.box.bounding_box()["y"] < 844  # type: ignore[index]
    keep_picture(chat.page, "phone.png")


def test_the_workbench_fits_a_phone(visits: Visits) -> None:
    page = visits.workbench(width=390, height=844)
    expect(page.locator(".work")).to_be_visible()
    expect(desk(page).root).to_be_hidden()
    page.get_by_role("button", name="助手", exact=True).click()
    expect(assistant(page).box).to_be_visible()
    assert assistant(page).ask("待接")
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]


def test_everything_has_a_name_for_those_who_cannot_see(visits: Visits) -> None:
    chat = visits.chat("customer:C000030")
    expect(chat.root.get_by_role("log")).to_have_attribute("aria-live", "polite")
    expect(chat.box).to_have_attribute("aria-label", "输入消息")
    assert chat.page.evaluate("document.documentElement.lang") == "zh-CN"
    for button in chat.page.get_by_role("button").all():
        assert button.inner_text() or button.get_attribute("aria-label")


def test_a_link_opens_a_page_of_its_own_that_knows_nothing_of_ours(visits: Visits) -> None:
    party = Party(Role.CUSTOMER, "C000034")
    page = ("网点查询", "https://www.bank.example/branches?city=1")
    database = Database(f"sqlite:///{visits.server.data / 'peiban.db'}")
    with SqlStore(database).writing() as records:
        at = datetime(2026, 11, 23, 10, tzinfo=BANK_ZONE)
        said = Line(
            id=0, conversation_id=conversation_id("web", party), at=at, author=str(BOT), kind="text", text="看这里。", links=(page,)
        )
        records.transcript.add(said)
    database.close()
    chat = visits.chat(str(party), width=390)
    link = chat.root.get_by_role("link", name="网点查询")
    expect(link).to_have_attribute("href", page[1])
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 44  # a thumb finds it
