"""The simulated bank: the same seed writes the same bytes, its people and figures are what the design asks for."""

import csv
import hashlib
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from stdnum.cn import ric, uscc

from sandbox.bank.calibration import measure
from sandbox.bank.command import generate
from sandbox.bank.writing import FORMATS

AS_OF = date(2026, 11, 23)
NARROW = str.maketrans("０１２３４５６７８９", "0123456789")  # some telephone numbers are written in full width
PRODUCTS = {
    "P-101": ("整存整取定期存款", "deposit", ""),
    "P-102": ("大额存单", "deposit", ""),
    "P-103": ("安心日日盈", "wealth", "R1"),
    "P-104": ("稳享固收90天", "wealth", "R2"),
    "P-105": ("稳享固收一年", "wealth", "R2"),
    "P-106": ("添益固收增强", "wealth", "R3"),
    "P-107": ("均衡配置混合", "wealth", "R3"),
    "P-108": ("宽基指数基金", "fund", "R4"),
    "P-109": ("科技主题权益", "wealth", "R5"),
    "P-110": ("积存金", "gold", "R3"),
    "P-111": ("颐享养老理财", "wealth", "R2"),
    "P-112": ("教育金定投计划", "fund", "R3"),
    "P-113": ("纯债稳健基金", "fund", "R2"),
    "P-114": ("全球权益精选", "fund", "R5"),
}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bank")
    generate(out=out, as_of=AS_OF)
    return out


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _table(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        generate(out=tmp_path / name, as_of=AS_OF, customers=30, companies=4, months=3, seed=seed)

    assert _digests(tmp_path / "one") == _digests(tmp_path / "two")
    assert _digests(tmp_path / "one")["persons.csv"] != _digests(tmp_path / "three")["persons.csv"]


def test_writing_over_an_earlier_bank_leaves_nothing_of_it(tmp_path: Path) -> None:
    generate(out=tmp_path / "one", as_of=AS_OF, customers=5, companies=0, months=1)
    generate(out=tmp_path / "two", as_of=AS_OF, customers=9, companies=3, months=2)
    generate(out=tmp_path / "two", as_of=AS_OF, customers=5, companies=0, months=1)

    assert _digests(tmp_path / "one") == _digests(tmp_path / "two")


def test_more_customers_do_not_change_those_that_were_there(tmp_path: Path) -> None:
    generate(out=tmp_path / "few", as_of=AS_OF, customers=10, companies=2, months=2)
    generate(out=tmp_path / "many", as_of=AS_OF, customers=20, companies=4, months=2)

    assert _rows(tmp_path / "many" / "persons.csv")[:10] == _rows(tmp_path / "few" / "persons.csv")
    assert _rows(tmp_path / "many" / "companies.csv")[:2] == _rows(tmp_path / "few" / "companies.csv")


@pytest.mark.parametrize(("customers", "companies", "months"), [(0, 1, 1), (1, -1, 1), (1, 1, 0), (900_000, 1, 1)])
def test_a_bank_that_cannot_be_is_refused(tmp_path: Path, customers: int, companies: int, months: int) -> None:
    with pytest.raises(ValueError, match="a bank needs"):
        generate(out=tmp_path, as_of=AS_OF, customers=customers, companies=companies, months=months)


def test_the_staff_has_every_role_and_somebody_stands_in(bank: Path) -> None:
    staff = _rows(bank / "staff.csv")

    roles = Counter(person["role"] for person in staff)
    assert roles == {"rm": 7, "teller": 3, "lobby": 2, "product": 1, "compliance": 2, "manager": 2}
    (away,) = [person for person in staff if person["deputy_id"]]
    assert away["leave_from"] <= AS_OF.isoformat() < away["leave_until"]
    (left,) = [person for person in staff if person["active"] == "false"]
    assert left["left_on"] <= AS_OF.isoformat()
    assert {secret["staff_id"] for secret in _rows(bank / "staff_secrets.csv")} == {person["staff_id"] for person in staff}


def test_the_products_are_those_of_the_master(bank: Path) -> None:
    products = {row["product_code"]: (row["name"], row["kind"], row["risk"]) for row in _rows(bank / "products.csv")}

    assert {code: products[code] for code in PRODUCTS} == PRODUCTS
    assert {"P-001", "P-201", "P-301", "P-302"} <= set(products)
    rows = _rows(bank / "products.csv")
    assert len({row["category"] for row in rows}) >= 12
    assert [row["product_code"] for row in rows if row["valid_until"] <= AS_OF.isoformat()] == ["P-116"]


def test_the_first_book_holds_the_people_of_the_documents(bank: Path) -> None:
    customers = {row["customer_id"]: row for name in ("persons", "companies") for row in _rows(bank / f"{name}.csv")}

    named = ("C000001", "C000002", "C000003", "C000004", "C000005", "C000006", "C900001", "C900002")
    assert [customers[identity]["name"] for identity in named] == [
        "张伟", "王芳", "李梅", "刘洋", "赵秀兰", "陈静", "华贸进出口有限公司", "恒达重工有限公司",
    ]  # fmt: skip
    book = [row for row in customers.values() if row["rm_id"] == "S0003"]
    assert len(book) >= 20
    assert {customers[identity]["rm_id"] for identity in named} == {"S0003"}
    assert date.fromisoformat(customers["C000005"]["birth_date"]).year == AS_OF.year - 73  # 72 until the 30th
    names = Counter(row["name"] for row in book)
    assert max(names[name] for name in ("张伟", "王芳", "李梅", "刘洋", "赵秀兰", "陈静")) == 1
    assert max(names.values()) == 2


@pytest.mark.parametrize("as_of", [date(2026, 2, 28), date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1)])
def test_the_people_of_the_documents_are_as_old_as_they_should_be_on_any_day(tmp_path: Path, as_of: date) -> None:
    generate(out=tmp_path, as_of=as_of, customers=6, companies=2, months=1)

    born = date.fromisoformat(_rows(tmp_path / "persons.csv")[4]["birth_date"])
    assert as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day)) == 72


