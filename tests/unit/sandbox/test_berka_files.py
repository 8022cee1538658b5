"""The converter on a bank of three invented accounts, written as the Berka files are."""

import gzip
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bot.__main__ import main
from sandbox.berka.contract import Contract
from sandbox.berka.convert import convert

FILES = {
    "account": (
        "account_id;district_id;frequency;date",
        '7;2;"POPLATEK MESICNE";930105',
        '8;1;"POPLATEK TYDNE";930301',
        '9;1;"POPLATEK TYDNE";930101',
    ),
    "client": ("client_id;birth_number;district_id", '1;"405521";1', '2;"651231";2', '3;"000228";1', '4;"700707";1'),
    "disp": ("disp_id;client_id;account_id;type", '11;1;7;"OWNER"', '12;2;7;"DISPONENT"', '13;3;8;"OWNER"', '14;4;9;"OWNER"'),
    "order": ("order_id;account_id;bank_to;account_to;amount;k_symbol", '5;7;"QX";"900";812.50;"UVER"', '6;7;"QX";"901";99.00;" "'),
    "loan": ("loan_id;account_id;date;amount;duration;payments;status", '31;7;930110;9756;12;813.00;"D"'),
    "card": ("card_id;disp_id;type;issued", '41;11;"gold";940202 00:00:00'),
    "district": ("A1;A2;A3;A4", '1;"Novohrad";"west";1', '2;"Staromost";"east";2'),
    "trans": (
        "trans_id;account_id;date;type;operation;amount;balance;k_symbol;bank;account",
        '1;7;930105;"PRIJEM";"VKLAD";1000.00;1000.00;"";;',
        # Three entries of one day, the last of them in the middle of the file: 1000 - 600 = 400, - 500 = -100, + 50 = -50.
        '4;7;930110;"VYDAJ";"VYBER";500.00;-100.00;"";;0',
        '3;7;930110;"PRIJEM";"";50.00;-50.00;"UROK";;',
        '2;7;930110;"VYBER";"VYBER";600.00;400.00;"";;',
        '5;7;930212;"VYDAJ";"PREVOD NA UCET";812.50;-862.50;"UVER";"QX";900',
        '6;7;930213;"VYDAJ";"PREVOD NA UCET";99.00;-961.50;" ";"QX";901',
        '7;7;930214;"VYDAJ";"PREVOD NA UCET";99.00;-1060.50;" ";"QX";902',
        '8;7;930215;"VYDAJ";"VYBER KARTOU";10.00;-1070.50;"";;',
        '9;8;930301;"PRIJEM";"PREVOD Z UCTU";2000.00;2000.00;"";"ST";77',
        '10;8;930401;"PRIJEM";"PREVOD Z UCTU";2000.00;4000.00;"";"ST";77',
        '11;8;930501;"PRIJEM";"PREVOD Z UCTU";2000.00;6000.00;"";"ST";77',
        '12;8;930502;"PRIJEM";"PREVOD Z UCTU";3000.00;9000.00;"";"ST";78',
        '13;8;930503;"VYDAJ";"VYBER";70.00;8930.00;"SIPO";;0',
        # A file that begins in the middle of an account's life: 5000 - 300 = 4700, + 100 = 4800.
        '14;9;930601;"PRIJEM";"VKLAD";100.00;4800.00;"";;',
        '15;9;930601;"VYDAJ";"VYBER";300.00;4700.00;"";;',
        # And a day that ends where it began.
        '16;9;930602;"PRIJEM";"VKLAD";50.00;4850.00;"";;',
        '17;9;930602;"VYDAJ";"VYBER";50.00;4800.00;"";;',
    ),
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for name, lines in FILES.items():
        with gzip.open(folder / f"{name}.asc.gz", "wt", encoding="latin-1") as file:
            file.write("\r\n".join(lines) + "\r\n")
    return folder


class Folder:
    """What was written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._work = duckdb.connect()

    def rows(self, feed: str, columns: str) -> list[tuple[Any, ...]]:
        return self._work.execute(f"SELECT {columns} FROM '{self._path}/{feed}.parquet' ORDER BY ALL").fetchall()

    def close(self) -> None:
        self._work.close()


@pytest.fixture
def bank(source: Path, tmp_path: Path) -> Iterator[Folder]:
    convert(source=source, out=tmp_path / "out", cny_per_czk=Decimal("0.25"))
    folder = Folder(tmp_path / "out")
    yield folder
    folder.close()


def test_a_birth_number_tells_day_and_gender(bank: Folder) -> None:
    assert bank.rows("persons", "customer_id, gender, birth_date") == [
        ("C00001", "female", date(1940, 5, 21)),
        ("C00002", "male", date(1965, 12, 31)),
        ("C00003", "male", date(1900, 2, 28)),
        ("C00004", "male", date(1970, 7, 7)),
    ]


def test_people_belong_to_the_branch_of_the_account_and_live_in_their_own_district(bank: Folder) -> None:
    assert bank.rows("persons", "customer_id, branch_id, city, rm_id") == [
        ("C00001", "B02", "Novohrad", "S01"),
        ("C00002", "B02", "Staromost", "S01"),
        ("C00003", "B01", "Novohrad", "S02"),
        ("C00004", "B01", "Novohrad", "S02"),
    ]
    assert bank.rows("relations", "customer_id, related_id, kind, scope") == [("C00002", "C00001", "authorised", "账户 A00007")]


def test_the_day_ends_on_the_entry_after_which_none_began(bank: Folder) -> None:
    balances = {(account, on): amount for account, on, amount in bank.rows("balances", 'account_id, "on", balance')}

    assert balances["A00007", date(1993, 1, 10)] == 0
    assert balances["A00007-O", date(1993, 1, 10)] == Decimal("-50.00")
    assert balances["A00007-O", date(1993, 1, 5)] == 0
    assert ("A00008-O", date(1993, 3, 1)) not in balances
    assert [balances["A00009", date(1993, 6, day)] for day in (1, 2)] == [Decimal("4800.00"), Decimal("4800.00")]


def test_what_runs_by_itself_is_the_banks(bank: Folder) -> None:
    entries = {
        key: rest for key, *rest in bank.rows("transactions", "CAST(transaction_id[2:] AS INTEGER), amount, initiator, kind, channel")
    }

    assert entries[3] == [Decimal("50.00"), "bank", "interest", "batch"]
    assert entries[5] == [Decimal("-812.50"), "bank", "repayment", "batch"]
    assert entries[6] == [Decimal("-99.00"), "bank", "transfer", "batch"]  # a standing order
    assert entries[7] == [Decimal("-99.00"), "customer", "transfer", "other"]  # to somebody without one
    assert entries[8] == [Decimal("-10.00"), "customer", "cash", "atm"]
    assert {entries[key][1] for key in (9, 10, 11)} == {"bank"}  # month by month
    assert entries[12] == [Decimal("3000.00"), "customer", "transfer", "other"]
    assert entries[13] == [Decimal("-70.00"), "customer", "payment", "counter"]  # household bills paid in cash


def test_crowns_become_yuan_at_the_rate_that_was_given(bank: Folder) -> None:
    assert bank.rows("transactions", "amount_cny") == sorted((cny,) for (cny,) in bank.rows("transactions", "round(amount * 0.25, 2)"))
    assert bank.rows("transactions", "min(amount_cny)") == [(Decimal("-203.13"),)]


def test_instalments_are_told_while_there_are_entries_and_again_after_the_day_of_the_files(bank: Folder) -> None:
    rows = bank.rows("repayments", "number, due_on, due_amount, paid_on, paid_amount")

    # The files end on 2 February 1994 (a card), the entries on 2 June 1993; the loan runs from 10 January 1993 to 10 January 1994.
    assert [row[:2] for row in rows] == [
        (1, date(1993, 1, 12)),
        (2, date(1993, 2, 12)),
        (3, date(1993, 3, 12)),
        (4, date(1993, 4, 12)),
        (5, date(1993, 5, 12)),
    ]
    assert rows[0][2:] == (Decimal("812.50"), None, None)
    assert rows[1][2:] == (Decimal("812.50"), date(1993, 2, 12), Decimal("812.50"))
    assert bank.rows("loans", "ends_on, status") == [(date(1994, 1, 10), "overdue")]


def _with(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda raw: gzip.compress(gzip.decompress(raw).replace(old, new))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("loan", None, "has no loan*.asc or loan*.asc.gz"),
        ("loan", lambda raw: raw[: len(raw) // 2], "loan: IO Error"),
        ("card", _with(b"940202", b"94XX02"), "card: Invalid Input Error"),
        ("disp", _with(b"client_id", b"customer"), "the columns client_id are missing"),
        ("disp", _with(b"OWNER", b"FRIEND"), "account: account_id 7 is not in owners"),
        ("disp", _with(b"DISPONENT", b"OWNER"), "disp: account_id 7 has more than one owner"),
        ("account", _with(b"7;2;", b"7;5;"), "account: district_id 5 is not in district"),
        ("loan", _with(b"31;7;", b"31;99;"), "loan: account_id 99 is not in account"),
        ("loan", _with(b'"D"', b'"E"'), "loan: the status E is not known"),
        ("trans", _with(b'"VYDAJ"', b'"STORNO"'), "trans: the type STORNO is not known"),
        ("trans", _with(b"\r\n8;7;", b"\r\n7;7;"), "trans: trans_id 7 comes twice"),
    ],
)
def test_files_that_are_not_it_are_refused_in_one_line(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, change: Any, said: str
) -> None:
    path = source / f"{name}.asc.gz"
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))

    assert main(["berka", str(source), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_the_command_says_what_it_wrote_and_replaces_what_it_wrote_before(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "persons.csv").write_text("left behind by another converter", encoding="utf-8")
    (out / "notes.txt").write_text("mine", encoding="utf-8")

    assert main(["berka", str(source), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "（截至 1994-02-02）" in said
    assert "transactions 17，" in said
    assert not (out / "persons.csv").exists()
    assert (out / "notes.txt").exists()


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "much"])
def test_a_rate_that_is_none_is_refused(source: Path, tmp_path: Path, rate: str) -> None:
    assert main(["berka", str(source), "--out", str(tmp_path / "out"), f"--cny-per-czk={rate}"]) == 2


def test_columns_must_fit_the_contract() -> None:
    contract = Contract()

    with pytest.raises(ValueError, match="staff: the columns wage, branch_id do not fit"):
        contract.select("staff", "SELECT 1", ["staff_id", "name", "role", "wage"])
