"""The service policy in chat (B12): who may change it, said back first, in force at once for who plans, with an audit entry."""

import shutil
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from bot.app import build
from bot.commands.chat import one_turn
from bot.knowing.policies import policy_for
from bot.knowing.priorities import by_policy
from compliance.days import BANK_ZONE
from config.settings import Settings
from crm.assessing.published import PublishedInsight
from crm.segmentation.policies import ServicePolicy
from domain.audit import AuditRecord
from domain.party import Party
from storage.engine import Database
from storage.records import SqlStore
from tests.insight.kit import TODAY, HandBank, Made, take_in

EVENING = datetime.combine(TODAY, time(20), tzinfo=BANK_ZONE)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("policy")
    bank = HandBank().add("staff", staff_id="M1", name="林主任", role="manager")
    take_in(bank.write(root / "files"), root / "data")
    return root / "data"


def _turns(data: Path, by: str, *texts: str) -> list[str]:
    answers = []
    with build(Settings(data=data, sandbox=True), clock=lambda: EVENING) as app:
        for text in texts:
            body: dict[str, Any] = dict(one_turn(app, app.known(Party.parse(by)), text))
            answers.append("\n".join(str(reply["text"]) for reply in body["replies"]))
    return answers


def _now(data: Path, tier: str) -> tuple[ServicePolicy, list[AuditRecord]]:
    database = Database(f"sqlite:///{data / 'peiban.db'}")
    try:
        with SqlStore(database).reading() as records:
            return policy_for(records, tier, at=EVENING), list(records.audit.of_subject(f"policy:{tier}"))
    finally:
        database.close()


def test_a_manager_changes_terms_after_a_confirmation(data: Path) -> None:
    said = _turns(
        data,
        "manager:M1",
        "成长级改为每20天一次",
        "确认",
        "战略级客户调整为1小时内答复",
        "确认",
        "把基础级改成每个季度联系一次",
        "取消",
        "关注级改为每周联系两次",
        "确认",
        "低频客户改成每半个月联系一次",
        "确认",
        "基础级每位经理改为最多五百户",
        "确认",
        "成长级改成每0天一次",
        "成长级改为每20天一次",
        "现在各级别怎么服务",
    )

    growth, audit = _now(data, "growth")
    assert "联系间隔：30 天 → 20 天" in said[0]
    assert "改好了" in said[1]
    assert growth.cadence_days == 20
    assert [(record.action, record.actor) for record in audit] == [("policy.edited", "manager:M1")]
    assert dict(audit[0].detail) | {"term": "cadence", "value": "20"} == dict(audit[0].detail)
    assert _now(data, "strategic")[0].answer_hours == 1
    assert "没有改" in said[5]
    assert _now(data, "basic")[0].cadence_days == 90
    assert _now(data, "flag")[0].cadence_days == 3
    assert _now(data, "idle")[0].cadence_days == 15
    assert _now(data, "basic")[0].per_rm == 500
    assert "没有改" in said[12]
    assert "本来就是 20" in said[13]
    assert "成长级：每 20 天联系一次" in said[14]
    assert "其中 5 项由管理岗改过" in said[14]


def test_what_is_not_understood_is_not_guessed(data: Path) -> None:
    before = _now(data, "flag")[0]
    (said,) = _turns(data, "manager:M1", "关注级改成勤快一点联系")

    assert "改哪一级的哪一项" in said
    assert _now(data, "flag")[0] == before


def test_an_rm_may_read_but_not_change(data: Path) -> None:
    before = _now(data, "strategic")
    told, shown, pressed = _turns(data, "rm:S1", "战略级改为每3天一次", "战略级多久联系一次", "service_policy:strategic cadence 3")

    assert "能看不能改" in told
    assert "战略级：每 14 天联系一次" in shown
    assert "没有改" in pressed
    assert _now(data, "strategic") == before


def test_the_next_list_of_the_day_goes_by_it(insight_bank: Made, tmp_path: Path) -> None:
    shutil.copytree(insight_bank.data, tmp_path / "data")
    insight = PublishedInsight(tmp_path / "data")
    rows = insight.rows("priorities", on=TODAY)
    growth = {row["customer_id"] for row in insight.rows("classes", on=TODAY) if row["tier"] == "growth"}

    def silences() -> dict[str, int]:
        database = Database(f"sqlite:///{tmp_path / 'data' / 'peiban.db'}")
        with SqlStore(database).reading() as records:
            kept = by_policy(rows, insight, records, at=EVENING)
        database.close()
        return {row["customer_id"]: row["count"] for row in kept if row["what"] == "neglected" and row["customer_id"] in growth}

    before = silences()
    _turns(tmp_path / "data", "manager:S0001", "成长级改为每20天一次", "确认")
    after = silences()
    insight.close()

    assert min(before.values()) >= 30
    assert before.items() < after.items()
    assert min(after.values()) >= 20