def test_numbers_have_right_check_characters_and_belong_to_nobody(bank: Path) -> None:
    persons, companies = _rows(bank / "persons.csv"), _rows(bank / "companies.csv")

    for person in persons:
        if person["id_number"]:
            assert person["id_number"].startswith("990000")  # no such region
            assert person["id_number"][-1] == ric.calc_check_digit(person["id_number"])
        if person["id_number"] and person["birth_date"]:
            assert person["id_number"][6:14] == person["birth_date"].replace("-", "")
        assert not person["phone"] or person["phone"].translate(NARROW).startswith("120")  # no mobile number
    assert all(uscc.is_valid(company["uscc"]) for company in companies)
    assert len({person["id_number"] for person in persons if person["id_number"]}) == sum(bool(p["id_number"]) for p in persons)


def test_the_bank_has_new_customers_missing_fields_and_doubtful_assessments(bank: Path) -> None:
    persons = _rows(bank / "persons.csv")
    opened = [(AS_OF - date.fromisoformat(person["opened_at"][:10])).days for person in persons]
    latest: dict[str, str] = {}
    for row in _rows(bank / "risk_assessments.csv"):
        latest[row["customer_id"]] = max(latest.get(row["customer_id"], ""), row["assessed_on"])
    tested = [latest.get(person["customer_id"]) for person in persons]
    expired = sum(1 for day in tested if day and day <= (AS_OF - timedelta(days=366)).isoformat())

    assert sum(days < 3 for days in opened) >= 2
    assert sum(3 <= days < 90 for days in opened) >= 5
    assert 0.20 <= tested.count(None) / len(persons) <= 0.40
    assert 0.08 <= expired / len(persons) <= 0.25
    assert 0.05 <= sum(not person["occupation"] for person in persons) / len(persons) <= 0.25
    assert any(row["granted"] == "false" for row in _rows(bank / "consents.csv"))
    assert {row["purpose"] for row in _rows(bank / "consents.csv")} == {
        "care", "marketing", "profiling", "social_security", "registry", "tax", "intellectual_property",
    }  # fmt: skip


