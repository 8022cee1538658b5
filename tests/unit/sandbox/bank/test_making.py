"""The making of a bank: the same seed writes the same bytes, in every format; and what it says of itself."""

from pathlib import Path

import pytest

from sandbox.bank.calibration import measure
from sandbox.bank.command import generate
from sandbox.bank.writing import FORMATS
from tests.unit.sandbox.bank.bank_files import AS_OF, csv_rows, digests


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        generate(out=tmp_path / name, as_of=AS_OF, customers=30, companies=4, months=3, seed=seed)

    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert digests(tmp_path / "one")["persons.csv"] != digests(tmp_path / "three")["persons.csv"]


def test_writing_over_an_earlier_bank_leaves_nothing_of_it(tmp_path: Path) -> None:
    generate(out=tmp_path / "one", as_of=AS_OF, customers=5, companies=0, months=1)
    generate(out=tmp_path / "two", as_of=AS_OF, customers=9, companies=3, months=2)
    generate(out=tmp_path / "two", as_of=AS_OF, customers=5, companies=0, months=1)

    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_more_customers_do_not_change_those_that_were_there(tmp_path: Path) -> None:
    generate(out=tmp_path / "few", as_of=AS_OF, customers=10, companies=2, months=2)
    generate(out=tmp_path / "many", as_of=AS_OF, customers=20, companies=4, months=2)

    assert csv_rows(tmp_path / "many" / "persons.csv")[:10] == csv_rows(tmp_path / "few" / "persons.csv")
    assert csv_rows(tmp_path / "many" / "companies.csv")[:2] == csv_rows(tmp_path / "few" / "companies.csv")


@pytest.mark.parametrize(("customers", "companies", "months"), [(0, 1, 1), (1, -1, 1), (1, 1, 0), (900_000, 1, 1)])
def test_a_bank_that_cannot_be_is_refused(tmp_path: Path, customers: int, companies: int, months: int) -> None:
    with pytest.raises(ValueError, match="a bank needs"):
        generate(out=tmp_path, as_of=AS_OF, customers=customers, companies=companies, months=months)


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
