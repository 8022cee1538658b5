"""A feed that has stopped is told from its own rhythm, and said where an answer rests on it."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import build
from compliance.days import BANK_ZONE
from config.settings import Settings
from crm.importing.run import import_folder
from crm.measuring.freshness import caveat, has_stopped
from domain.message import Inbound
from domain.party import Party, Role
from storage.book_import import SqlBookSink
from tests.integration.import_kit import HAND_BANK, House, copy_of
from tests.integration.measuring.measuring_kit import MANIFEST, NOW, bank, people, scores


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
    (folder / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
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
    (folder / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
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
