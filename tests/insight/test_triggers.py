"""F06: what a customer just did becomes a task, once, and only while every condition holds; each is flipped alone."""

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from bot.app import App, build
from bot.commands.chat import one_turn
from bot.triggering import KIND, triggers_over
from bot.web.events import event_routes
from compliance.days import BANK_ZONE
from config.settings import Settings
from crm.assessing.published import PublishedInsight
from crm.facts import ParquetFacts
from crm.triggers.definitions import definitions
from crm.triggers.seeing import looks, watch
from domain.app_events import AppEvent
from domain.book import Consent
from domain.party import Party
from domain.task import Task
from tests.conftest import MovableClock
from tests.insight.kit import TODAY, HandBank, Made, take_in

pytestmark = pytest.mark.long(seconds=15)


EVENING = datetime.combine(TODAY, datetime.min.time(), tzinfo=BANK_ZONE) + timedelta(hours=20)
#: Whoever differs from P01 in one thing only.
FLIPPED = {
    "P02": "one look only",
    "P03": "one of two looks 15 days ago",
    "P04": "other pages",
    "P05": "three categories",
    "P06": "no risk test",
    "P07": "a test of 13 months ago",
    "P08": "a fund by plan",
    "P09": "no marketing",
    "P10": "an open complaint",
    "P11": "two marketing contacts this week",
    "P12": "no profiling",
    "P13": "C1, and the only fund is R3",
    "P14": "relation closed",
    "P18": "seventy, and the only fund is R3",
    "K01": "a company",
}
#: Likewise, and gets the task all the same.
NO_MATTER = {"P15": "a complaint that was settled", "P16": "a marketing contact of nine days ago", "P17": "a fund that no plan buys"}


def _bank() -> HandBank:
    """Nearly everybody holds two categories and is forty-five."""
    bank = HandBank().add("staff", staff_id="M1", name="林主任", role="manager", branch_id="B1")
    bank.add("products", product_code="F1", name="溪口成长混合", kind="fund", category="fund", risk="R3")
    bank.add("products", product_code="W1", name="溪口稳健", kind="wealth", risk="R2")
    people = ["P01", *FLIPPED, *NO_MATTER, *(f"Q{number:02d}" for number in range(1, 13)), "L01", "L02", "L03"]
    for number, one in enumerate(people):
        _customer(bank, one, number)
    for one, plan in (("P08", True), ("P17", False)):
        bank.add("holdings", customer_id=one, product_code="F1", on="2026-10-31", amount="2000.00", plan=plan)
    bank.add("holdings", customer_id="P05", product_code="W1", on="2026-10-31", amount="20000.00")
    bank.add("complaints", complaint_id="CP1", customer_id="P10", opened_at="2026-11-20T10:00:00+08:00")
    settled = {"opened_at": "2026-11-02T10:00:00+08:00", "resolved_at": "2026-11-05T10:00:00+08:00"}
    bank.add("complaints", complaint_id="CP2", customer_id="P15", **settled)
    sent = {"channel": "sms", "direction": "out", "purpose": "marketing", "outcome": "sent"}
    for number, (one, day) in enumerate((("P11", "18"), ("P11", "20"), ("P16", "14"), ("P16", "20"))):
        bank.add("contacts", contact_id=f"K{number}", customer_id=one, at=f"2026-11-{day}T10:00:00+08:00", **sent)
    _look(bank, "L01", "2026-11-17", page="理财")
    _look(bank, "L01", "2026-11-18", page="基金")
    return bank