def test_balances_follow_from_the_entries_and_no_deposit_is_below_zero(bank: Path) -> None:
    accounts = {row["account_id"]: row for row in _rows(bank / "accounts.csv")}
    balances: dict[str, list[tuple[date, Decimal]]] = {}
    for row in _table(bank / "balances.parquet"):
        balances.setdefault(row["account_id"], []).append((row["on"], row["balance"]))
    moved: Counter[str] = Counter()
    first_day: dict[str, Decimal] = {}
    entries = {row["transaction_id"]: row for row in _table(bank / "transactions.parquet")}  # some come twice
    for row in entries.values():
        moved[row["account_id"]] += row["amount"]
        on = (row["at"] + timedelta(0)).date()
        if on == balances[row["account_id"]][0][0]:
            first_day[row["account_id"]] = first_day.get(row["account_id"], Decimal(0)) + row["amount"]

    for identity, days in balances.items():
        assert days == sorted(days, key=lambda day: day[0])
        start = days[0][1] - first_day.get(identity, Decimal(0))
        assert days[-1][1] == start + moved[identity]
        if accounts[identity]["kind"] == "deposit":
            assert min(balance for _, balance in days) >= 0


def test_dealings_are_shaped_like_those_of_real_banks(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=400, companies=0, months=6, seed=11)
    entries = _table(tmp_path / "transactions.parquet")
    by_hand = [row for row in entries if row["initiator"] == "customer"]
    monthly = Counter((row["account_id"][:7], row["at"].year, row["at"].month) for row in by_hand)
    counts = sorted(monthly.values())
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / len(counts)
    spent = sorted(-row["amount"] for row in by_hand if row["amount"] < 0 and row["kind"] == "payment")
    recent = {row["account_id"][:7] for row in by_hand if row["at"].date() > AS_OF - timedelta(days=60) and not row["own_transfer"]}
    interest = [row for row in entries if row["kind"] == "interest"]
    night = sum(row["at"].hour in (2, 3, 4, 5) for row in by_hand) / len(by_hand)
    weekdays = Counter(row["at"].weekday() for row in by_hand)

    assert 5 <= counts[len(counts) // 2] <= 12  # measured 7.5
    assert variance / mean > 10  # far from Poisson; measured 83
    assert 30 <= spent[len(spent) // 2] <= 110  # measured 50
    assert 0.6 <= len(recent) / 400 <= 0.9  # measured: 20 % without an entry in two months
    assert 0.10 <= 1 - len(by_hand) / len(entries) <= 0.40  # measured 0.305
    assert {row["initiator"] for row in interest} == {"bank"}
    assert sum((row["at"] + timedelta(days=1)).day == 1 for row in interest) / len(interest) > 0.98  # but for time deposits that ran out
    assert night < 0.03
    assert all(0.11 <= weekdays[day] / len(by_hand) <= 0.18 for day in range(7))


def test_wealth_has_a_heavy_tail(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=400, companies=0, months=1, seed=5)
    latest: dict[str, Decimal] = {}
    for row in _table(tmp_path / "balances.parquet"):
        latest[row["account_id"]] = max(row["balance"], Decimal(0))
    holdings = {(row["customer_id"], row["product_code"]): row["amount"] for row in _table(tmp_path / "holdings.parquet")}
    assets: Counter[str] = Counter()
    for identity, balance in latest.items():
        assets[identity[1:7]] += balance
    for (identity, _), amount in holdings.items():
        assets[identity[1:]] += amount
    ranked = sorted(assets.values(), reverse=True)

    assert sum(ranked[: len(ranked) // 10]) > sum(ranked) * Decimal("0.4")


def test_the_hidden_truth_is_kept_apart(bank: Path) -> None:
    told = {path.name.partition(".")[0] for path in (bank / "truth").iterdir()}
    assert told == {"stages", "life_events", "needs", "churn", "responses", "ceilings", "cases"}  # 200 people: nobody has come twice
    columns = {name for path in bank.glob("*.csv") for name in _rows(path)[0]}
    assert not columns & {"need", "met", "shape", "stage", "percent"}


@pytest.mark.slow
def test_a_bank_is_whole_in_every_format(tmp_path: Path) -> None:
    counts = {}
    for form in FORMATS:
        summary = generate(out=tmp_path / form, as_of=AS_OF, customers=25, companies=4, months=2, format=form)
        counts[form] = summary.rows
        files = {path.name for path in (tmp_path / form).iterdir() if path.is_file()} - {"manifest.json"}
        assert {name.partition(".")[2] for name in files} == {form}

    assert counts["csv"] == counts["csv.gz"] == counts["parquet"]
    with pytest.raises(ValueError, match="not as xlsx"):
        generate(out=tmp_path / "xlsx", as_of=AS_OF, customers=2, companies=0, months=1, format="xlsx")


def test_rows_come_late_twice_and_out_of_order(bank: Path) -> None:
    entries = _table(bank / "transactions.parquet")
    late = [row for row in entries if row["received_at"]]
    ids = [row["transaction_id"] for row in entries]
    places = [(row["account_id"], row["at"]) for row in entries]
    first: dict[str, dict[str, Any]] = {}

    assert 0.003 < len(late) / len(entries) < 0.02
    assert all(row["received_at"] > row["at"] for row in late)
    assert 0 < len(ids) - len(set(ids)) < len(ids) * 0.005
    assert all(first.setdefault(row["transaction_id"], row) == row for row in entries)  # the same in each copy
    assert sum(one > two for one, two in pairwise(places)) > len(places) * 0.001


def test_entries_taken_back_and_own_transfers_are_what_they_say(bank: Path) -> None:
    holder = {row["account_id"]: row["customer_id"] for row in _rows(bank / "accounts.csv")}
    entries = {row["transaction_id"]: row for row in _table(bank / "transactions.parquet")}
    back = [row for row in entries.values() if row["reversal"]]
    own = [row for row in entries.values() if row["own_transfer"] and row["counterparty_account"] in holder]
    unsaid = [row for row in entries.values() if row["own_transfer"] is None and row["counterparty_account"] in holder]

    assert back
    assert all(entries[row["reverses"]]["amount"] == -row["amount"] and entries[row["reverses"]]["at"] < row["at"] for row in back)
    assert own
    assert all(holder[row["counterparty_account"]] == holder[row["account_id"]] for row in own)
    assert any(holder[row["counterparty_account"]] == holder[row["account_id"]] for row in unsaid)


def test_loans_are_paid_back_as_the_schedule_says(bank: Path) -> None:
    owed: dict[str, Decimal] = {}
    for row in sorted(_table(bank / "balances.parquet"), key=lambda row: row["on"]):
        owed[row["account_id"]] = row["balance"]
    loans = _rows(bank / "loans.csv")
    parts: Counter[str] = Counter()
    for row in _table(bank / "repayments.parquet"):
        if row["paid_on"]:
            assert row["paid_amount"] == row["due_amount"]
            parts[row["loan_id"]] += row["principal_part"]

    assert {loan["status"] for loan in loans} >= {"current", "settled"}
    assert any(loan["account_id"] for loan in loans)
    for loan in loans:
        if not loan["account_id"]:  # paid from elsewhere
            continue
        assert owed[loan["account_id"]] <= 0
        if loan["status"] == "settled":
            assert owed[loan["account_id"]] == 0
        if loan["started_on"] >= "2025-12-01":
            assert owed[loan["account_id"]] == parts[loan["loan_id"]] - Decimal(loan["principal"])


@pytest.mark.slow
def test_needs_leave_traces_and_those_who_left_are_silent(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=1_500, companies=0, months=12, seed=5)
    needs = _rows(tmp_path / "truth" / "needs.csv")
    children = {row["customer_id"] for row in needs if row["need"] == "maternity_card"}
    gone = {
        row["customer_id"]: row["gone_on"]
        for row in _rows(tmp_path / "truth" / "churn.csv")
        if row["gone_on"] and row["shape"] != "false_alarm"
    }
    baby: Counter[bool] = Counter()
    spending: Counter[bool] = Counter()
    after = before = 0
    for row in _table(tmp_path / "transactions.parquet"):
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
    closed = {row["customer_id"] for row in _rows(tmp_path / "persons.csv") if row["status"] == "closed"}
    accounts = {row["account_id"]: row for row in _rows(tmp_path / "accounts.csv") if row["customer_id"] in closed}
    left: dict[str, Decimal] = {}
    for row in sorted(_table(tmp_path / "balances.parquet"), key=lambda row: row["on"]):
        left[row["account_id"]] = row["balance"]
    churned = {row["customer_id"] for row in _rows(tmp_path / "truth" / "churn.csv") if row["shape"] != "false_alarm"}

    assert len(closed) > 20
    assert closed < churned
    assert all(row["closed_on"] for row in accounts.values())
    assert {left[identity] for identity, row in accounts.items() if row["kind"] == "deposit"} == {0}


def test_both_sides_of_a_supply_chain_book_the_same_payment(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=10, companies=60, months=3)
    entries = {row["transaction_id"]: row for row in _table(tmp_path / "transactions.parquet")}
    sides = Counter(
        (row["account_id"], row["counterparty_account"], row["at"], row["amount"])
        for row in entries.values()
        if row["account_id"].startswith("A9") and (row["counterparty_account"] or "").startswith("A9") and row["kind"] == "transfer"
    )
    core = [row["customer_id"] for row in _rows(tmp_path / "relations.csv") if row["kind"] == "supplier"]

    assert len(sides) > 50
    assert all(sides[other, one, at, -amount] == times for (one, other, at, amount), times in sides.items())
    assert Counter(core)["C900002"] >= 5


@pytest.mark.slow
def test_a_customer_under_two_ids_can_be_found(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=2_000, companies=0, months=1)
    persons = {row["customer_id"]: row for row in _rows(tmp_path / "persons.csv")}
    twice = _rows(tmp_path / "truth" / "identities.csv")

    assert len(twice) == 8
    for pair in twice:
        one, other = persons[pair["customer_id"]], persons[pair["same_as"]]
        same = [one[name].translate(NARROW) == other[name].translate(NARROW) for name in ("name", "birth_date", "phone")]
        assert one["id_number"] == other["id_number"] or all(same)


@pytest.mark.slow
def test_ceilings_tell_no_more_than_chance_allows(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=2_000, companies=0, months=12)
    still = {(row["customer_id"], f"need:{row['need']}") for row in _rows(tmp_path / "truth" / "needs.csv") if not row["until"]}
    said = [row for row in _table(tmp_path / "truth" / "ceilings.parquet") if row["target"].startswith("need:")]
    expected = sum(float(row["percent"]) for row in said) / 100
    true = sum((row["customer_id"], row["target"]) in still for row in said)

    assert still <= {(row["customer_id"], row["target"]) for row in said}
    assert 0.85 < true / expected < 1.15


@pytest.mark.slow
def test_the_report_measures_and_says_why(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=2_000, companies=10, months=6)

    lines = {line.name: line for line in measure(tmp_path)}

    assert lines["entries by hand a month, p50"].fine
    assert lines["entries of the bank, share"].value == pytest.approx(0.305, rel=0.15)
    assert lines["without a test of risk, share"].reason
    assert sum(not line.fine for line in lines.values()) <= 3
    with pytest.raises(ValueError, match="no transactions"):
        measure(tmp_path / "truth")
