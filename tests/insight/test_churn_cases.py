"""A warning opens one case with an owner and a deadline of two working days; what the manager answers closes it (C14)."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App, build
from bot.churn_cases import KIND, close_cases, open_cases
from bot.commands.chat import one_turn
from compliance.days import BANK_ZONE
from config.settings import Settings
from crm.assessing.published import PublishedInsight
from domain.party import Party
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
    with app.store.writing() as records:
        opened, again = open_cases(records, insight, at=FRIDAY), open_cases(records, insight, at=FRIDAY + timedelta(hours=1))
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
    with app.store.writing() as records:
        open_cases(records, insight, at=FRIDAY)
        one = records.tasks.listed(kind=KIND)[0].customer_id
        assert one is not None
        close_cases(records, one, at=FRIDAY)
        soon = open_cases(records, insight, at=FRIDAY + timedelta(days=20))
        assert one not in {task.customer_id for task in records.tasks.listed(kind=KIND)}
        shutil.copytree(app.settings.data / "insight" / "2026-11-23", app.settings.data / "insight" / "2026-12-25")
        later = open_cases(records, insight, at=FRIDAY + timedelta(days=29))
        assert one in {task.customer_id for task in records.tasks.listed(kind=KIND)}

    assert soon == 0
    assert later >= 1


def test_the_manager_sees_it_and_one_word_closes_it(house: tuple[App, MovableClock, PublishedInsight]) -> None:
    app, clock, insight = house
    with app.store.writing() as records:
        open_cases(records, insight, at=FRIDAY)
        mine = next(task for task in records.tasks.listed(kind=KIND) if task.assignee == "S0003")
    clock.at = FRIDAY + timedelta(days=5)

    def said(text: str) -> str:
        return "\n".join(str(reply["text"]) for reply in one_turn(app, Party.parse("rm:S0003"), text)["replies"])

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


def _of(app: App) -> list[Task]:
    with app.store.reading() as records:
        return [task for task in records.tasks.listed(kind=KIND) if task.assignee == "S0003"]