def _customer(bank: HandBank, one: str, number: int) -> None:
    if one == "K01":
        bank.company(one, "溪口砚台有限公司")
    else:
        name = "赵钱孙李周吴郑王冯陈"[number % 10] + "甲乙丙丁"[number // 10]
        bank.person(one, name, status="closed" if one == "P14" else "active", birth_date="1956-03-01" if one == "P18" else "1981-03-01")
    if one not in ("P08", "P17"):
        bank.add("accounts", account_id=f"T-{one}", customer_id=one, matures_on="2027-06-01")
    for day in ("2026-11-02", "2026-10-08", "2026-09-03"):
        bank.paid(one, day)
    if one != "P06":
        tested = "2025-10-10" if one == "P07" else "2026-05-20"
        bank.add("risk_assessments", customer_id=one, level="C1" if one == "P13" else "C3", assessed_on=tested)
    for purpose, refused_by in (("marketing", "P09"), ("profiling", "P12")):
        bank.add("consents", customer_id=one, purpose=purpose, granted=one != refused_by, at="2026-01-05T09:00:00+08:00")
    if one.startswith(("P", "K")):
        days = ["2026-11-08" if one == "P03" else "2026-11-15", "2026-11-22"]
        for day in days[1:] if one == "P02" else days:
            _look(bank, one, day, page="转账" if one == "P04" else "基金")


def _look(bank: HandBank, one: str, day: str, *, page: str) -> None:
    number = len(bank.feeds.get("app_events", ())) + 1
    bank.add(
        "app_events",
        event_id=f"V{number:04d}",
        customer_id=one,
        at=f"{day}T20:15:00+08:00",
        kind="view",
        page=page,
        item="F1" if page == "基金" else "",
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return _bank().made(tmp_path_factory.mktemp("triggers"))


@pytest.fixture
def house(made: Made, tmp_path: Path) -> Iterator[tuple[App, MovableClock]]:
    shutil.copytree(made.data, tmp_path / "data")
    clock = MovableClock(EVENING)
    with build(Settings(data=tmp_path / "data", sandbox=True), clock=clock) as app:
        yield app, clock


def _tasks(app: App, customer_id: str) -> list[Task]:
    with app.store.reading() as records:
        return list(records.tasks.of_customer(customer_id, kind=KIND))


def _row(number: int, customer_id: str, at: datetime, **columns: Any) -> dict[str, Any]:
    return {"event_id": f"E{number}", "customer_id": customer_id, "at": at.isoformat(), "kind": "view", "page": "基金"} | columns


def test_every_condition_matters(house: tuple[App, MovableClock]) -> None:
    app, _ = house
    opened = app.triggers.judge_bank(at=EVENING)
    fund = {task.customer_id: task for task in opened if ":fund_plan:" in task.key}

    assert set(fund) == {"P01", *NO_MATTER}, {one: FLIPPED.get(str(one), "") for one in set(fund) ^ {"P01", *NO_MATTER}}
    detail = fund["P01"].detail
    for part in (
        "近 14 天看基金和定投页面 2 次，最近 11-22 20:15",
        "持有 2 类产品，不高于",
        "25% 分位 2 类",
        "1 只在售基金合适",
        "还没有基金定投",
        "截至 2026-11-23",
    ):
        assert part in detail
    assert fund["P01"].assignee == "S1"
    assert fund["P01"].due_at == datetime(2026, 11, 25, 17, tzinfo=BANK_ZONE)
    assert app.triggers.judge_bank(at=EVENING + timedelta(hours=1)) == []  # nothing twice


def test_the_trigger_says_which_condition_fails(house: tuple[App, MovableClock]) -> None:
    """The one that differs, and no other."""
    app, _ = house
    expected = {
        "P02": "seen",
        "P03": "seen",
        "P05": "penetration",
        "P06": "suits",
        "P07": "suits",
        "P08": "without_plan",
        "P09": "free",
        "P10": "free",
        "P11": "free",
        "P12": "profiling",
        "P13": "suits",
        "P18": "suits",
    }
    with app.store.reading() as records:
        lookups = app.lookups.over(records, party=Party.parse("rm:S1"), conversation_id="c", at=EVENING)
        for one, name in expected.items():
            judged = next(found for found in lookups.triggers(one) if found.trigger.id == "fund_plan")
            assert [condition.name for condition in judged.conditions if not condition.holds] == [name], one
        assert [found for found in lookups.triggers("P04") if found.trigger.id == "fund_plan"] == []
        assert lookups.triggers("P14") == []


def test_an_event_that_comes_now_completes_what_was_delivered(house: tuple[App, MovableClock]) -> None:
    app, _ = house
    received = app.triggers.receive([_row(1, "L01", EVENING - timedelta(minutes=1))], at=EVENING)
    waiting, opened = app.triggers.judge_waiting(at=EVENING)

    assert (received.taken, received.repeated, list(received.refused)) == (1, 0, [])
    assert waiting == 1
    assert [(task.customer_id, task.key.split(":")[1]) for task in opened] == [("L01", "fund_plan")]
    again = app.triggers.receive([_row(1, "L01", EVENING - timedelta(minutes=1))], at=EVENING)
    assert (again.taken, again.repeated) == (0, 1)
    assert app.triggers.judge_waiting(at=EVENING)[0] == 0
    # The same event with the nightly delivery, and the run after it: still one task.
    assert [task for task in app.triggers.judge_bank(at=EVENING) if task.customer_id == "L01"] == []
    assert len(_tasks(app, "L01")) == 1


def test_an_event_that_comes_late_is_looked_at_once_too(house: tuple[App, MovableClock]) -> None:
    app, _ = house
    app.triggers.receive([_row(1, "L02", EVENING - timedelta(days=60))], at=EVENING)
    assert app.triggers.judge_waiting(at=EVENING) == (1, [])
    assert app.triggers.judge_waiting(at=EVENING) == (0, [])


def test_bad_rows_are_refused_one_by_one(house: tuple[App, MovableClock]) -> None:
    app, _ = house
    now = EVENING
    rows: list[object] = [
        _row(1, "L02", now),
        "no row",
        _row(2, "NOBODY", now),
        _row(3, "L02", now, kind="stare"),
        _row(4, "L02", now + timedelta(days=1)),
        _row(5, "L02", now) | {"at": "2026-11-23 20:00"},
        _row(6, "L02", now, page="基" * 81),
        _row(7, "L02", now) | {"event_id": "a b"},
        _row(8, "L02", now, page=7),
        _row(9, "L02", now) | {"customer_id": None},
        _row(10, "L02", now, seconds=12, colour="blue"),
    ]
    received = app.triggers.receive(rows, at=now)

    assert received.taken == 2
    assert [(one.row, one.column) for one in received.refused] == [
        (1, ""),
        (2, "customer_id"),
        (3, "kind"),
        (4, "at"),
        (5, "at"),
        (6, "page"),
        (7, "event_id"),
        (8, "page"),
        (9, "customer_id"),
    ]


def test_one_word_ends_it_and_it_rests(house: tuple[App, MovableClock]) -> None:
    app, clock = house
    app.triggers.judge_bank(at=EVENING)
    task = next(one for one in _tasks(app, "P01") if "fund_plan" in one.key)

    def said(text: str) -> str:
        return "\n".join(str(reply["text"]) for reply in one_turn(app, Party.parse("rm:S1"), text)["replies"])

    assert "触发" in said("今天先做什么")
    listed = said("有哪些触发任务")
    assert f"基金定投推荐：{task.title.split('：')[1]}" in listed
    why = said(f"{task.reference}为什么给我")
    assert "近 14 天看基金和定投页面 2 次" in why
    assert "25% 分位" in why
    assert "[触发]" in said("我的待办")
    assert "记为不合适" in said(f"{task.reference} 不合适")
    assert _tasks(app, "P01")[0].outcome == "unfit"

    def again(days: int) -> bool:
        """The same look, so many days on."""
        clock.at = EVENING + timedelta(days=days)
        app.triggers.receive([_row(days * 10 + number, "P01", clock.at - timedelta(hours=number + 1)) for number in range(2)], at=clock.at)
        return bool([one for one in app.triggers.judge_waiting(at=clock.at)[1] if "fund_plan" in one.key])

    assert not again(30)
    assert again(91)


def test_why_there_is_none(made: Made) -> None:
    names = {row["customer_id"]: row["name"] for row in _bank().feeds["persons"]}
    said = made.said(f"{names['P05']}怎么没触发")
    assert "没有触发任务" in said
    assert "✗持有 3 类产品，高于" in said
    assert "✓还没有基金定投" in said


def test_python_and_sql_count_alike(insight_bank: Made) -> None:
    """Every customer of a generated bank by both ways, for every trigger."""
    facts = ParquetFacts(insight_bank.data / "facts")
    until = datetime(2026, 11, 20, 13, tzinfo=BANK_ZONE)
    since = until - timedelta(days=14)
    products = {"P-201": ("", "fund")}
    try:
        pages = facts.pages_since(since)
        customers = [row["customer_id"] for row in insight_bank.rows("features")]
        events = {one: facts.events_of(one, since=since) for one in customers}
        assert sum(map(len, events.values())) > 500
        for trigger in definitions().triggers.values():
            alone = {one: looks(trigger, events[one], until=until, products=products) for one in customers}
            enough = {one: found for one, found in alone.items() if found is not None and found.count >= trigger.seen.least}
            assert enough == dict(facts.lookers(watch(trigger, pages, until=until, products=products))), trigger.id
    finally:
        facts.close()


def test_what_was_settled_is_no_news() -> None:
    trigger = definitions().triggers["application_left"]
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def event(hours: int, kind: str, page: str = "信用卡申请") -> AppEvent:
        return AppEvent(event_id=f"{hours}{kind}", customer_id="P", at=now - timedelta(hours=hours), kind=kind, page=page)

    left = [event(5, "start"), event(4, "abandon")]
    assert looks(trigger, left, until=now, products={}) is not None
    assert looks(trigger, [*left, event(3, "finish")], until=now, products={}) is None
    assert looks(trigger, [*left, event(3, "finish", "转账")], until=now, products={}) is not None
    assert looks(trigger, [event(80, "abandon")], until=now, products={}) is None


def test_a_killed_process_loses_no_event(made: Made, tmp_path: Path) -> None:
    """Kept and not judged: whoever comes next judges it; nobody opens a second task."""
    shutil.copytree(made.data, tmp_path / "data")
    script = """if True:
        import os, sys
        from datetime import datetime
        from pathlib import Path
        from bot.app import build
        from config.settings import Settings
        rows = [{"event_id": "E1", "customer_id": "L01", "at": sys.argv[2], "kind": "view", "page": "基金"}]
        app = build(Settings(data=Path(sys.argv[1]), sandbox=True), clock=lambda: datetime.fromisoformat(sys.argv[2]))
        app.triggers.receive(rows, at=app.clock())
        os.kill(os.getpid(), 9)
    """
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path / "data"), EVENING.isoformat()], check=False, capture_output=True)
    assert killed.returncode == -9, killed.stderr
    with build(Settings(data=tmp_path / "data", sandbox=True), clock=lambda: EVENING) as app:
        assert _tasks(app, "L01") == []
        app.watcher.start()
        deadline = time.monotonic() + 20
        while not _tasks(app, "L01") and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(_tasks(app, "L01")) == 1


