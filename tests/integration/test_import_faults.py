"""What a bank may get wrong: rows are refused one by one, unusable files stop the import with one line and change nothing."""

import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from crm.importing.run import finish_interrupted, import_folder
from domain.errors import BadInput
from tests.integration.import_kit import AT, HAND_BANK, House, append, copy_of, manifest, rejects

pytestmark = pytest.mark.long(seconds=20)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture
def loaded(loaded_root: Path, tmp_path: Path) -> Iterator[House]:
    """A house with the hand-written bank."""
    house = House(Path(shutil.copytree(loaded_root, tmp_path / "loaded")))
    yield house
    house.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of(HAND_BANK, tmp_path / "bank")


def _gbk(folder: Path) -> None:
    path = folder / "persons.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk", errors="ignore"))


def _gbk_header(folder: Path) -> None:
    (folder / "persons.csv").write_bytes("客户号,姓名\n1,2\n".encode("gbk"))


def _semicolons(folder: Path) -> None:
    path = folder / "persons.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")


def _tabs(folder: Path) -> None:
    path = folder / "accounts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", "\t"), encoding="utf-8")


def _missing_column(folder: Path) -> None:
    path = folder / "persons.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("opened_at", "opened"), encoding="utf-8")


def _empty(folder: Path) -> None:
    (folder / "persons.csv").write_bytes(b"")


def _column_twice(folder: Path) -> None:
    (folder / "staff.csv").write_text("staff_id,name,role,branch_id,name\nW01,a,rm,Z1,b\n")


