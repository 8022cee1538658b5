"""What a bank can do with its data, what it lacks, and that dealings reach the book."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm.measuring.health import Health
from crm.measuring.needs import Lack, Readiness, check_features
from domain.errors import BadInput
from storage.dealings import SqlDealings
from tests.integration.import_kit import HAND_BANK, House, copy_of
from tests.integration.measuring.measuring_kit import MANIFEST, NOW


def test_the_hand_written_bank_can_do_some_things_and_is_told_what_it_lacks(house: House) -> None:
    house.load(HAND_BANK)
    with Health(house.facts_folder) as health:
        states = {state.feature.id: state for state in check_features(health.feeds(), NOW)}

    assert states["satisfaction"].readiness is Readiness.BLOCKED
    assert [missing.text for missing in states["satisfaction"].missing] == ["没有送来问卷数据（surveys）"]
    profile = {(missing.feed, missing.column): missing for missing in states["profile"].missing}
    assert profile["transactions", ""].lack is Lack.SHORT
    assert "accounts", "product_code" in profile
    assert ("persons", "birth_date") not in profile


def test_an_empty_house_lacks_everything_and_nothing_breaks(tmp_path: Path) -> None:
    with Health(tmp_path / "facts") as health:
        states = check_features(health.feeds(), NOW)

        assert health.scores() == ()
        assert health.links() == ()
        assert {state.readiness for state in states} == {Readiness.BLOCKED}
        with pytest.raises(BadInput, match="no table"):
            health.lineage("transactions", "t1")


def test_dealings_of_the_files_reach_the_book(house: House, tmp_path: Path) -> None:
    folder = copy_of(HAND_BANK, tmp_path / "bank")
    (folder / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    files = {
        "relations": "relation_id,customer_id,related_id,kind,share\nR1,K3,K5,owner,60\n",
        "complaints": "complaint_id,customer_id,opened_at,text\nP1,K1,2026-11-01T09:00:00+08:00,手续费倒扣了\n",
        "entitlements": "entitlement_id,customer_id,kind,name,granted_on\nE1,K1,voucher,体检券,2026-11-01\n",
        "recordings": "recording_id,customer_id,started_at,segments,location\nD1,K3,2026-11-02T10:00:00+08:00,identity;consent,库/1\n",
        "watchlist": "entry_id,name,kind,listed_on\nW1,贾某某,fraud,2026-03-02\n",
    }
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    house.load(folder)

    with house.database.reading() as connection:
        book = SqlDealings(connection)
        assert [(one.kind, one.related_id) for one in book.relations("K5")] == [("owner", "K5")]
        (complaint,) = book.complaints("K1")
        assert (complaint.text, complaint.severity, complaint.opened_at) == ("手续费倒扣了", "normal", datetime(2026, 11, 1, 1, tzinfo=UTC))
        assert [one.name for one in book.entitlements("K1")] == ["体检券"]
        assert [one.segments for one in book.recordings("K3")] == [("identity", "consent")]
        assert [one.name for one in book.watchlist()] == ["贾某某"]