def test_the_command_says_what_came_of_it(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made.data, tmp_path / "data")
    lines = [json.dumps(_row(number, "L03", EVENING - timedelta(minutes=number))) for number in (1, 2)] + ["{not json"]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "events", "--at", EVENING.isoformat(), "--json"],
        input="\n".join(lines),
        env={"PATH": "/usr/bin:/bin", "PEIBAN_DATA": str(tmp_path / "data"), "PEIBAN_SANDBOX": "true"},
        text=True,
        capture_output=True,
        check=True,
    )
    report = json.loads(done.stdout)
    assert (report["taken"], report["repeated"], [one["row"] for one in report["refused"]]) == (2, 0, [2])
    assert [(one["trigger"], one["customer_id"], one["assignee"]) for one in report["tasks"]] == [("fund_plan", "L03", "S1")]


def test_missing_feeds_fire_nothing_and_say_so(tmp_path: Path) -> None:
    bank = HandBank().person("P1", "赵甲", account=False)
    data = tmp_path / "data"
    take_in(bank.write(tmp_path / "files"), data)  # no run either
    insight = PublishedInsight(data)
    try:
        with build(Settings(data=data, sandbox=True), clock=lambda: EVENING) as app:
            with triggers_over(app.store, data, insight) as triggers:
                triggers.receive([_row(number, "P1", EVENING) for number in (1, 2)], at=EVENING)
                assert triggers.judge_waiting(at=EVENING) == (1, [])
                assert triggers.judge_bank(at=EVENING) == []
            text = "\n".join(str(reply["text"]) for reply in one_turn(app, Party.parse("rm:S1"), "赵甲怎么没触发")["replies"])
        assert "持有产品无数据" in text
        assert "没有在售的基金" in text
    finally:
        insight.close()


