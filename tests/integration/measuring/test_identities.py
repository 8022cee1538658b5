"""Ids that are one person or company are found at an import; a person decides; no name leaves the book."""

from pathlib import Path

import pytest

from bot.identity_review import decide
from domain.errors import BadInput
from domain.party import Party, Role
from storage.records import SqlStore
from tests.integration.import_kit import House
from tests.integration.measuring.measuring_kit import NOW, bank, links, people


@pytest.mark.parametrize(
    ("first", "second", "rule", "status"),
    [
        # Full-width digits and a blank in the number; the phone with a country prefix.
        ("P1,溫靜,,1950-01-31,990000195001310013,", "P2,温静,,1950-01-31,９９００００ 195001310013,", "same_id_number", "linked"),
        ("P1,溫靜,,1950-01-31,,12000990003", "P2,温 静,,1950-01-31,,+86 120-0099-0003", "same_name_birth_phone", "linked"),
        # An old number has fifteen digits, the new one adds the century and a check.
        ("P1,唐果,,1988-08-08,990000880808001,", "P2,唐果,,1988-08-08,990000198808080012,", "same_id_number", "linked"),
        (
            "P1,唐果,,1988-08-08,990000198808080012,1200099",
            "P2,石海,,1970-01-01,990000198808080012,",
            "same_id_number_other_name",
            "review",
        ),
        ("P1,唐果,,1988-08-08,,12000990004", "P2,唐果,,1988-08-08,,", "same_name_birth", "review"),
        ("P1,唐果,,1988-08-08,,12000990004", "P2,唐果,,,,12000990004", "same_name_phone", "review"),
        (
            "P1,唐果,,1988-08-08,990000198808080012,12000990004",
            "P2,唐果,,1988-08-08,990000198808080039,12000990004",
            "same_name_birth_phone_other_number",
            "review",
        ),
    ],
)
def test_one_person_under_two_ids_is_found(house: House, tmp_path: Path, first: str, second: str, rule: str, status: str) -> None:
    house.load(bank(tmp_path / "bank", persons=people(first, second)))

    assert links(house) == [("P2", "P1", rule, status)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("P1,唐果,,1988-08-08,990000198808080012,12000990004", "P2,唐果,,1988-08-08,990000198808080039,12000990005"),
        ("P1,唐果,,1988-08-08,,12000990004", "P2,唐果,,1979-08-08,,12000990005"),
        ("P1,唐果,,1988-08-08,,12000990004", "P2,唐朵,,1988-08-08,,12000990004"),
        ("P1,唐果,,1988-08-08,1,", "P2,石海,,1970-01-01,1,"),
    ],
)
def test_namesakes_and_relatives_are_two_people(house: House, tmp_path: Path, first: str, second: str) -> None:
    house.load(bank(tmp_path / "bank", persons=people(first, second)))

    assert links(house) == []


def test_a_number_that_many_have_says_nothing(house: House, tmp_path: Path) -> None:
    rows = [f"P{number},人{'甲乙丙丁戊己庚'[number]},,19{60 + number}-01-01,000000000000000000," for number in range(7)]
    house.load(bank(tmp_path / "bank", persons=people(*rows)))

    assert links(house) == []


def test_companies_are_told_by_their_code(house: House, tmp_path: Path) -> None:
    companies = (
        "customer_id,name,uscc,branch_id,opened_at\n"
        "E1,溪口竹器有限公司,91990000MA0A000996,Z1,2012-02-28T09:30:00+08:00\n"
        "E2,溪口竹器（有限）公司,９１990000ma0a000996,Z1,2022-02-28T09:30:00+08:00\n"
        "E3,溪口竹器有限公司,,Z1,2023-02-28T09:30:00+08:00\n"
    )
    house.load(bank(tmp_path / "bank", companies=companies))

    assert links(house) == [
        ("E2", "E1", "same_uscc", "linked"),
        ("E3", "E1", "same_company_name", "review"),
        ("E3", "E2", "same_company_name", "review"),
    ]


def test_a_person_decides_once_and_later_imports_remember(house: House, tmp_path: Path) -> None:
    old = "P1,唐果,,1988-08-08,,12000990004"
    house.load(bank(tmp_path / "one", persons=people(old)))
    assert links(house) == []

    # The other id comes a day later, without the first.
    report = house.load(
        bank(
            tmp_path / "two",
            as_of="2026-11-24",
            persons=people("P2,唐果,,1988-08-08,,").replace("Z1", "Z1,W01").replace("branch_id", "branch_id,rm_id"),
        )
    )
    assert [note for note in report.notes if "1 new pairs to look at" in note]
    store = SqlStore(house.database)
    assert links(house) == [("P2", "P1", "same_name_birth", "review")]
    with store.reading() as records:
        (task,) = records.tasks.listed(kind="identity")
        assert "P1 与 P2" in task.title
        assert "唐果" not in task.title + task.detail
        assert task.assignee == "W01"

    with store.writing() as records:
        decide(records, ("P2", "P1"), same=False, by=Party(Role.MANAGER, "W02"), at=NOW)
        with pytest.raises(BadInput, match="knows no customer"):
            decide(records, ("P1", "P9"), same=True, by=Party(Role.MANAGER, "W02"), at=NOW)
    assert {link[3] for link in links(house)} == {"refused"}

    house.load(bank(tmp_path / "three", as_of="2026-11-25", persons=people(old, "P2,唐果,,1988-08-08,,", "P3,石海,,,,")))
    assert [link[3] for link in links(house)] == ["refused"]
    with store.reading() as records:
        assert list(records.tasks.listed(kind="identity")) == []


def test_no_name_and_no_number_reaches_the_files_of_the_snapshot(house: House, tmp_path: Path) -> None:
    house.load(bank(tmp_path / "bank", persons=people("P1,溫靜,,1950-01-31,,12000990003", "P2,温静,,1950-01-31,,12000990003")))

    import duckdb

    with duckdb.connect() as connection:
        for file in house.facts_folder.rglob("*.parquet"):
            content = str(connection.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet('{file}')").fetchall())
            assert not [word for word in ("溫靜", "温静", "12000990003") if word in content], file.name


def test_links_do_not_change_when_the_same_bank_comes_again_in_parts(house: House, tmp_path: Path) -> None:
    rows = ["P1,唐果,,1988-08-08,,12000990004", "P2,唐果,,1988-08-08,,12000990004", "P3,唐果,,1988-08-08,,"]
    house.load(bank(tmp_path / "whole", persons=people(*rows)))
    whole = links(house)
    house.load(bank(tmp_path / "products", as_of="2026-11-24", branches="branch_id,name,city\nZ1,溪口支行,溪口\n"))

    assert whole == links(house)
    assert ("P2", "P1", "same_name_birth_phone", "linked") in whole
    assert {status for one, *_, status in whole if one == "P3"} == {"review"}
