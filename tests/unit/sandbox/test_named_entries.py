"""A bank of two thousand: entries that other feeds name, and what a scorer could say at best."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from sandbox.bank.command import generate

pytestmark = pytest.mark.slow  # a bank of two thousand

AS_OF = date(2026, 11, 23)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("large")
    generate(out=out, as_of=AS_OF, customers=2_000, companies=80, months=12)
    return out


def test_what_was_used_or_recorded_names_the_entry_that_did_it(large: Path) -> None:
    with duckdb.connect() as tables:
        tables.execute("SET TimeZone = 'Asia/Shanghai'")
        entry = f"""SELECT DISTINCT ON (transaction_id) t.*, customer_id FROM '{large}/transactions.parquet' AS t
            JOIN '{large}/accounts.csv' USING (account_id)"""
        used = f"'{large}/entitlements.csv' AS e LEFT JOIN ({entry}) AS t ON t.transaction_id = e.redeemed_by"
        sold = f"'{large}/recordings.csv' AS r LEFT JOIN ({entry}) AS t ON t.transaction_id = r.order_id"

        def value(query: str) -> Any:
            return tables.execute(query).fetchall()[0][0]

        assert value(f"SELECT count(*) FROM {used} WHERE redeemed_by IS NOT NULL AND redeemed_at IS NULL") == 0
        wrong = "t.customer_id IS DISTINCT FROM e.customer_id OR t.at <> e.redeemed_at OR t.amount >= 0 OR t.initiator <> 'customer'"
        assert value(f"SELECT count(*) FROM {used} WHERE redeemed_by IS NOT NULL AND ({wrong})") == 0
        assert (
            value(f"SELECT count(*) FROM {used} WHERE name = '首笔转账免手续费' AND redeemed_at IS NOT NULL AND t.kind <> 'transfer'") == 0
        )
        assert value(f"SELECT count(redeemed_by) FROM {used} WHERE e.kind = 'voucher' AND t.kind = 'payment'") > 100
        assert value("SELECT count(redeemed_at) / count(*) FROM " + used + " WHERE name = '首笔转账免手续费'") > 0.4
        wrong = "t.customer_id IS DISTINCT FROM r.customer_id OR t.kind <> 'purchase' OR t.at <= r.ended_at"
        assert value(f"SELECT count(*) FROM {sold} WHERE order_id IS NOT NULL AND ({wrong})") == 0
        assert value(f"SELECT count(*) FROM {sold} WHERE order_id IS NULL AND product_code IS NOT NULL") == 0


def test_ceilings_of_stages_and_cases_add_up_to_what_is_true(large: Path) -> None:
    said = pq.read_table(large / "truth" / "ceilings.parquet").to_pylist()
    now = {row["customer_id"]: row["stage"] for row in sorted(_rows(large / "truth" / "stages.csv"), key=lambda row: row["since"])}
    stages = [row for row in said if row["target"].startswith("stage:")]
    expected, of_each = Counter[str](), Counter[str]()
    for row in stages:
        expected[row["target"].removeprefix("stage:")] += float(row["percent"]) / 100
        of_each[row["customer_id"]] += float(row["percent"])
    accounts = {row["account_id"]: row["customer_id"] for row in _rows(large / "accounts.csv")}
    cases = _rows(large / "truth" / "cases.csv")
    bad = {accounts[row["account_id"]] for row in cases if row["typology"] != "hard_negative"}
    odd = {row["customer_id"]: float(row["percent"]) for row in said if row["target"] == "case"}

    assert all(abs(percent - 100) < 0.2 for percent in of_each.values())  # what is next to nothing is left out
    assert set(of_each) == set(now)
    for stage, count in Counter(now.values()).items():
        assert 0.9 * count < expected[stage] < 1.1 * count
    assert set(odd) == {accounts[row["account_id"]] for row in cases}
    assert bad < set(odd)
    assert 0.6 * len(bad) < sum(odd.values()) / 100 < 1.6 * len(bad)
