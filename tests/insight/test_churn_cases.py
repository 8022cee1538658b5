"""A warning opens one case with an owner and a deadline of two working days; what the manager answers closes it (C14)."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App, build
from bot.churn_cases import KIND, LATE, close_cases, open_cases
from bot.commands.chat import one_turn
from bot.late_cases import escalate_late
from compliance.days import BANK_ZONE
from config.settings import Settings
from crm.assessing.published import PublishedInsight
from domain.message import conversation_id
from domain.party import Party, Role
from domain.task import Task
from tests.conftest import MovableClock
from tests.insight.kit import Made

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=BANK_ZONE)


@pytest.fixture
def house(insight_bank: Made, tmp_path: Path) -> Iterator[tuple[App, MovableClock, PublishedInsight]]:
    shutil.copytree(insight_bank.data, tmp_path / "data")
    clock, insight = MovableClock(FRIDAY), PublishedInsight(tmp_path / "data")
    with build(Settings(data=tmp_path / "data", sandbox=True), clock=clock) as app:
        yield app, clock, insight
    insight.close()


def test_a_case_each_with_owner_and_two_working_days(house: tuple[App, MovableClock, PublishedInsight]) -> None:
    app, _, insight = house
    warned = {row["customer_id"]: row["severity"] for row in insight.rows("warnings", "warning", on=FRIDAY.date())}
    opened, again = open_cases(app.store, insight, at=FRIDAY), open_cases(app.store, insight, at=FRIDAY + timedelta(hours=1))
    with app.store.reading() as records:
        cases = records.tasks.listed(kind=KIND)
        customers = {one.id: one for one in records.book.customers([task.customer_id or "" for task in cases])}
        for task in cases:
            assert task.customer_id is not None
            customer = customers[task.customer_id]
            assert customer.name in task.title
            assert "截至" in task.detail
            assert task.urgency == ("high" if warned[customer.id] == "high" else "normal")
            assert task.assignee, task  # a manager's who is away is the deputy's, nobody's the branch manager's
            assert task.due_at == datetime(2026, 12, 1, 17, tzinfo=BANK_ZONE)  # Monday, Tuesday

    assert 0 < opened == len(cases) <= len(warned)
    assert again == 0


def test_what_was_closed_comes_back_only_after_a_while(house: tuple[App, MovableClock, PublishedInsight]) -> None:
    app, _, insight = house
    open_cases(app.store, insight, at=FRIDAY)
    with app.store.writing() as records:
        one = records.tasks.listed(kind=KIND)[0].customer_id
        assert one is not None
        close_cases(records, one, at=FRIDAY)
    soon = open_cases(app.store, insight, at=FRIDAY + timedelta(days=20))
    assert one not in {task.customer_id for task in _all(app)}
    shutil.copytree(app.settings.data / "insight" / "2026-11-23", app.settings.data / "insight" / "2026-12-25")
    later = open_cases(app.store, insight, at=FRIDAY + timedelta(days=29))
    assert one in {task.customer_id for task in _all(app)}

    assert soon == 0
    assert later >= 1


def test_the_manager_sees_it_and_one_word_closes_it(house: tuple[App, MovableClock, PublishedInsight]) -> None:
    app, clock, insight = house
    open_cases(app.store, insight, at=FRIDAY)
    with app.store.reading() as records:
        mine = next(task for task in records.tasks.listed(kind=KIND) if task.assignee == "S0003")
    clock.at = FRIDAY + timedelta(days=5)
    said = _talk(app, "rm:S0003")

    tasks = said("我的待办")
    assert "[挽留]" in tasks
    assert "已过" in tasks
    assert "带上编号" in said("挽留没有这个人完成了")
    assert f"{mine.title}（{mine.reference}）记为完成" in said(f"{mine.reference} 办完了")
    other = _of(app)[0]
    assert "记为不合适" in said(f"{other.title}，误报")
    with app.store.reading() as records:
        answered = {one.customer_id: one.answer for one in records.priorities.answered("S0003", since=FRIDAY)}
    assert {mine.customer_id, other.customer_id}.isdisjoint({task.customer_id for task in _of(app)})
    assert answered[mine.customer_id] == "done"
    assert answered[other.customer_id] == "unfit"


def test_what_nobody_dealt_with_in_time_goes_to_the_manager_once(house: tuple[App, MovableClock, PublishedInsight]) -> None:
    app, clock, insight = house
    open_cases(app.store, insight, at=FRIDAY)
    with app.store.reading() as records:
        branches = {one.id: one.branch_id for one in records.book.customers([task.customer_id or "" for task in _all(app)])}
        managers = {one.branch_id: one.id for one in records.book.people() if one.role is Role.MANAGER and one.active}
    due = datetime(2026, 12, 1, 17, tzinfo=BANK_ZONE)
    assert escalate_late(app.store, at=due - timedelta(minutes=1), channel="web") == 0

    first = escalate_late(app.store, at=due, channel="web")
    assert first == sum(managers.get(branches[task.customer_id or ""], task.assignee) != task.assignee for task in _all(app)) > 0
    assert escalate_late(app.store, at=due + timedelta(days=3), channel="web") == 0

    told = [task for task in _all(app, LATE) if task.customer_id]
    assert {managers[branches[task.customer_id or ""]] for task in told} == {task.assignee for task in told}
    clock.at = due + timedelta(days=1)
    app.door.drain(clock=app.clock, most=1_000)
    theirs = next(task for task in told if task.assignee)
    said = _talk(app, f"manager:{theirs.assignee}")
    number = next(task.reference for task in _all(app) if task.customer_id == theirs.customer_id)
    with app.store.reading() as records:
        chat = conversation_id("web", Party.parse(f"manager:{theirs.assignee}"))
        (notice,) = [line.text for line in records.transcript.of(chat)]
    assert notice.startswith(f"{sum(task.assignee == theirs.assignee for task in told)} 件挽留过了两个工作日还没办")
    assert "[逾期]" in said("我的任务")
    listed = said("逾期的流失预警有哪些")
    assert "过了时限还没办的流失预警" in listed
    assert "负责" in listed
    assert "过了 1 天" in listed
    assert "记为完成" in said(f"{number} 办完了")
    assert theirs.customer_id not in {task.customer_id for task in (*_all(app), *_all(app, LATE))}
    assert escalate_late(app.store, at=due + timedelta(days=4), channel="web") == 0


def test_who_dealt_with_it_in_time_is_nobody_elses_business(house: tuple[App, MovableClock, PublishedInsight]) -> None:
    app, clock, insight = house
    open_cases(app.store, insight, at=FRIDAY)
    with app.store.writing() as records:
        for task in records.tasks.listed(kind=KIND):
            close_cases(records, task.customer_id or "", at=FRIDAY)
    clock.at = FRIDAY + timedelta(days=30)
    assert escalate_late(app.store, at=clock.at, channel="web") == 0
    assert "没有过了时限的流失预警" in _talk(app, "rm:S0003")("我有哪些挽留超时了")


def _talk(app: App, who: str) -> Callable[[str], str]:
    return lambda text: "\n".join(str(reply["text"]) for reply in one_turn(app, Party.parse(who), text)["replies"])


def _all(app: App, kind: str = KIND) -> list[Task]:
    with app.store.reading() as records:
        return list(records.tasks.listed(kind=kind))


def _of(app: App) -> list[Task]:
    return [task for task in _all(app) if task.assignee == "S0003"]
