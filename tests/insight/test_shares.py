"""A large bank is judged share by share of its customers: how it is cut is not to be seen in any result."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from crm.assessing.engine import CUSTOMERS_AT_ONCE, ROWS_AT_ONCE, bounds, shares_needed
from crm.assessing.lately import JudgedLately
from crm.assessing.run import assess, blocks
from crm.assessing.shares import EVERYBODY, shares_between
from crm.assessing.stages import STAGES
from crm.importing.parts import files_of
from tests.insight.kit import HandBank, Made

pytestmark = pytest.mark.long(seconds=20)


_OF_RELATIONS = tuple(stage for stage in STAGES if stage.name in ("coverage", "relatives", "life_evidence", "contact_reach"))


def test_every_stage_says_the_same_of_a_bank_that_is_cut(insight_bank: Made, tmp_path: Path) -> None:
    shutil.copytree(insight_bank.data / "facts", tmp_path / "facts")
    report = assess(tmp_path, shares=3)
    cut = Made(tmp_path, report.day)
    assert [stage.name for stage in report.stages if cut.rows(stage.name) != insight_bank.rows(stage.name)] == []
    folder = tmp_path / "insight" / report.day.isoformat()
    assert {len(files_of(folder, stage.name)) for stage in STAGES if stage.at_once} == {1}
    assert {len(files_of(folder, stage.name)) for stage in STAGES if not stage.at_once} == {3}
    assert [stage.rows for stage in report.stages] == [len(cut.rows(stage.name)) for stage in STAGES]


def test_who_is_related_stands_in_another_share(tmp_path: Path) -> None:
    """The bank wrote each relation down once, on the side that is first or last in order, and knows of contacts with one customer only."""
    bank = HandBank()
    for name, born in (("A", "1950-05-01"), ("B", "1980-05-01"), ("C", "1982-05-01"), ("D", "2010-05-01")):
        bank.person(f"P-{name}", f"客户{name}", birth_date=born)
    bank.add("relations", relation_id="R1", customer_id="P-C", related_id="P-B", kind="spouse", since="2015-01-01")
    bank.add("relations", relation_id="R2", customer_id="P-A", related_id="P-B", kind="parent", since="1980-05-01")
    bank.add("relations", relation_id="R3", customer_id="P-D", related_id="P-C", kind="parent", since="2010-05-01")
    bank.add(
        "contacts", contact_id="K1", customer_id="P-A", at="2026-11-01T10:00:00+08:00", channel="phone", direction="in", purpose="service"
    )
    whole = bank.made(tmp_path / "whole", stages=_OF_RELATIONS)
    shutil.copytree(whole.data / "facts", tmp_path / "cut" / "facts")
    cut = Made(tmp_path / "cut", assess(tmp_path / "cut", stages=_OF_RELATIONS, shares=4).day)
    assert [stage.name for stage in _OF_RELATIONS if cut.rows(stage.name) != whole.rows(stage.name)] == []
    told = {(row["customer_id"], row["evidence"]) for row in cut.rows("life_evidence")}
    assert {("P-B", "spouse"), ("P-C", "spouse"), ("P-A", "child_grown"), ("P-C", "child_young")} <= told
    assert {row["known_from"] for row in cut.rows("contact_reach")} == {date(2026, 11, 1)}


def test_one_customer_judged_again_knows_the_relations_that_others_wrote(tmp_path: Path) -> None:
    bank = HandBank().person("P-A", "客户甲").person("P-B", "客户乙")
    bank.add("relations", relation_id="R1", customer_id="P-A", related_id="P-B", kind="spouse", since="2015-01-01")
    made = bank.made(tmp_path, stages=_OF_RELATIONS, day=date(2026, 11, 1))
    again = JudgedLately(made.data, stages=_OF_RELATIONS).of("P-B", ["life_evidence"], day=date(2026, 11, 10))
    assert again is not None
    assert {row["evidence"] for row in again.rows["life_evidence"]} >= {"spouse"}


@pytest.mark.parametrize("number", [2, 3, 7])
def test_shares_have_about_as_many_rows_each_and_each_customer_is_in_one(number: int) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE customers AS SELECT 'C' || i AS customer_id FROM range(900) AS t (i)")
        # The first hundred deal ten times as much as all the others together.
        connection.execute("CREATE TABLE transactions AS SELECT 'C' || (100 + i % 10) AS customer_id FROM range(9000) AS t (i)")
        shares = shares_between(bounds(connection, ["customers", "transactions"], number))
        assert len(shares) == number
        ids = [row[0] for row in connection.execute("FROM customers").fetchall()]
        held = [[one for one in ids if (share.first or "") <= one and (share.after is None or one < share.after)] for share in shares]
        assert sorted(one for some in held for one in some) == sorted(ids)
        assert all(held)


def test_a_small_bank_is_judged_at_once() -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE customers AS SELECT i AS customer_id FROM range({CUSTOMERS_AT_ONCE}) AS t (i)")
        assert shares_needed(connection, ["customers"]) == 1
        assert list(blocks(STAGES, (EVERYBODY,))) == [(STAGES, (EVERYBODY,))]
        connection.execute("INSERT INTO customers VALUES (-1)")
        assert shares_needed(connection, ["customers"]) == 2
        connection.execute(f"CREATE TABLE transactions AS SELECT true AS own FROM range({2 * ROWS_AT_ONCE})")
        assert shares_needed(connection, ["customers", "transactions"]) == 3
        assert bounds(connection, [], 3) == []
