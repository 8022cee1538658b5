"""Moments: the gate judges them, members publish them, the command tells who did."""

import argparse
from collections.abc import Callable

import pytest

from bot.app import App
from bot.commands.wecom import configure
from domain.errors import BadInput
from tests.integration.wecom.mass_rig import Bank
from tests.integration.wecom_server.conftest import corp  # noqa: F401  a fixture
from tests.integration.wecom_server.kit import CUSTOMER, Corp


@pytest.fixture
def bank(corp: Corp, house: Callable[..., App]) -> Bank:  # noqa: F811  the fixture
    return Bank(corp, house)


def moment(bank: Bank, *given: str) -> int:
    parser = argparse.ArgumentParser()
    run = configure(parser, "wecom")
    return run(parser.parse_args(["moment", *given, "--at", "2026-12-01T10:00"]), bank.app.settings)


def manager(bank: Bank) -> str:
    with bank.app.store.reading() as records:
        return f"manager:{next(one.id for one in records.book.people() if one.role.value == 'manager' and one.active)}"


def test_a_manager_asks_and_sees_who_published(bank: Bank, capsys: pytest.CaptureFixture[str]) -> None:
    who = manager(bank)
    assert moment(bank, "--as", who, "--text", "冬至到了，记得吃碗热汤圆。", "--to", "rm:S0003") == 0
    job = capsys.readouterr().out.split("任务 ")[1].split("。")[0]
    assert [entry["kind"] for entry in bank.corp.seen("member:zhou")] == ["moment_task"]

    assert moment(bank, "--as", who, "--job", job) == 0
    assert "S0003  还没有发表" in capsys.readouterr().out
    bank.corp.member("publish_moment", moment_id=bank.corp.seen("member:zhou")[0]["msgid"])
    assert moment(bank, "--as", who, "--job", job) == 0
    assert "1 人中 1 人已发表" in capsys.readouterr().out
    assert bank.corp.seen(f"customer:{CUSTOMER}")[-1]["kind"] == "moment"
    with bank.app.store.reading() as records:
        assert [(one.actor, one.action) for one in records.audit.of_subject(f"moment:{job}")] == [(who, "moment.asked")]


def test_what_the_gate_refuses_is_not_asked_for(bank: Bank, capsys: pytest.CaptureFixture[str]) -> None:
    with bank.app.store.reading() as records:
        rated = next(one for one in records.book.products() if one.risk in ("R3", "R4", "R5"))
    for text in ("这款理财保本保收益，稳赚不赔！", f"推荐{rated.name}，欢迎来问。"):
        assert moment(bank, "--as", manager(bank), "--text", text) == 1
        assert "没有发出：" in capsys.readouterr().out
    assert bank.corp.seen("member:zhou") == []


def test_only_managers_ask_and_only_what_wecom_takes(bank: Bank) -> None:
    with pytest.raises(BadInput, match="only a manager"):
        moment(bank, "--as", "rm:S0003", "--text", "冬至安康")
    with pytest.raises(BadInput, match="relationship managers"):
        moment(bank, "--as", manager(bank), "--text", "冬至安康", "--to", manager(bank))
    for text in (" ", "字" * 2001):
        with pytest.raises(BadInput, match="2000"):
            moment(bank, "--as", manager(bank), "--text", text)
