"""Where a row came from, and scores that can be counted by hand."""

import json
from datetime import date
from pathlib import Path

import pytest

from crm.measuring.health import Health
from domain.errors import BadInput
from tests.integration.import_kit import HAND_BANK, TODAY, House, append, copy_of
from tests.integration.measuring.measuring_kit import MANIFEST, bank, people, scores


def test_every_row_tells_the_delivery_and_file_that_it_came_from(house: House, tmp_path: Path) -> None:
    house.load(HAND_BANK)
    later = copy_of(HAND_BANK, tmp_path / "later")
    for name in ("persons", "companies", "staff", "holdings", "balances", "accounts"):
        (later / f"{name}.csv").unlink()
    (later / "manifest.json").write_text(json.dumps({**MANIFEST, "as_of": "2026-11-24", "source": "app"}), encoding="utf-8")
    lines = (later / "transactions.csv").read_text(encoding="utf-8").splitlines()
    corrected = lines[1].replace("-26.50", "-26.40")
    (later / "transactions.csv").write_text("\n".join([lines[0], corrected]) + "\n", encoding="utf-8")
    report = house.load(later)

    with Health(house.facts_folder) as health:
        (first,), (second,) = health.lineage("transactions", "t1"), health.lineage("transactions", "t2")
        assert (first["source"], first["as_of"], first["file"]) == ("app", date(2026, 11, 24), "transactions.csv")
        assert first["digest"] == report.digest
        assert (second["source"], second["as_of"]) == ("core", TODAY)
        assert second["batch"] < first["batch"]
        assert health.lineage("transactions", "' OR 1=1 --") == []
        assert {row["file"] for row in health.lineage("customers", "K1")} == {"persons.csv", "companies.csv"}
        with pytest.raises(BadInput, match="no table"):
            health.lineage("customers; DROP", "K1")


def test_scores_are_shares_that_can_be_counted_by_hand(house: House, tmp_path: Path) -> None:
    folder = copy_of(HAND_BANK, tmp_path / "bank")
    append(
        folder,
        "transactions.csv",
        "t8,K1-1,2026-11-21T08:00:00+08:00,zwölf,bank,interest,batch,,,,,",  # invalid
        "t9,NONE,2026-11-21T08:00:00+08:00,1.00,bank,interest,batch,,,,,",  # no such account
        "t7,K5-1,2026-10-08T10:00:00+08:00,520000.00,customer,transfer,web,山外百货,,false,false,",  # told twice
        "t7,K5-1,2026-10-08T10:00:00+08:00,1.00,customer,transfer,web,山外百货,,false,false,",  # and otherwise
    )
    house.load(folder)
    found = scores(house)

    def share(feed: str, dimension: str, column: str = "") -> tuple[int, int]:
        line = found[feed, column, dimension]
        return line.good, line.n

    assert share("transactions", "validity") == (10, 11)
    assert share("transactions", "validity", "amount") == (10, 11)
    assert share("transactions", "uniqueness") == (9, 11)
    assert share("transactions", "consistency", "account_id") == (7, 8)
    # K3 and K5 have no birth date or telephone; four persons.
    assert share("persons", "completeness", "birth_date") == (3, 4)
    assert share("persons", "completeness", "phone") == (2, 4)
    assert all(line.change is None for line in found.values())


def test_balances_must_follow_from_the_entries(house: House, tmp_path: Path) -> None:
    folder = bank(
        tmp_path / "bank",
        persons=people("P1,唐果,,1988-08-08,,"),
        accounts="account_id,customer_id,kind,opened_on\nA,P1,deposit,2020-01-01\nB,P1,deposit,2020-01-01\n",
        balances="account_id,on,balance\nA,2026-11-01,100.00\nA,2026-11-10,70.00\nA,2026-11-20,70.50\nB,2026-11-01,5.00\nB,2026-11-20,6.00\n",
        transactions="transaction_id,account_id,at,amount,initiator,kind\n"
        "t0,A,2026-11-01T09:00:00+08:00,1.00,customer,payment\n"  # before the first balance was struck
        "t1,A,2026-11-02T09:00:00+08:00,-30.00,customer,payment\n"
        "t2,A,2026-11-20T23:00:00+08:00,0.40,bank,interest\n",  # 70.40, the bank says 70.50
    )
    house.load(folder)

    line = scores(house)["balances", "balance", "consistency"]
    # B has no entries: nothing can be said of it.
    assert (line.n, line.good) == (2, 1)


def test_the_history_shows_how_a_score_changed(house: House, tmp_path: Path) -> None:
    house.load(bank(tmp_path / "one", persons=people("P1,唐果,,1988-08-08,,12000990004", "P2,石海,,,,")))
    house.load(bank(tmp_path / "two", as_of="2026-11-24", persons=people("P3,温静,,1950-01-31,,12000990003")))

    line = scores(house)["persons", "birth_date", "completeness"]
    assert (line.score, line.change, line.n) == (100.0, 50.0, 1)


def test_two_sources_of_a_feed_are_scored_apart(house: House, tmp_path: Path) -> None:
    house.load(bank(tmp_path / "core", persons=people("P1,唐果,,1988-08-08,,12000990004")))
    partner = bank(tmp_path / "partner", as_of="2026-11-24", persons=people("P2,石海,,,,"))
    (partner / "manifest.json").write_text(json.dumps({**MANIFEST, "as_of": "2026-11-24", "source": "partner"}), encoding="utf-8")
    house.load(partner)

    with Health(house.facts_folder) as health:
        found = {line.source: line for line in health.scores() if (line.column, line.dimension) == ("birth_date", "completeness")}
    assert {source: (line.score, line.change) for source, line in found.items()} == {"core": (100.0, None), "partner": (0.0, None)}


def test_the_same_event_two_hours_late_and_twice_takes_effect_once(house: House, tmp_path: Path) -> None:
    event = "late-1,K1-1,2026-11-22T18:42:07+08:00,-268.50,customer,payment,third_party,鲜来超市,,,,"
    first = copy_of(HAND_BANK, tmp_path / "first")
    house.load(first)
    before = house.facts.activity("K1", on=TODAY, days=30)
    assert before is not None

    on_time = copy_of(HAND_BANK, tmp_path / "on-time")
    append(on_time, "transactions.csv", event, event)
    house.load(on_time)
    late = bank(
        tmp_path / "late",
        transactions="transaction_id,account_id,at,amount,initiator,kind,channel,received_at\n"
        "late-1,K1-1,2026-11-22T18:42:07+08:00,-268.50,customer,payment,third_party,2026-11-22T20:42:07+08:00\n",
    )
    house.load(late)
    house.load(late)

    after = house.facts.activity("K1", on=TODAY, days=30)
    assert after is not None
    assert (after.transactions, after.active_days) == (before.transactions + 1, before.active_days + 1)
    assert after.last_on == date(2026, 11, 22)