def test_a_delivery_is_judged_as_of_its_last_day_whenever_it_is_taken_in(house: tuple[App, MovableClock]) -> None:
    """Tests that expired meanwhile, contacts that no longer count: nothing but what was said to us since changes what it tells."""
    app, _ = house
    with app.store.writing() as records:
        records.book.set_consent(
            Consent(customer_id="P15", purpose="marketing", granted=False, at=EVENING + timedelta(days=1), source="chat")
        )
    later = EVENING + timedelta(days=200)
    fund = {task.customer_id for task in app.triggers.judge_bank(at=later) if ":fund_plan:" in task.key}
    assert fund == {"P01", "P16", "P17"}


@pytest.fixture
def address(house: tuple[App, MovableClock]) -> Iterator[str]:
    """The house with its threads, and its route for events on loopback."""
    app, _ = house
    web = FastAPI()
    web.include_router(event_routes(app))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(web, log_level="error"))
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        serving.start()
        app.watcher.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/events"
        server.should_exit = True
        serving.join(10)


def test_from_the_event_to_the_task_within_five_seconds(house: tuple[App, MovableClock], address: str) -> None:
    app, _ = house
    waits = []
    for number, one in enumerate(("L01", "L02", "L03", "Q01", "Q02", "Q03", "Q04", "Q05")):
        rows = [_row(number * 10 + look, one, EVENING - timedelta(minutes=look)) for look in range(2)]
        began = time.monotonic()
        answer = httpx.post(address, json={"events": rows}, timeout=10)
        assert answer.status_code == 202
        assert answer.json() == {"taken": 2, "repeated": 0, "refused": []}
        while not _tasks(app, one) and time.monotonic() - began < 10:
            time.sleep(0.01)
        waits.append(time.monotonic() - began)
        assert [task.key.split(":")[1] for task in _tasks(app, one)] == ["fund_plan"]
    assert max(waits) <= 5.0, waits


def test_who_may_send_events(house: tuple[App, MovableClock], address: str) -> None:
    app, _ = house
    row = {"events": [_row(1, "L02", EVENING)]}
    assert httpx.post(address, json={"events": []}).status_code == 422
    assert httpx.post(address, json={"events": [row] * 1001}).status_code == 422
    app.settings = app.settings.model_copy(update={"events_key": SecretStr("k" * 32)})
    assert httpx.post(address, json=row).status_code == 401
    assert httpx.post(address, json=row, headers={"Authorization": "Bearer 密钥".encode()}).status_code == 401
    assert httpx.post(address, json=row, headers={"Authorization": f"Bearer {'k' * 32}"}).status_code == 202
    app.settings = app.settings.model_copy(update={"events_key": SecretStr(""), "sandbox": False})
    assert httpx.post(address, json=row).status_code == 401
