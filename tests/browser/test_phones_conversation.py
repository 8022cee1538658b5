"""Fifty turns on the phones that `run --sandbox` shows: the real product and WeCom's stand-in as two processes, a person in between."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.channels.wecom.kf.names import conversation_of
from storage.engine import Database
from storage.records import SqlStore
from tests.browser.browser_house import Server, Visits, keep_picture, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long(seconds=60)]

BEFORE = (
    "你好",
    "我的银行卡丢了怎么办",
    "展开",
    "补卡要带什么",
    "密码忘了怎么办",
    "附近有哪些网点",
    "杭州",
    "周末开门吗",
    "大额存单是什么",
    "定期提前取会怎样",
    "看看存款",
    "有啥理财可以看看",
    "什么是风险测评",
    "房贷怎么申请",
    "提前还款收违约金吗",
    "信用卡年费怎么收",
    "我卡里还剩多少钱",
    "帮我转五千块给老婆",
    "手机银行登不上",
    "怎么换预留手机号",
    "跨行转账多久到账",
    "外币怎么换",
    "你是机器人吗",
    "谢谢你",
)
WITH_A_PERSON = ("我想改预留手机号", "旧号码已经停机了", "身份证在身边", "好的，我明天过去")
ANSWERS = ("您好，我是周明远，我来帮您看", "旧号码还能收短信吗？", "那带上身份证到网点办，十分钟就好", "明天见")
AFTER = (
    "你好，还在吗",
    "网点几点开门",
    "办这个要本人去吗",
    "能让家里人代办吗",
    "我的卡不见了",
    "挂失后钱安全吗",
    "补卡要多少钱",
    "存款有保险吗",
    "利率是多少",
    "教育金怎么存",
    "孩子能开户吗",
    "收到短信说中奖了",
    "有人让我转账到安全账户",
    "信用卡怎么还款",
    "额度能提吗",
    "网银U盾丢了",
    "养老金账户是什么",
    "国债怎么买",
    "黄金可以买吗",
    "以后有问题怎么找你们",
    "谢谢，再见",
)


@pytest.fixture(scope="module")
def shown(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A sandbox with its WeCom."""
    folder = tmp_path_factory.mktemp("phones")
    shutil.copytree(demonstration, folder / "data")
    with serving(folder / "data", sandbox=True, log=folder / "log.txt", wecom=True) as running:
        yield running
    assert (folder / "data" / "sandbox-wecom.state").stat().st_size > 1000  # it was told to end, and kept what happened


@pytest.fixture
def page(browser: Browser, shown: Server) -> Iterator[Page]:
    """The phones, by the link of the first page."""
    visits = Visits(browser=browser, server=shown)
    first = visits.open(shown.base, width=1200, height=830)
    address = first.get_by_role("link", name="微信里看（手机页）").get_attribute("href")
    assert address
    yield visits.open(address, within=visits.contexts[0])
    visits.close()


class Phones:
    """The customer's phone and the servicer's."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.customer, self.servicer = page.locator("#customer"), page.locator("#servicer")
        self.lines = self.customer.locator(".entry")

    def say(self, phone: Locator, text: str) -> None:
        phone.get_by_label("消息").fill(text)
        phone.get_by_role("button", name="发送").click()

    def ask(self, text: str) -> str:
        """Say something and return the one answer to it."""
        before = self.lines.count()
        self.say(self.customer, text)
        self.wait_for(before + 2)
        expect(self.lines).to_have_count(before + 2)
        expect(self.lines.nth(before)).to_have_text(text)
        expect(self.lines.nth(before)).to_have_class("entry mine")
        return self.lines.last.inner_text()

    def wait_for(self, lines: int) -> None:
        """Until the customer's phone shows so many lines: seen as it is drawn, while `expect` looks again after a second only."""
        self.page.wait_for_function("(lines) => document.querySelectorAll('#customer .entry').length >= lines", arg=lines)

    def seen(self) -> list[dict[str, object]]:
        """What the customer's phone has seen, as WeCom says."""
        who = self.customer.get_by_label("客户").input_value()
        return list(json.loads(self.page.evaluate(f"fetch('/_sandbox/phones/seen?owner=customer:{who}').then((it) => it.text())")))


def test_fifty_turns_with_a_person_in_between(page: Page, shown: Server, tmp_path: Path) -> None:
    assert len(BEFORE) + 1 + len(WITH_A_PERSON) + len(AFTER) == 50
    phones = Phones(page)
    phones.customer.get_by_role("button", name="进入会话").click()
    expect(phones.lines).to_contain_text(["智能助手"])
    answers = [phones.ask(text) for text in BEFORE]
    assert "挂失" in answers[1]
    _picture(page, "wecom-phones.png", tmp_path)

    phones.ask("转人工")
    said = phones.lines.count()
    phones.servicer.get_by_role("button", name="接入").click()
    expect(phones.lines).to_have_count(said + 1)
    expect(phones.lines.last).to_contain_text("周")
    for answer, text in zip(ANSWERS, WITH_A_PERSON, strict=True):
        phones.say(phones.servicer, answer)
        expect(phones.lines.last).to_have_text(answer)
        phones.say(phones.customer, text)
        expect(phones.servicer.locator(".entry").last).to_have_text(text)
    _picture(page, "wecom-handoff.png", tmp_path)
    assert phones.lines.count() == said + 1 + 2 * len(ANSWERS)  # the bot was silent

    phones.servicer.get_by_role("button", name="结束会话").click()
    expect(phones.lines).to_have_count(said + 1 + 2 * len(ANSWERS) + 2)  # WeCom's own line, and ours
    for text in AFTER:
        phones.ask(text)
    _picture(page, "wecom-after.png", tmp_path)
    page.set_viewport_size({"width": 390, "height": 780})
    _picture(page, "wecom-narrow.png", tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    seen = phones.seen()
    assert [_text(one) for one in seen if one["by"] == "me"] == [*BEFORE, "转人工", *WITH_A_PERSON, *AFTER]
    ids = [one["msgid"] for one in seen if one.get("msgid")]
    assert len(ids) == len(set(ids))
    _is_written_down(seen, shown)


def _is_written_down(seen: list[dict[str, object]], shown: Server) -> None:
    """Our transcript has what the phone has, in its order: the customer's words, the person's and ours."""
    (where,) = {str(one["where"]) for one in seen}
    who = str(seen[0]["owner"]).removeprefix("customer:")
    store = SqlStore(Database(f"sqlite:///{shown.data / 'peiban.db'}"))
    with store.reading() as records:
        lines = records.transcript.of(conversation_of(where.removeprefix("kf:"), who))
    spoken = [(line.author.partition(":")[0], line.text) for line in lines if not line.author.startswith("system") and line.kind != "enter"]
    kinds = {"me": "customer", "api": "bot"}
    heard = [(kinds.get(str(one["by"]), "rm"), _text(one)) for one in seen if one["by"] != "system"]
    assert [author for author, _ in spoken] == [author for author, _ in heard]
    assert [text for author, text in spoken if author != "bot"] == [text for author, text in heard if author != "bot"]


def _text(entry: dict[str, object]) -> str:
    body = entry.get("body")
    assert isinstance(body, dict)
    return str(body.get("text", {}).get("content") or body.get("msgmenu", {}).get("head_content", ""))


def _picture(page: Page, name: str, folder: Path) -> None:
    page.screenshot(path=folder / name, animations="disabled")
    keep_picture(page, name)