def _cut_off_gzip(folder: Path) -> None:
    whole = gzip.compress((folder / "transactions.csv").read_bytes() * 300)
    (folder / "transactions.csv").unlink()
    (folder / "transactions.csv.gz").write_bytes(whole[: len(whole) * 2 // 3])


def _not_gzip(folder: Path) -> None:
    (folder / "transactions.csv").rename(folder / "transactions.csv.gz")


def _not_parquet(folder: Path) -> None:
    (folder / "balances.csv").rename(folder / "balances.parquet")


def _cut_off_parquet(folder: Path) -> None:
    _as_parquet(folder, "transactions")
    whole = (folder / "transactions.parquet").read_bytes()
    (folder / "transactions.parquet").write_bytes(whole[: len(whole) // 2])


def _spoilt_parquet(folder: Path) -> None:
    # The end, which says what is where, is whole: the fault shows only when the rows are read.
    _as_parquet(folder, "transactions")
    whole = bytearray((folder / "transactions.parquet").read_bytes())
    whole[8:120] = bytes(112)
    (folder / "transactions.parquet").write_bytes(bytes(whole))


def _as_parquet(folder: Path, name: str) -> None:
    duckdb.connect().execute(
        f"COPY (FROM read_csv('{folder}/{name}.csv', all_varchar = true)) TO '{folder}/{name}.parquet' (COMPRESSION zstd)"
    )
    (folder / f"{name}.csv").unlink()


def _float_money(folder: Path) -> None:
    (folder / "balances.csv").unlink()
    duckdb.connect().execute(
        f"""COPY (SELECT 'K1-1' AS account_id, DATE '2026-11-01' AS "on", 0.1::DOUBLE AS balance) TO '{folder}/balances.parquet'"""
    )


def _time_without_zone(folder: Path) -> None:
    (folder / "consents.parquet").unlink(missing_ok=True)
    duckdb.connect().execute(
        f"""COPY (SELECT 'K1' AS customer_id, 'care' AS purpose, true AS granted, TIMESTAMP '2026-11-01 10:00:00' AS "at")
        TO '{folder}/consents.parquet'"""
    )


def _two_formats(folder: Path) -> None:
    (folder / "persons.csv.gz").write_bytes(gzip.compress((folder / "persons.csv").read_bytes()))


def _no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _broken_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"contract": 1,')


def _list_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("[1]")


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (_gbk, "not UTF-8"),
        (_gbk_header, "not UTF-8"),
        (_semicolons, "semicolons"),
        (_tabs, "tabs"),
        (_missing_column, "opened_at"),
        (_empty, "header"),
        (_column_twice, "twice"),
        (_cut_off_gzip, "transactions.csv.gz"),
        (_not_gzip, "transactions.csv.gz"),
        (_not_parquet, "Parquet"),
        (_cut_off_parquet, "Parquet"),
        (_spoilt_parquet, "transactions.parquet cannot be read"),
        (_float_money, "DECIMAL"),
        (_time_without_zone, "TIMESTAMP WITH TIME ZONE"),
        (_two_formats, "same feed"),
        (_no_manifest, "manifest.json is missing"),
        (_broken_manifest, "not JSON"),
        (_list_manifest, "not a JSON object"),
        (lambda folder: manifest(folder, contract=3), "contract 3"),
        (lambda folder: manifest(folder, contract=True), "contract True"),
        (lambda folder: manifest(folder, contract=None), "contract None"),
        (lambda folder: manifest(folder, time_zone="UTC"), "Asia/Shanghai"),
        (lambda folder: manifest(folder, as_of="23.11.2026"), "as_of"),
        (lambda folder: manifest(folder, bank=""), "bank"),
    ],
)
def test_an_unusable_delivery_is_one_line_and_changes_nothing(
    loaded: House, folder: Path, spoil: Callable[[Path], None], word: str
) -> None:
    before = loaded.seen()
    append(folder, "balances.csv", "K5-1,2026-11-23,5.00,")
    spoil(folder)

    with pytest.raises(BadInput) as refused:
        loaded.load(folder)

    assert word in str(refused.value)
    assert "\n" not in str(refused.value)
    assert loaded.seen() == before
    assert before[0], "a bank was there before"
    assert not (loaded.facts_folder / ".work").exists()


def test_a_folder_that_is_not_there_is_said(house: House, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no folder"):
        house.load(tmp_path / "nowhere")


BAD_ROWS = (
    ("persons.csv", "K9,,male,,,,,W01,Z1,2025-03-08T10:15:00+08:00", "name", "missing"),
    ("persons.csv", "K9,甲,男,,,,,W01,Z1,2025-03-08T10:15:00+08:00", "gender", "not one of"),
    ("persons.csv", "K9,甲,male,1990-02-30,,,,W01,Z1,2025-03-08T10:15:00+08:00", "birth_date", "a day"),
    ("persons.csv", "K9,甲,male,2030-01-01,,,,W01,Z1,2025-03-08T10:15:00+08:00", "birth_date", "after 2026-11-23"),
    ("persons.csv", "K9,甲,male,1790-01-01,,,,W01,Z1,2025-03-08T10:15:00+08:00", "birth_date", "before 1890"),
    ("persons.csv", "K9,甲,male,,,,,W77,Z1,2025-03-08T10:15:00+08:00", "rm_id", "unknown in staff"),
    ("persons.csv", "K9,甲,male,,,,,W01,Z1,2025-03-08T10:15:00", "opened_at", "offset"),
    ("persons.csv", "K9,甲,male,,,,,W01,Z1,2026-11-24T00:00:00+08:00", "opened_at", "after 2026-11-23"),
    ("persons.csv", "K 9,甲,male,,,,,W01,Z1,2025-03-08T10:15:00+08:00", "customer_id", "without blanks"),
    ("persons.csv", f"K9,{'甲' * 121},male,,,,,W01,Z1,2025-03-08T10:15:00+08:00", "name", "longer"),
    ("persons.csv", 'K9,"甲\n乙",male,,,,,W01,Z1,2025-03-08T10:15:00+08:00', "name", "line break"),
    ("persons.csv", "K9,甲", "", "2 cells"),
    ("persons.csv", "K1,马小跳,male,1991-04-05,,,,W01,Z1,2025-03-08T10:15:00+08:00", "customer_id", "same key"),
    ("companies.csv", "K1,甲公司,,外贸,,,,W01,Z1,2022-02-28T09:30:00+08:00", "customer_id", "an id of persons"),
    ("accounts.csv", "X-1,K404,deposit,CNY,2025-03-08,", "customer_id", "unknown in customers"),
    ("accounts.csv", "X-1,K1,deposit,XXX,2025-03-08,", "currency", "not one of"),
    ("accounts.csv", "X-1,K1,deposit,CNY,2025-03-08,2024-01-01", "closed_on", "closed before"),
    ("balances.csv", "K1-1,2026-11-23,-1.00,", "balance", "below zero"),
    ("balances.csv", "K1-1,2026-11-23,-99999999999999999.00,", "balance", "an amount"),
    ("balances.csv", "K1-1,2026-11-23,1.239,", "balance", "an amount"),
    ("balances.csv", 'K1-1,2026-11-23,"1,000.00",', "balance", "an amount"),
    ("balances.csv", "K1-1,2026-11-23,NaN,", "balance", "an amount"),
    ("balances.csv", "K1-1,2026-11-23,1e3,", "balance", "an amount"),
    ("balances.csv", "K3-1,2026-11-23,5.00,", "balance_cny", "value in CNY"),
    ("balances.csv", "nope,2026-11-23,5.00,", "account_id", "unknown in accounts"),
    ("holdings.csv", "K1,L-7,2026-11-23,-0.01", "amount", "below 0"),
    ("transactions.csv", "t9,K1-1,2026-11-23T10:00:00+08:00,0.00,customer,payment,pos,,,,,", "amount", "nothing moved"),
    ("transactions.csv", "t9,K1-1,2026-11-23T10:00:00+08:00,5.00,nobody,payment,pos,,,,,", "initiator", "not one of"),
    ("transactions.csv", "t9,K1-1,2026-11-23T10:00:00+08:00,5.00,customer,payment,pos,,,maybe,,", "own_transfer", "true or false"),
    ("transactions.csv", "t1,K1-1,2026-11-05T18:42:07+08:00,-99.00,customer,payment,pos,,,,,", "transaction_id", "same key"),
)


def test_bad_rows_are_refused_each_with_its_reason_and_the_others_are_taken(house: House, folder: Path) -> None:
    rows = {name: len((folder / name).read_text(encoding="utf-8").splitlines()) for name, *_ in BAD_ROWS}
    wanted = {}
    for number, (name, line, column, reason) in enumerate(BAD_ROWS):
        append(folder, name, re.sub(r"^(K9|K 9|X-1|t9),", rf"\g<1>{number},", line))  # none is refused for the key of another
        rows[name] += 1
        wanted[name, str(rows[name]), column] = reason

    report = house.load(folder)

    refused = {(row["file"], row["row"], row["column"]): row["reason"] for row in rejects(report)}
    assert sorted(refused) == sorted(wanted)
    assert {place: reason for place, reason in wanted.items() if reason not in refused[place]} == {}
    assert (report.taken, report.rejected) == (30, len(BAD_ROWS))


def test_values_of_parquet_are_judged_as_the_types_that_they_have(house: House, folder: Path) -> None:
    (folder / "balances.csv").unlink()
    duckdb.connect().execute(
        f"""COPY (SELECT account_id, "on", balance FROM (VALUES
            ('K1-1', DATE '2026-11-01', 1.5000::DECIMAL(18, 4)), ('K1-1', DATE '2026-11-02', 1.239),
            ('K1-1', DATE '2026-11-03', 99999999999999.0), ('K1-1', DATE '2026-11-24', 1.0), ('K1-1', 'infinity'::DATE, 1.0),
            ('K1-1', NULL, 1.0), ('K1-1', DATE '2026-11-04', NULL), (' K1-1 ', DATE '2026-11-05', 2.5), ('K1-1', DATE '2026-11-05', 2.5)
        ) AS t (account_id, "on", balance)) TO '{folder}/balances.parquet'"""
    )
    duckdb.connect().execute(
        f"""COPY (SELECT 'K1' AS customer_id, p AS purpose, true AS granted, "at" FROM (VALUES
            ('care', TIMESTAMPTZ '2026-11-01 10:00:00+08'), ('care', TIMESTAMPTZ '2026-11-24 00:00:00+08'), ('care', 'infinity')
        ) AS t (p, "at")) TO '{folder}/consents.parquet'"""
    )

    report = house.load(folder)

    told = [(row["file"], row["row"], row["column"], row["reason"][:14], row["value"]) for row in rejects(report)]
    assert told == [
        ("balances.parquet", "2", "balance", "not an amount:", "1.2390"),
        ("balances.parquet", "3", "balance", "not an amount:", "99999999999999.0000"),
        ("balances.parquet", "4", "on", "after 2026-11-", "2026-11-24"),
        ("balances.parquet", "5", "on", "not a day as 2", "infinity"),
        ("balances.parquet", "6", "on", "missing", ""),
        ("balances.parquet", "7", "balance", "missing", ""),
        ("consents.parquet", "2", "at", "after 2026-11-", "2026-11-23T16:00:00.000000Z"),
        ("consents.parquet", "3", "at", "not an instant", "infinityZ"),
    ]
    (balances,) = [feed for feed in report.feeds if feed.feed == "balances"]
    assert (balances.taken, balances.repeated) == (2, 1)


def _relate(folder: Path, *lines: str) -> None:
    (folder / "relations.csv").write_text("\n".join(("relation_id,customer_id,related_id,kind,until", *lines)) + "\n", encoding="utf-8")


def test_relations_that_come_back_to_somebody_are_refused(house: House, folder: Path) -> None:
    _relate(
        folder,
        "r1,K1,K2,parent,",
        "r2,K2,K3,parent,",
        "r3,K3,K1,parent,",
        "r4,K3,K4,parent,",  # leads away from the circle
        "r5,K1,K2,spouse,",
        "r6,K2,K1,spouse,",  # of some kinds both ways are right
        "r7,K5,K4,owner,",
        "r8,K4,K5,owner,2026-11-23",  # is over
    )

    report = house.load(folder)

    assert [(row["row"], row["column"]) for row in rejects(report)] == [("2", "related_id"), ("3", "related_id"), ("4", "related_id")]
    assert {row["reason"] for row in rejects(report)} == {"a circle: through others somebody is related to themselves"}


def test_a_relation_that_closes_a_circle_with_earlier_ones_is_refused_and_they_stay(house: House, folder: Path, tmp_path: Path) -> None:
    _relate(folder, "r1,K1,K2,owner,", "r2,K2,K3,owner,")
    assert house.load(folder).rejected == 0
    later = tmp_path / "later"
    later.mkdir()
    manifest(later, as_of="2026-11-24")
    _relate(later, "r3,K3,K1,owner,", "r2,K3,K4,owner,", "r4,K2,K1,owner,")

    report = house.load(later)

    # r2 now leads elsewhere, so r3 closes nothing.
    assert [(row["row"], row["value"]) for row in rejects(report)] == [("4", "K1")]


def test_a_row_that_belongs_to_a_refused_one_is_refused_too(house: House, folder: Path) -> None:
    append(folder, "persons.csv", "K9,甲,male,,,,,W77,Z1,2025-03-08T10:15:00+08:00")
    append(folder, "accounts.csv", "K9-1,K9,deposit,CNY,2025-03-08,")
    append(folder, "balances.csv", "K9-1,2026-11-23,5.00,")

    report = house.load(folder)

    assert [(row["file"], row["column"]) for row in rejects(report)] == [
        ("persons.csv", "rm_id"),
        ("accounts.csv", "customer_id"),
        ("balances.csv", "account_id"),
    ]


def test_row_numbers_count_rows_that_could_not_be_split(house: House, folder: Path) -> None:
    (folder / "balances.csv").write_text(
        "account_id,on,balance,balance_cny\nK1-1,2026-10-31,1.00,\nK1-1,2026\nK1-1,2026-11-01,x,\nK1-1,a,b,c,d,e\nK1-1,2026-11-02,y,\n"
    )

    report = house.load(folder)

    assert [(row["row"], row["value"]) for row in rejects(report)] == [("3", ""), ("4", "x"), ("5", ""), ("6", "y")]


def test_equal_rows_count_once_without_a_word(house: House, folder: Path) -> None:
    lines = (folder / "transactions.csv").read_text(encoding="utf-8").splitlines()
    append(folder, "transactions.csv", *lines[1:4])

    report = house.load(folder)

    (feed,) = [feed for feed in report.feeds if feed.feed == "transactions"]
    assert (feed.rows, feed.taken, feed.repeated, feed.rejected) == (10, 7, 3, 0)


def test_personal_values_are_masked_in_the_rejects(house: House, folder: Path) -> None:
    (folder / "persons.csv").write_text(
        f"customer_id,name,branch_id,opened_at,phone\nK1,甲乙丙,Z1,2025-03-08T10:15:00+08:00,{'12000990001' * 5}\n", encoding="utf-8"
    )

    report = house.load(folder)

    text = report.rejects.read_text(encoding="utf-8") if report.rejects else ""
    assert "1***" in text
    assert "12000990001" not in text


def test_second_factors_are_read_only_for_a_sandbox_and_only_when_asked(house: House, folder: Path) -> None:
    (folder / "staff_secrets.csv").write_text("staff_id,totp_secret\nW01,JBSWY3DPEHPK3PXP\n")

    with pytest.raises(BadInput, match="sandbox"):
        house.load(folder, sandbox=True)
    manifest(folder, sandbox=True)
    report = house.load(folder)

    assert "staff_secrets.csv: not a file of the contract, left alone" in report.notes
    assert house.load(folder, sandbox=True).known is False


def test_only_one_import_runs_at_a_time(house: House, folder: Path) -> None:
    refused: list[str] = []

    def try_another(step: str) -> None:
        if step == "opened":
            with pytest.raises(BadInput, match="another import") as fault:
                house.load(HAND_BANK)
            refused.append(str(fault.value))
            # A bot that starts meanwhile is not kept from it.
            assert finish_interrupted(book=house.sink, facts_folder=house.facts_folder) is False

    house.load(folder, progress=try_another)

    assert len(refused) == 1


def test_a_fault_of_the_database_leaves_everything_as_it_was(house: House, folder: Path) -> None:
    house.load(HAND_BANK)
    before = house.seen()
    append(folder, "balances.csv", "K5-1,2026-11-23,5.00,")

    class DiskFull(Exception):
        pass

    def break_off(step: str) -> None:
        if step == "book written":
            raise DiskFull

    with pytest.raises(DiskFull):
        import_folder(folder, book=house.sink, facts_folder=house.facts_folder, at=AT, progress=break_off)

    assert house.seen() == before
    assert house.load(folder).known is False
    assert json.loads((house.facts_folder / "manifest.json").read_text())["as_of"] == "2026-11-23"
