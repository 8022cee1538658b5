"""Needs over a generated bank: the set-based number is the explained one, for everybody; and what is shown is rarely nonsense."""

import csv
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from crm.needs.charted import charted
from crm.needs.definitions import needs
from crm.needs.graph import signals, views
from crm.needs.naming import need_called
from domain.book import Consent
from tests.insight.kit import Made


def _by_customer(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["customer_id"]].append(row)
    return found


def test_every_published_number_is_the_one_that_is_explained(insight_bank: Made) -> None:
    evidence, published = _by_customer(insight_bank.rows("evidence")), _by_customer(insight_bank.rows("needs"))
    kinds = {row["customer_id"]: row["kind"] for row in insight_bank.rows("features")}
    assert len(published) > 200
    for customer, rows in evidence.items():
        explained = [(view.definition.id, view.probability) for view in views(signals(rows), kind=kinds[customer])]
        assert explained == [(row["need"], row["probability"]) for row in sorted(published[customer], key=lambda row: row["rank"])]


def test_what_is_shown_is_right_far_more_often_than_what_is_not(insight_folder: Path, insight_bank: Made) -> None:
    with (insight_folder / "files" / "truth" / "needs.csv").open(encoding="utf-8") as file:
        day = insight_bank.day
        felt = {
            (row["customer_id"], row["need"])
            for row in csv.DictReader(file)
            if date.fromisoformat(row["since"]) <= day and (not row["until"] or date.fromisoformat(row["until"]) > day)
        }
    judged = insight_bank.rows("needs")
    shown = [(row["customer_id"], row["need"]) in felt for row in judged if row["probability"] >= needs().shown_from]
    rest = [(row["customer_id"], row["need"]) in felt for row in judged if row["probability"] < needs().shown_from]
    assert shown
    assert sum(shown) / len(shown) > 5 * sum(rest) / len(rest)


def test_what_was_taken_back_after_the_run_is_left_out_of_the_answer(insight_bank: Made) -> None:
    kinds = {row["customer_id"]: row["kind"] for row in insight_bank.rows("features")}
    evidence = _by_customer(insight_bank.rows("evidence"))
    customer = next(one for one in sorted(evidence) if any(row["evidence"] == "trade_licence" for row in evidence[one]))

    def chart(*consents: Consent) -> Any:
        return charted(evidence[customer], consents, customer_id=customer, name="某公司", kind=kinds[customer], day=insight_bank.day)

    def word(purpose: str, day: int, *, granted: bool) -> Consent:
        return Consent(customer_id=customer, purpose=purpose, granted=granted, at=datetime(2026, 11, day, tzinfo=UTC), source="手机银行")

    before = chart(word("registry", 2, granted=True))
    assert "trade_licence" in before.known
    after = chart(word("registry", 24, granted=False), word("registry", 2, granted=True))
    assert "trade_licence" not in after.known
    numbers = [{view.definition.id: view.probability for view in one.views} for one in (before, after)]
    assert numbers[1].get("trade_settlement", 0.0) < numbers[0]["trade_settlement"]
    nothing = chart(word("profiling", 24, granted=False))
    assert {signal.consent for signal in nothing.known.values()} <= {"none"}


def test_needs_are_known_by_what_colleagues_call_them() -> None:
    called = {
        "外汇套保": "fx_hedging",
        "锁汇": "fx_hedging",
        "代发工资服务": "payroll_service",
        "个人养老金": "pension_saving",
        "买房": "home_purchase",
        "理财": "wealth_management",
    }
    for words, need in called.items():
        found = need_called(f"为什么觉得他需要{words}")
        assert found is not None
        assert found.id == need
    assert need_called("今天天气不错") is None
    company = need_called("理财", kind="company")
    assert company is not None
    assert company.id == "treasury_investment"
