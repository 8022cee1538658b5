"""A public table from its file to a model, as somebody would do who has read docs/learning.md only."""

import argparse
import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.commands import learn as learning
from bot.commands import table
from config.settings import Settings
from crm.learning.leaks import Why
from crm.learning.run import Asked, learn
from crm.learning.samples import NotEnoughHistory
from domain.errors import BadInput
from tests import shapes
from tests.insight.kit import HandBank, take_in


def _file(path: Path, columns: Mapping[str, Sequence[str]], separator: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def _ran(module: Any, data: Path, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    return int(module.configure(parser, "")(parser.parse_args(arguments), Settings(data=data)))


def _taken(root: Path, file: Path, *options: str) -> Path:
    _ran(table, root, str(file), "--out", str(root / "folder"), *options)
    report = take_in(root / "folder", root / "data")
    assert report.rejected == 0
    return root / "data"


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of the holders of a card, without outcomes and without days."""
    root = tmp_path_factory.mktemp("cards")
    return _taken(root, _file(root / "cards.csv", shapes.cards(700, 31).columns), "--id", "CLIENTNUM", "--as-of", "2025-12-31")


def test_a_snapshot_with_its_label_in_a_column_is_learned(cards: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["churn", "--label", "Attrition_Flag=Attrited Customer", "--ratio", "Total_Ct_Chng_Q4_Q1"]
    assert _ran(learning, cards, *asked, "--json") == 0
    (body,) = json.loads(capsys.readouterr().out)["learned"]
    assert (body["labelled_by"], body["split"], body["learned_rows"] + body["model_figures"]["rows"]) == ("attribute", "customers", 700)
    assert body["model_figures"]["auroc"] > 0.8
    assert body["rule_figures"]["better_from"] > 0
    assert {one["name"]: one["why"] for one in body["left_out"] if one["why"] != "empty"} == {
        "Gender": "not_judged_by",
        "Naive_Bayes_Score": "too_good",
    }
    assert "Attrition_Flag" not in dict(body["weights"])


def test_what_was_said_wrong_is_said_back_in_one_line(cards: Path) -> None:
    for asked, told in (
        (Asked(label="Attrition_Flag"), "it holds Attrited Customer、Existing Customer"),
        (Asked(label="Flag=1"), "there is no attribute of this name"),
        (Asked(label="Attrition_Flag=Attrited Customer", ratio="Q4_Q1"), "fewer than 30 customers have an attribute Q4_Q1"),
        (Asked(label="Attrition_Flag=Attrited Customer", time="Card_Category"), "is no attribute that holds numbers or days"),
        (Asked(), "no outcome says who left; --label names an attribute that does"),
    ):
        with pytest.raises(BadInput, match=told) as refused:
            learn(cards, "churn", asked)
        assert "\n" not in str(refused.value)


def test_calls_in_the_order_of_their_days_are_measured_on_the_latest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _file(tmp_path / "calls.csv", shapes.calls(900, 32).columns, ";")
    data = _taken(tmp_path, file, "--day", "day")
    assert _ran(learning, data, "leads", "--label", "y") == 0
    said = capsys.readouterr().out
    assert "在更晚的日子上检验" in said
    assert "没有用（名字说明它是结果或事后才知道）：duration" in said
    assert "结论：" in said
    by_number = learn(data, "leads", Asked(label="y=yes", time="euribor3m"))
    assert by_number.split == "time"
    assert "euribor3m" not in dict(by_number.weights)


def test_invoices_become_entries_and_what_was_taken_back_a_reversal(tmp_path: Path) -> None:
    lines = shapes.invoices(60, 33, as_of=date(2025, 12, 9), days=300)
    lines.append(lines[0] | {"Customer ID": ""})
    lines.append(lines[0] | {"Price": "free"})
    columns = {name: [line[name] for line in lines] for name in lines[0]}
    file = _file(tmp_path / "invoices.csv", columns)
    data = _taken(tmp_path, file, "--id", "Customer ID", "--day", "InvoiceDate", "--amount", "Quantity*Price")
    with (tmp_path / "folder" / "transactions.csv").open(encoding="utf-8") as written:
        entries = list(csv.DictReader(written))
    good = [(float(line["Quantity"]) * float(line["Price"]), line) for line in lines[:-2]]
    assert sum(float(one["amount"]) for one in entries) == pytest.approx(-sum(amount for amount, _ in good), abs=len(entries) * 0.005)
    assert len(entries) == len({(line["Customer ID"], line["InvoiceDate"], amount < 0) for amount, line in good})
    back = [one for one in entries if one["reversal"] == "true"]
    assert back
    assert all(float(one["amount"]) > 0 for one in back)
    with pytest.raises(NotEnoughHistory, match="neither outcomes nor contacts"):
        learn(data, "leads")


def test_a_table_that_cannot_be_read_so_is_refused_in_one_line(tmp_path: Path) -> None:
    file = _file(tmp_path / "two.csv", {"id": ["1", "1"], "age": ["3", "4"]})
    for options, told in (
        (["--id", "customer"], "has no column customer; it has id、age"),
        (["--id", "id"], "the table tells no day"),
        (["--id", "id", "--as-of", "2025-12-31"], "id holds 1 twice"),
        (["--id", "id", "--amount", "age"], "amounts need --id and --day"),
    ):
        with pytest.raises(BadInput, match=told):
            _ran(table, tmp_path, str(file), "--out", str(tmp_path / "out"), *options)
        assert not (tmp_path / "out" / "manifest.json").exists()


def test_age_accounts_and_balances_of_the_book_are_learned_from_where_there_is_no_history(tmp_path: Path) -> None:
    """The natural places of the contract for what a public table has, with outcomes that also say who stayed."""
    random, day = np.random.default_rng(34), date(2026, 6, 30)
    bank = HandBank()
    for number in range(350):
        customer, years, cards = f"C{number:04d}", int(random.integers(20, 75)), int(random.integers(0, 4))
        leaves = random.random() < 1 / (1 + np.exp(-(0.16 * (years - 50) + 1.3 * (cards - 2))))
        born = date(2026 - years, 3, 1)
        bank.person(customer, f"客户{number}", birth_date=born, status="closed" if leaves else "active")
        for card in range(cards):
            bank.add("accounts", account_id=f"K{number}-{card}", customer_id=customer, kind="card")
        bank.add("balances", account_id=f"A-{customer}", on=day - timedelta(days=10), balance="500.00")
        bank.add("attributes", customer_id=customer, as_of=day, name="member", value="yes")
        bank.add("outcomes", customer_id=customer, kind="churned" if leaves else "not_churned", on=day + timedelta(days=40))
    take_in(bank.write(tmp_path / "files"), tmp_path / "data")
    learned = learn(tmp_path / "data", "churn")
    assert {name for name, _ in learned.weights[:3]} >= {"age", "cards"}
    assert learned.model_figures.auroc > 0.8
    assert {one.name for one in learned.left_out if one.why is not Why.EMPTY} == set()


def test_snapshots_of_every_month_are_a_history_and_tell_nothing_by_when_they_end(tmp_path: Path) -> None:
    """A count that grows with every month is low for who left early: that would tell who left, were each taken at the last snapshot."""
    random, first = np.random.default_rng(35), date(2026, 6, 30)
    bank = HandBank()
    for number in range(300):
        customer, calls = f"C{number:04d}", random.integers(0, 6)
        bank.person(customer, f"客户{number}", account=False)
        chance = 1 / (1 + np.exp(-(0.9 * calls - 4.5)))
        for month in range(5):
            day = first + timedelta(days=29 * month)
            bank.add("attributes", customer_id=customer, as_of=day, name="months_counted", value=month)
            bank.add("attributes", customer_id=customer, as_of=day, name="calls", value=calls)
            if random.random() < chance:
                bank.add("outcomes", customer_id=customer, kind="churned", on=day + timedelta(days=5))
                break
    take_in(bank.write(tmp_path / "files"), tmp_path / "data")
    learned = learn(tmp_path / "data", "churn", Asked(horizon=60))
    assert learned.split == "time"
    assert learned.first_day < learned.last_day
    assert learned.weights[0][0] == "calls"
    assert dict(learned.weights).get("months_counted", 0.0) < 0.2
    assert 0.6 < learned.model_figures.auroc < 0.95
