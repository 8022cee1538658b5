"""Whatever a bank delivers or leaves out, every stage ends, and what is not known is NULL and not zero."""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm.assessing.engine import duckdb_over
from crm.assessing.on_duckdb import DuckWorkspace
from crm.assessing.stages import STAGES
from crm.assessing.tables import TABLE_NAMES
from crm.assessing.workspace import EngineWorkspace
from crm.importing.snapshots import FactsFolder
from tests.insight.kit import HandBank, Made

pytestmark = [pytest.mark.slow, pytest.mark.long(seconds=25)]

_LEAP = date(2028, 2, 29)
_MASTER = {"branches", "staff", "products", "relations", "assignments", "risk_assessments", "consents", "attributes", "outcomes"}
_MONEY = {"accounts", "balances", "holdings", "loans", "repayments"}
_DEALINGS = {"app_events", "contacts", "complaints", "surveys", "entitlements", "recordings"}
_OUTSIDE = {"registry", "tax", "intellectual_property", "social_security", "transfers"}


def _odd_bank() -> HandBank:
    bank = HandBank(as_of=_LEAP)
    bank.person("C1", "闰年生", birth_date="2000-02-29", marital_status="married", occupation="教师", segments="育儿家庭;;  ;")
    bank.person("C2", "夏令时", birth_date="1988-04-10", opened_at="1988-04-10T02:30:00+08:00")  # an hour that the clocks left out
    bank.person("C3", "今天来", opened_at="2028-02-29T23:59:59+08:00", account=False)
    bank.add("accounts", account_id="A-C3", customer_id="C3", opened_on="2028-02-29")
    bank.person("C4", "百岁老", birth_date="1900-01-01")
    bank.person("C5", "什么也没有", account=False)
    bank.person("C6", "走了", status="closed", account=False)
    bank.add("accounts", account_id="A-C6", customer_id="C6", closed_on="2027-05-31")
    bank.person("C7", "故去", status="deceased")
    bank.company("C8", "无名公司", industry_code="ZZ99", founded_on="1949-10-01")
    for amount, kind in (("9999999999999.99", "payroll"), ("-9999999999999.99", "payment"), ("0.01", "other"), ("-0.01", "fee")):
        bank.paid("C1", "2028-02-29", amount, kind=kind, counterparty="？！" * 20, mcc="0000")
    bank.paid("C2", "1990-09-16", "-5.00").paid("C2", "2027-02-28", "-5.00").paid("C2", "2028-02-28", "-5.00", mcc="9999", country="ZZ")
    bank.add("balances", account_id="A-C1", on="2028-02-28", balance="9999999999999.99")
    bank.add("balances", account_id="A-C2", on="2028-02-29", balance="0.00")
    bank.add("attributes", customer_id="C4", as_of="2028-01-01", name="Age", value="not a number")
    bank.add("attributes", customer_id="C5", as_of="2028-01-01", name="Age", value="999")
    bank.add("relations", relation_id="R1", customer_id="C1", related_name="某某", kind="parent", since="2040-01-01")
    bank.add("app_events", event_id="V1", customer_id="C2", at="2028-02-29T00:00:00+08:00", kind="view", page="　", seconds=86400)
    bank.add("surveys", survey_id="Q1", customer_id="C2", kind="nps", asked_at="2028-02-01T09:00:00+08:00")
    bank.add("outcomes", customer_id="C2", kind="??", on="2028-02-01")
    return bank


@pytest.fixture(scope="module")
def odd_bank(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return _odd_bank().made(tmp_path_factory.mktemp("odd"))


def _judged(
    data: Path, *, without: Collection[str] = (), day: date = _LEAP, on: type[EngineWorkspace] = DuckWorkspace
) -> dict[str, list[dict[str, Any]]]:
    facts = FactsFolder(data / "facts")
    current = facts.current()
    assert current is not None
    with duckdb_over(facts.snapshot(current.snapshot), memory="1GB", threads=2) as (connection, tables):
        left = {name: table for name, table in tables.items() if name not in without}
        work = on(connection, left, day=day)
        found = [(stage.name, work.judge(stage.name, stage.build).get_name()) for stage in STAGES]
        return {name: connection.con.sql(f"SELECT * FROM {table} ORDER BY ALL").to_arrow_table().to_pylist() for name, table in found}


def _one(rows: list[dict[str, Any]], customer_id: str) -> dict[str, Any]:
    (row,) = [row for row in rows if row["customer_id"] == customer_id]
    return row


def test_odd_values_are_taken_in_and_judged(odd_bank: Made) -> None:
    assert odd_bank.taken is not None
    assert odd_bank.taken.rejected == 0
    everybody = {row["customer_id"] for row in odd_bank.rows("features")}
    assert everybody == {f"C{number}" for number in range(1, 9)}
    nothing = _one(odd_bank.rows("features"), "C5")
    assert nothing["recency_days"] is None
    assert nothing["aum"] is None
    assert _one(odd_bank.rows("features"), "C2")["aum"] == 0
    assert odd_bank.of("stages_of_life", "C5")[0]["stage"] is None
    assert odd_bank.of("stages_of_life", "C8") == []


@pytest.mark.parametrize("day", [date(1988, 4, 10), date(2028, 2, 28)], ids=str)
def test_a_day_before_there_was_anything_and_the_day_before_a_leap_day(odd_bank: Made, day: date) -> None:
    results = _judged(odd_bank.data, day=day)
    assert "C3" not in {row["customer_id"] for row in results["features"]}


@pytest.mark.parametrize(
    "without",
    [_MASTER, _MONEY, {"transactions"}, _DEALINGS, _OUTSIDE, set(TABLE_NAMES) - {"customers"}, set(TABLE_NAMES)],
    ids=["master", "money", "transactions", "dealings", "outside", "all but customers", "all"],
)
def test_feeds_that_never_came_leave_what_they_would_tell_unknown(odd_bank: Made, without: set[str]) -> None:
    results = _judged(odd_bank.data, without=without)
    features = {row["customer_id"]: row for row in results["features"]}
    assert bool(features) is ("customers" not in without)
    if "transactions" in without:
        for row in features.values():
            assert (row["recency_days"], row["monetary_12m"]) == (None, None)
    if "balances" in without and "holdings" in without:
        assert all(row["aum"] is None for row in features.values())
    if "customers" in without:
        assert results["stages_of_life"] == []


def test_what_was_compiled_for_a_bank_says_of_one_with_other_feeds_what_its_own_expressions_say(odd_bank: Made) -> None:
    kept, own = _judged(odd_bank.data, without=_MONEY), _judged(odd_bank.data, without=_MONEY, on=EngineWorkspace)
    assert [name for name, rows in own.items() if kept[name] != rows] == []


def test_what_lies_after_the_day_is_refused_row_by_row(tmp_path: Path) -> None:
    bank = HandBank().person("C1", "张小满").paid("C1", "2026-11-20").paid("C1", "2026-11-24")
    made = bank.made(tmp_path, stages=[stage for stage in STAGES if stage.name in ("coverage", "features")])
    assert made.taken is not None
    assert made.taken.rejected == 1
    assert made.of("features", "C1")[0]["recency_days"] == 3
