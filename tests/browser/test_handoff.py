"""A customer asks, asks for a person, is served by one, and goes on with the bot."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_house import RM_CALLED, Panel, Visits, assistant, desk, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.long(seconds=20)]

ANNE, BORIS, CARLA = "customer:C000002", "customer:C000006", "customer:C000003"


def wait_in_queue(page: Page, name: str) -> None:
    expect(page.locator("section[aria-label=待接] .card", has_text=name)).to_be_visible()


def take(page: Page, name: str) -> Panel:
    page.locator("section[aria-label=待接] .card", has_text=name).get_by_role("button", name="接管").click()
    talk = desk(page)
    expect(talk.status).to_contain_text("您正在接待")
    return talk


def test_a_person_takes_over_talks_and_gives_back(visits: Visits) -> None:
    customer = visits.chat(ANNE)
    expect(customer.status).to_contain_text("AI")
    customer.ask("我的银行卡丢了怎么办")
    expect(customer.root.locator(".source").last).to_contain_text("来源：")
    keep_picture(customer.page, "chat.png")

    customer.ask("转人工")
    expect(customer.status).to_contain_text("正在请同事")
    manager = visits.workbench()
    wait_in_queue(manager, "王芳")
    entry = manager.locator("section[aria-label=待接] .card", has_text="王芳")
    expect(entry).to_contain_text("银行卡丢了")
    expect(entry).to_contain_text("已等")
    first = entry.locator(".card-wait").inner_text()
    expect(entry.locator(".card-wait")).not_to_have_text(first)  # the wait ticks
    expect(assistant(manager).box).to_be_enabled()
    expect(desk(manager).box).to_be_disabled()
    entry.locator(".card-open").click()
    expect(desk(manager).customer.first).to_contain_text("银行卡丢了")
    keep_picture(manager, "workbench.png")

    talk = take(manager, "王芳")
    expect(customer.status).to_contain_text(f"{RM_CALLED}正在接待您")
    expect(customer.marks).to_contain_text([f"人工开始：{RM_CALLED}"])
    expect(customer.root.locator(".chat-notice").last).to_contain_text(RM_CALLED)

    talk.say("您好，我看到了，先帮您确认：卡是什么时候不见的？")
    expect(customer.staff.last).to_have_text("您好，我看到了，先帮您确认：卡是什么时候不见的？")
    expect(customer.root.locator(".line--staff .line-name")).to_have_text([RM_CALLED])
    expect(talk.own.last).to_contain_text("卡是什么时候不见的")
    customer.say("昨天下午在菜市场")
    expect(talk.customer.last).to_have_text("昨天下午在菜市场")
    keep_picture(manager, "handoff.png")

    # What follows a question in the chat follows it in order: had the bot answered, it would stand before the manager's next words.
    spoken = customer.bot.count()
    customer.say("附近有哪些网点")
    expect(talk.customer.last).to_have_text("附近有哪些网点")
    talk.say("最近的网点我发给您")
    expect(customer.staff.last).to_have_text("最近的网点我发给您")
    assert customer.bot.count() == spoken

    manager.get_by_role("button", name="释放").click()
    expect(customer.marks.last).to_contain_text(f"人工结束：{RM_CALLED}")
    expect(talk.marks.last).to_contain_text("人工结束")
    expect(customer.status).to_contain_text("AI")
    expect(talk.box).to_be_disabled()
    assert customer.ask("附近有哪些网点")


def test_manager_and_customer_sit_in_one_browser(visits: Visits) -> None:
    customer = visits.chat(BORIS)
    base = visits.server.base
    manager = visits.open(f"{base}/workbench?as=rm:S0003", within=visits.contexts[0])
    customer.ask("找人工")
    wait_in_queue(manager, "陈静")
    talk = take(manager, "陈静")
    talk.say("陈女士您好")
    expect(customer.staff.last).to_have_text("陈女士您好")
    customer.page.reload()
    expect(customer.staff.last).to_have_text("陈女士您好")
    expect(customer.status).to_contain_text(f"{RM_CALLED}正在接待您")
    manager.get_by_role("button", name="释放").click()
    expect(customer.status).to_contain_text("AI 智能助手")


def test_the_manager_works_by_words_too(visits: Visits) -> None:
    customer = visits.chat(CARLA)
    manager = visits.workbench()
    customer.ask("我要找真人")
    wait_in_queue(manager, "李梅")
    own = assistant(manager)
    assert "李梅" in own.ask("待接")
    take(manager, "李梅")
    own.say("回复 李女士您好，我是客户经理")
    expect(customer.staff.last).to_have_text("李女士您好，我是客户经理")
    expect(desk(manager).own.last).to_have_text("李女士您好，我是客户经理")
    own.say("释放")
    expect(customer.marks.last).to_contain_text("人工结束")


def test_a_manager_of_another_book_sees_nothing(visits: Visits) -> None:
    customer = visits.chat("customer:C000004")
    other = visits.workbench("rm:S0004")
    own = visits.workbench()
    customer.ask("转人工")
    wait_in_queue(own, "刘洋")
    expect(other.locator(".work")).to_be_visible()
    expect(other.get_by_text("刘洋")).to_have_count(0)
    take(own, "刘洋")
    own.get_by_role("button", name="释放").click()
    expect(customer.marks.last).to_contain_text("人工结束")


def test_words_that_must_not_leave_do_not_and_the_manager_is_told(visits: Visits) -> None:
    customer = visits.chat("customer:C000001")
    manager = visits.workbench()
    customer.ask("转人工")
    wait_in_queue(manager, "张伟")
    talk = take(manager, "张伟")
    talk.say("您放心，这款理财保本保收益，稳赚不赔")
    expect(assistant(manager).root).to_contain_text("没有发给 张伟")
    expect(talk.root.locator(".line--pending")).to_contain_text("没有送出")
    talk.say("产品的风险我发您一份说明")
    expect(customer.staff).to_have_text(["产品的风险我发您一份说明"])
    expect(talk.own).to_have_text(["产品的风险我发您一份说明"])
    manager.get_by_role("button", name="释放").click()
    expect(customer.marks.last).to_contain_text("人工结束")


def test_a_complaint_is_closed_where_the_tasks_are(visits: Visits) -> None:
    customer = visits.chat("customer:C000003")
    manager = visits.workbench()
    customer.ask("我要投诉，年费重复扣了我两次")
    task = manager.locator("section[aria-label=我的任务] .task", has_text="客户投诉：我要投诉，年费重复扣")
    expect(task).to_be_visible()
    task.locator("summary").click()
    task.get_by_role("button", name="投诉已处理完").click()
    expect(task).to_have_count(0)
    expect(assistant(manager).root).to_contain_text("已办结")
    waits = manager.locator("section[aria-label=我的任务] .task", has_text="请求人工")
    waits.first.locator("summary").click()
    expect(waits.first.get_by_role("button")).to_have_count(0)  # that task ends by taking over
