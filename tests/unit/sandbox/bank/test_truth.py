"""The hidden truth lies apart, and what a bank sees follows from it."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.bank.command import generate
from tests.unit.sandbox.bank.bank_files import AS_OF, csv_rows, parquet_rows

NARROW = str.maketrans("０１２３４５６７８９", "0123456789")  # some telephone numbers are written in full width


def test_the_hidden_truth_is_kept_apart(bank: Path) -> None:
    told = {path.name.partition(".")[0] for path in (bank / "truth").iterdir()}
    assert told == {"stages", "life_events", "needs", "churn", "responses", "ceilings", "cases"}  # 200 people: nobody has come twice
    columns = {name for path in bank.glob("*.csv") for name in csv_rows(path)[0]}
    assert not columns & {"need", "met", "shape", "stage", "percent"}


@pytest.mark.slow
def test_needs_leave_traces_and_those_who_left_are_silent(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=1_500, companies=0, months=12, seed=5)
    needs = csv_rows(tmp_path / "truth" / "needs.csv")
    children = {row["customer_id"] for row in needs if row["need"] == "maternity_card"}
    gone = {
        row["customer_id"]: row["gone_on"]
        for row in csv_rows(tmp_path / "truth" / "churn.csv")
        if row["gone_on"] and row["shape"] != "false_alarm"
    }
    baby: Counter[bool] = Counter()
    spending: Counter[bool] = Counter()
    after = before = 0
    for row in parquet_rows(tmp_path / "transactions.parquet"):
        who = f"C{row['account_id'][1:7]}"
        if row["initiator"] == "customer":
            spending[who in children] += 1
            baby[who in children] += row["mcc"] == "5641"
            if who in gone and not row["own_transfer"]:
                after += row["at"].date().isoformat() > (date.fromisoformat(gone[who]) + timedelta(days=7)).isoformat()
                before += 1

    assert baby[True] / spending[True] > 5 * baby[False] / spending[False]
    assert baby[False] > 0  # presents for the children of others
    assert len(gone) > 50
    assert after < before * 0.01


@pytest.mark.slow
def test_some_who_left_have_closed_their_accounts(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=1_500, companies=0, months=12)
    closed = {row["customer_id"] for row in csv_rows(tmp_path / "persons.csv") if row["status"] == "closed"}
    accounts = {row["account_id"]: row for row in csv_rows(tmp_path / "accounts.csv") if row["customer_id"] in closed}
    left: dict[str, Decimal] = {}
    for row in sorted(parquet_rows(tmp_path / "balances.parquet"), key=lambda row: row["on"]):
        left[row["account_id"]] = row["balance"]
    churned = {row["customer_id"] for row in csv_rows(tmp_path / "truth" / "churn.csv") if row["shape"] != "false_alarm"}

    assert len(closed) > 20
    assert closed < churned
    assert all(row["closed_on"] for row in accounts.values())
    assert {left[identity] for identity, row in accounts.items() if row["kind"] == "deposit"} == {0}


@pytest.mark.slow
def test_a_customer_under_two_ids_can_be_found(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=2_000, companies=0, months=1)
    persons = {row["customer_id"]: row for row in csv_rows(tmp_path / "persons.csv")}
    twice = csv_rows(tmp_path / "truth" / "identities.csv")

    assert len(twice) == 8
    for pair in twice:
        one, other = persons[pair["customer_id"]], persons[pair["same_as"]]
        same = [one[name].translate(NARROW) == other[name].translate(NARROW) for name in ("name", "birth_date", "phone")]
        assert one["id_number"] == other["id_number"] or all(same)


@pytest.mark.slow
def test_ceilings_tell_no_more_than_chance_allows(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=2_000, companies=0, months=12)
    still = {(row["customer_id"], f"need:{row['need']}") for row in csv_rows(tmp_path / "truth" / "needs.csv") if not row["until"]}
    said = [row for row in parquet_rows(tmp_path / "truth" / "ceilings.parquet") if row["target"].startswith("need:")]
    expected = sum(float(row["percent"]) for row in said) / 100
    true = sum((row["customer_id"], row["target"]) in still for row in said)

    assert still <= {(row["customer_id"], row["target"]) for row in said}
    assert 0.85 < true / expected < 1.15
