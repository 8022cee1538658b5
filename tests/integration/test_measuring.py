"""What an import measures: ids of one person, scores, rhythm, lineage; on banks written by hand, in a real database."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import build
from bot.identity_review import decide, review_list
from compliance.days import BANK_ZONE
from config.settings import Settings
from crm.importing.run import import_folder
from crm.measuring.freshness import caveat, has_stopped
from crm.measuring.health import Health, ScoreLine
from crm.measuring.needs import Lack, Readiness, check_features
from domain.errors import BadInput
from domain.message import Inbound
from domain.party import Party, Role
from storage.book_import import SqlBookSink
from storage.dealings import SqlDealings
from storage.records import SqlStore
from tests.integration.import_kit import HAND_BANK, TODAY, House, append, copy_of

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=BANK_ZONE)
_PERSON = "customer_id,name,gender,birth_date,id_number,phone,branch_id,opened_at\n"
_MANIFEST = {"contract": 2, "bank": "溪口合作银行", "as_of": "2026-11-23", "time_zone": "Asia/Shanghai"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def bank(folder: Path, *, as_of: str = "2026-11-23", **files: str) -> Path:
    """A folder of the contract with these files."""
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({**_MANIFEST, "as_of": as_of}), encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def links(house: House) -> list[tuple[str, str, str, str]]:
    with Health(house.facts_folder) as health, SqlStore(house.database).reading() as records:
        return sorted((link.id, link.canonical_id, link.rule, link.status) for link in review_list(health.links(), records))


def scores(house: House) -> dict[tuple[str, str, str], ScoreLine]:
    with Health(house.facts_folder) as health:
        return {(line.feed, line.column, line.dimension): line for line in health.scores()}


def people(*rows: str) -> str:
    return _PERSON + "".join(f"{row},Z1,{2010 + number}-06-01T10:00:00+08:00\n" for number, row in enumerate(rows))


# Identity


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


# Lineage


def test_every_row_tells_the_delivery_and_file_that_it_came_from(house: House, tmp_path: Path) -> None:
    house.load(HAND_BANK)
    later = copy_of(HAND_BANK, tmp_path / "later")
    for name in ("persons", "companies", "staff", "holdings", "balances", "accounts"):
        (later / f"{name}.csv").unlink()
    (later / "manifest.json").write_text(json.dumps({**_MANIFEST, "as_of": "2026-11-24", "source": "app"}), encoding="utf-8")
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


# Quality


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
    (partner / "manifest.json").write_text(json.dumps({**_MANIFEST, "as_of": "2026-11-24", "source": "partner"}), encoding="utf-8")
    house.load(partner)

    with Health(house.facts_folder) as health:
        found = {line.source: line for line in health.scores() if (line.column, line.dimension) == ("birth_date", "completeness")}
    assert {source: (line.score, line.change) for source, line in found.items()} == {"core": (100.0, None), "partner": (0.0, None)}


# Late and twice, stopped feeds


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


def _events(until: datetime) -> str:
    """Something every hour for forty days, until the instant."""
    at = [until - timedelta(hours=number) for number in range(40 * 24)]
    rows = "".join(f"v{number},K1,{moment.isoformat()},login\n" for number, moment in enumerate(at))
    return f"event_id,customer_id,at,kind\n{rows}"


@pytest.mark.parametrize(
    ("until", "said"),
    [("2026-11-23T23:30", ""), ("2026-11-23T18:00", "行为数据停在昨天18:00，之后的变化这里看不到")],
)
def test_a_stopped_feed_is_told_from_its_own_rhythm(house: House, tmp_path: Path, until: str, said: str) -> None:
    folder = copy_of(HAND_BANK, tmp_path / "bank")
    (folder / "manifest.json").write_text(json.dumps(_MANIFEST), encoding="utf-8")
    (folder / "app_events.csv").write_text(_events(datetime.fromisoformat(until).replace(tzinfo=BANK_ZONE)), encoding="utf-8")
    house.load(folder)

    feeds = house.facts.freshness()
    events = next(feed for feed in feeds if feed.feed == "app_events")
    assert has_stopped(events, NOW) is bool(said)
    assert caveat([events], "profile", NOW) == said
    timely = scores(house)["app_events", "", "timeliness"].score
    assert timely == 100.0 if not said else timely < 70


def test_the_rhythm_of_a_feed_is_its_own(house: House, tmp_path: Path) -> None:
    evenings = [datetime(2026, 11, 23, 18, 0, tzinfo=BANK_ZONE) - timedelta(days=number) for number in range(200)]
    months = [date(2025 + (number + 10) // 12, (number + 10) % 12 + 1, 1) for number in range(12)]  # November 2025 to October 2026
    folder = bank(
        tmp_path / "bank",
        persons=people("P1,唐果,,1988-08-08,,"),
        accounts="account_id,customer_id,kind,opened_on\nA,P1,deposit,2020-01-01\n",
        balances="account_id,on,balance\n" + "".join(f"A,{month},1.00\n" for month in months),
        app_events="event_id,customer_id,at,kind\n" + "".join(f"v{n},P1,{at.isoformat()},login\n" for n, at in enumerate(evenings)),
    )
    house.load(folder)
    feeds = {feed.feed: feed for feed in house.facts.freshness()}

    # Every evening at six: six hours are silent at each close. A day's balance is the end of that day.
    assert (feeds["app_events"].usual_silence, feeds["app_events"].closes) == (timedelta(hours=6), 90)
    assert feeds["app_events"].last_at == evenings[0]
    assert feeds["balances"].last_at == datetime(2026, 10, 2, tzinfo=BANK_ZONE)
    # A month is silent for up to 30 days at a close; the few longest of 90 closes lie above the 95 %.
    assert timedelta(days=27) <= (feeds["balances"].usual_silence or timedelta()) <= timedelta(days=30)
    # One person came, once: there is nothing to learn from.
    assert feeds["persons"].closes == 0
    assert not has_stopped(feeds["balances"], NOW)


@pytest.mark.parametrize(("until", "stopped"), [("2026-11-23T18:00", True), ("2026-11-23T23:30", False)])
def test_a_profile_asked_for_in_either_wording_says_that_a_feed_has_stopped(tmp_path: Path, until: str, stopped: bool) -> None:
    folder = copy_of(HAND_BANK, tmp_path / "bank")
    (folder / "manifest.json").write_text(json.dumps(_MANIFEST), encoding="utf-8")
    (folder / "app_events.csv").write_text(_events(datetime.fromisoformat(until).replace(tzinfo=BANK_ZONE)), encoding="utf-8")
    manager = Party(Role.RM, "W01")
    with build(Settings(data=tmp_path / "house"), clock=lambda: NOW) as app:
        import_folder(folder, book=SqlBookSink(app.database), facts_folder=app.settings.data / "facts", at=NOW)
        for number, said in enumerate(("马小跳的画像", "帮我查一下马小跳的情况")):
            inbound = Inbound(channel="console", message_id=str(number), sender=manager, text=said, received_at=NOW)
            _, dispatches = app.converse(inbound)
            (text,) = [dispatch.approved.text for dispatch in dispatches if dispatch.approved]
            assert "马小跳" in text
            assert ("行为数据停在昨天18:00" in text) is stopped
            assert text.count("停在") == stopped


def test_a_house_without_facts_has_nothing_to_say(house: House) -> None:
    assert list(house.facts.freshness()) == []


# What is missing for which feature


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


# The book


def test_dealings_of_the_files_reach_the_book(house: House, tmp_path: Path) -> None:
    folder = copy_of(HAND_BANK, tmp_path / "bank")
    (folder / "manifest.json").write_text(json.dumps(_MANIFEST), encoding="utf-8")
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


def test_links_do_not_change_when_the_same_bank_comes_again_in_parts(house: House, tmp_path: Path) -> None:
    rows = ["P1,唐果,,1988-08-08,,12000990004", "P2,唐果,,1988-08-08,,12000990004", "P3,唐果,,1988-08-08,,"]
    house.load(bank(tmp_path / "whole", persons=people(*rows)))
    whole = links(house)
    house.load(bank(tmp_path / "products", as_of="2026-11-24", branches="branch_id,name,city\nZ1,溪口支行,溪口\n"))

    assert whole == links(house)
    assert ("P2", "P1", "same_name_birth_phone", "linked") in whole
    assert {status for one, *_, status in whole if one == "P3"} == {"review"}
