"""A bank is played through the command: what must hold is checked by it, and the same seed gives the same play in any process."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bot.app import build
from bot.channels.play import Delivered, PlayChannel
from bot.commands.play import play
from bot.playing.checks import Ledger, check_all
from bot.playing.record import Record
from compliance.days import BANK_ZONE
from config.settings import Settings
from crm.facts import ParquetFacts
from crm.importing.run import import_folder
from domain.party import Party
from sandbox.players.intended import Reaction
from sandbox.players.players import Players
from storage.book_import import SqlBookSink
from storage.engine import Database

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.long(seconds=35)]  # days are played in processes of their own

FIRST, DAYS = date(2026, 11, 29), 10  # 大雪 is on the seventh of December


def start(data: Path, files: Path, *options: str, hash_seed: str = "0") -> subprocess.Popen[str]:
    # On WeCom, where people answer more often than by the bank's app: few customers are enough.
    environment = os.environ | {"PEIBAN_DATA": str(data), "PEIBAN_TOUCH_CHANNEL": "wecom", "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-m", "bot", "sandbox", "play", "--bank", str(files), "--json", *options]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def table(data: Path, name: str, condition: str) -> int:
    """How many rows of the facts there are for which it holds."""
    snapshot = json.loads((data / "facts" / "manifest.json").read_text(encoding="utf-8"))["snapshot"]
    path = data / "facts" / "snapshots" / snapshot / f"{name}.parquet"
    with duckdb.connect() as facts:
        return int(facts.execute(f"SELECT count(*) FROM '{path}' AS {name} WHERE {condition}").fetchall()[0][0])


def a_bank(template: Path, to: Path) -> Path:
    shutil.copytree(template, to)
    return to


@pytest.fixture(scope="module")
def plays(bank_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, dict[str, Any]]]:
    """The same ten days in two processes whose sets and dictionaries are ordered differently."""
    folder, files = tmp_path_factory.mktemp("plays"), bank_template.parent / "files"
    options = ("--from", FIRST.isoformat(), "--days", str(DAYS), "--seed", "3")
    homes = [a_bank(bank_template, folder / name) for name in ("one", "other")]
    running = [start(data, files, *options, hash_seed=seed) for data, seed in zip(homes, ("1", "4242"), strict=True)]
    found = []
    for data, process in zip(homes, running, strict=True):
        out, errors = process.communicate(timeout=280)
        assert process.returncode == 0, errors[-2000:]
        found.append((data, json.loads(out)))
    return found


def test_the_same_seed_gives_the_same_play_in_any_process(plays: list[tuple[Path, dict[str, Any]]]) -> None:
    assert plays[0][1] == plays[1][1]


def test_people_are_greeted_and_talk_and_everything_that_must_hold_holds(plays: list[tuple[Path, dict[str, Any]]]) -> None:
    _, body = plays[0]
    greeting = body["touches"]["solar_term"]

    assert [check["name"] for check in body["checks"] if check["breach"]] == []
    assert {check["name"]: check["cases"] for check in body["checks"]}["nothing_in_quiet_hours"] == greeting["delivered"]
    assert greeting["planned"] + sum(greeting["left_out"].values()) == body["customers"]
    assert 0 < greeting["answered"] <= greeting["read"] <= greeting["delivered"] == body["messages"]["touch"]
    assert body["customers_said"]["messages"] == sum(body["customers_said"]["intents"].values())
    assert body["messages"]["reply"] > 0


def test_what_happened_is_in_the_facts(plays: list[tuple[Path, dict[str, Any]]]) -> None:
    data, body = plays[0]
    facts = ParquetFacts(data / "facts")

    assert facts.as_of == FIRST + timedelta(days=DAYS - 1)
    assert body["delivered_to_us"]["deliveries"] == DAYS
    lived = f"direction = 'out' AND contacts.at >= TIMESTAMPTZ '{FIRST} 00:00:00+08:00'"  # the bank had contacts of its own before
    assert table(data, "contacts", lived) == body["messages"]["touch"] + body["messages"].get("reply_by_person", 0)


def test_a_bank_that_has_lived_is_not_played_again_from_an_earlier_day(
    plays: list[tuple[Path, dict[str, Any]]], bank_template: Path
) -> None:
    again = start(plays[1][0], bank_template.parent / "files", "--from", FIRST.isoformat(), "--days", "1")
    _, errors = again.communicate(timeout=120)

    assert again.returncode == 2
    assert "has lived until 2026-12-08" in errors


def test_days_played_in_two_calls_are_the_days_played_in_one(
    plays: list[tuple[Path, dict[str, Any]]], tmp_path: Path, bank_template: Path
) -> None:
    data, files = a_bank(bank_template, tmp_path / "data"), bank_template.parent / "files"
    parts = []
    for options in (("--from", FIRST.isoformat(), "--days", "9"), ("--days", str(DAYS - 9))):  # the greeting is on the ninth day
        out, errors = start(data, files, *options, "--seed", "3").communicate(timeout=200)
        assert out, errors[-2000:]
        parts.append(json.loads(out))

    whole = plays[0][1]
    for counts in (
        lambda body: body["messages"],
        lambda body: body["customers_said"]["acts"],
        lambda body: body["delivered_to_us"]["rows"],
    ):
        first, second = (Counter(counts(body)) for body in parts)
        assert first + second == Counter(counts(whole))
    assert [check["breach"] for body in parts for check in body["checks"] if check["breach"]] == []


class Scripted(Players):
    """The people of a bank, of whom some do what the test says on the first day."""

    script: tuple[Reaction, ...] = ()

    def morning(self, on: date, customers: Sequence[str], *, channel: str) -> list[Reaction]:
        return [*super().morning(on, customers, channel=channel), *(one for one in self.script if one.at.date() == on)]


def test_a_second_play_knows_who_refused_complained_and_bought_in_the_first(tmp_path: Path, bank_template: Path) -> None:
    data, files = a_bank(bank_template, tmp_path / "data"), bank_template.parent / "files"
    settings = Settings(data=data, sandbox=True, touch_channel="wecom")
    first_day, greeting = datetime(2026, 12, 1, 11, 0, tzinfo=BANK_ZONE), datetime(2026, 12, 7, 0, 0, tzinfo=BANK_ZONE)  # 大雪
    with build(settings, clock=lambda: greeting) as app:
        willing = [touch.customer_id for touch in app.toucher.look(at=greeting).planned]
    refuses, complains = willing[:2]
    buy = Reaction(customer_id="", act="buy", at=first_day, channel="wecom", product="P-103")
    trial = Players(bank=files, played=tmp_path / "trial", seed=3)
    buys = next(one for who in willing[2:] if trial.happened(one := replace(buy, customer_id=who)))
    first = Scripted(bank=files, played=data / "played", seed=3)
    first.script = (
        replace(buy, customer_id=refuses, act="opt_out", text="退订"),
        replace(buy, customer_id=complains, act="complain", text="我要投诉，转账失败还扣了我手续费"),
        buys,
    )

    played = play(settings, first, days=2, first=first_day.date(), seed=3)
    held = ParquetFacts(data / "facts").assets(buys.customer_id, on=date(2026, 12, 2))
    second = play(settings, Players(bank=files, played=data / "played", seed=3), days=11, first=None, seed=3)

    assert (played["opted_out"]["said"], played["complaints"]["opened"], played["purchases"]["count"]) == (1, 1, 1)
    assert [check["breach"] for check in (*played["checks"], *second["checks"]) if check["breach"]] == []
    assert (second["from"], second["opted_out"]["before"]) == ("2026-12-03", 1)
    with sqlite3.connect(data / "peiban.db") as database:
        greeted = {row[0] for row in database.execute("SELECT occasion FROM outbox WHERE status = 'sent' AND occasion IS NOT NULL")}
    database.close()
    assert not [occasion for occasion in greeted if occasion.endswith(refuses)]
    assert [occasion for occasion in greeted if occasion.endswith(buys.customer_id)]
    settled = f"customer_id = '{complains}' AND opened_at::DATE = DATE '2026-12-01' AND resolved_at IS NOT NULL"
    assert table(data, "complaints", settled) == 1
    assert second["complaints"] == {"opened": second["complaints"]["opened"], "closed": second["complaints"]["opened"] + 1, "open": 0}
    later = ParquetFacts(data / "facts").assets(buys.customer_id, on=date(2026, 12, 13))
    assert held is not None
    assert later is not None
    assert later.aum == held.aum


@pytest.mark.crash
def test_a_play_that_was_killed_goes_on_with_the_next_day(tmp_path: Path, bank_template: Path) -> None:
    data, files = a_bank(bank_template, tmp_path / "data"), bank_template.parent / "files"
    process = start(data, files, "--from", "2026-12-05", "--days", "300")
    third_day = data / "played" / "day-2026-12-07"
    for _ in range(1200):
        if third_day.is_dir() or process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert third_day.is_dir()
    undelivered = Players(bank=files, played=data / "played", seed=9)  # written down, and killed before it was taken in
    at = datetime(2026, 12, 20, 11, 0, tzinfo=BANK_ZONE)
    undelivered.happened(Reaction(customer_id="C000001", act="complain", at=at, channel="wecom", text="我要投诉，排队太久"))
    undelivered.close_day(date(2026, 12, 20))

    again = start(data, files, "--days", "2")
    out, errors = again.communicate(timeout=200)

    assert again.returncode == 0, errors[-2000:]
    body = json.loads(out)
    assert body["from"] == "2026-12-21"
    assert table(data, "complaints", "customer_id = 'C000001' AND opened_at::DATE = DATE '2026-12-20'") == 1
    assert ParquetFacts(data / "facts").as_of == date.fromisoformat(body["from"]) + timedelta(days=1)


def test_a_real_bank_is_not_played(tmp_path: Path, bank_template: Path) -> None:
    data = a_bank(bank_template, tmp_path / "data")
    with sqlite3.connect(data / "peiban.db") as database:  # as if its people had enrolled in person
        database.execute("UPDATE stepup_secrets SET sandbox = 0")
    database.close()

    refused = start(data, bank_template.parent / "files", "--days", "1")
    _, errors = refused.communicate(timeout=120)

    assert refused.returncode == 2
    assert "only a simulated bank is played" in errors


def test_a_folder_that_is_no_bank_is_said_in_one_line(tmp_path: Path, bank_template: Path) -> None:
    data = a_bank(bank_template, tmp_path / "data")
    (tmp_path / "files" / "truth").mkdir(parents=True)
    (tmp_path / "files" / "truth" / "needs.csv").write_text("who,what\nC000001,gold\n", encoding="utf-8")

    refused = start(data, tmp_path / "files", "--days", "1")
    _, errors = refused.communicate(timeout=120)

    assert refused.returncode == 2
    assert errors.count("\n") == 1
    assert "does not keep docs/data-contract.md (KeyError: 'customer_id')" in errors


def test_a_breach_is_named_and_ends_with_one(plays: list[tuple[Path, dict[str, Any]]], tmp_path: Path, bank_template: Path) -> None:
    data, files = a_bank(plays[0][0], tmp_path / "data"), bank_template.parent / "files"
    with sqlite3.connect(data / "peiban.db") as database:
        database.execute("UPDATE audit SET subject = 'somebody else' WHERE seq = 2")
    database.close()

    process = start(data, files, "--days", "1")
    out, errors = process.communicate(timeout=120)

    assert process.returncode == 1
    assert "audit_whole: record 2 is broken" in errors
    assert [check["name"] for check in json.loads(out)["checks"] if check["breach"]] == ["audit_whole"]


def test_what_the_bank_writes_down_of_a_purchase_changes_what_the_customer_has(tmp_path: Path, bank_template: Path) -> None:
    data, files = a_bank(bank_template, tmp_path / "data"), bank_template.parent / "files"
    on = date(2026, 11, 24)
    players = Players(bank=files, played=tmp_path / "played", seed=1)
    at = datetime(2026, 11, 24, 11, 0, tzinfo=BANK_ZONE)
    buys = (Reaction(customer_id=f"C{number:06d}", act="buy", at=at, channel="web", product="P-103") for number in range(1, 41))
    buyer, amount = next((one.customer_id, amount) for one in buys if (amount := players.happened(one)))  # who can pay for it
    before = ParquetFacts(data / "facts").assets(buyer, on=on)
    players.happened(Reaction(customer_id="C000002", act="complain", at=at, channel="web", text="我要投诉，排队太久"))
    players.happened(Reaction(customer_id="C000003", act="opt_out", at=at, channel="web", text="退订"))

    database = Database(f"sqlite:///{data / 'peiban.db'}")
    report = import_folder(players.close_day(on), book=SqlBookSink(database), facts_folder=data / "facts", at=at)
    database.close()
    after = ParquetFacts(data / "facts").assets(buyer, on=on)

    assert report.rejected == 0
    assert {feed.feed for feed in report.feeds} == {"transactions", "balances", "holdings", "contacts", "complaints", "outcomes"}
    assert before is not None
    assert after is not None
    assert after.aum == before.aum  # the money only moved
    held = [sum((one.amount for one in assets.holdings if one.product_code == "P-103"), Decimal(0)) for assets in (before, after)]
    assert held[1] - held[0] == Decimal(amount)


def message(key: str, *, at: datetime, purpose: str = "touch") -> Delivered:
    return Delivered(
        key=key,
        to=Party.parse("customer:C000001"),
        channel="web",
        conversation_id="web:customer:C000001",
        purpose=purpose,
        at=at,
        text="",
        products=(),
        buttons=(),
        staff_id="",
        notice=False,
        asked=False,
    )


def test_each_check_can_fail(house: Any) -> None:
    app = house()
    channel = PlayChannel("web", app.clock, arrived=lambda _: None)
    noon = datetime(2026, 12, 7, 12, 0, tzinfo=BANK_ZONE)
    channel.delivered += [message("a", at=noon), message("b", at=noon + timedelta(hours=10))]
    channel.repeated.append("a")
    record = Record(refused_from={"C000001": 1}, talked_over=["c"], lost=["customer:C000001 at noon"], deliveries=1, rejected=2)
    ledger = Ledger(rows=(), dead_letters=frozenset())

    broken = {check.name: check.breach for check in check_all(app, channel=channel, record=record, ledger=ledger)}

    assert broken == {
        "no_dead_letters": "what customer:C000001 at noon said was not dealt with",
        "nothing_sent_twice": "a reached the channel twice",
        "nothing_in_doubt": "",
        "nobody_contacted_after_opting_out": "C000001 refused, and got b on 12-07 22:00",
        "nothing_in_quiet_hours": "b at 12-07 22:00",
        "one_a_day": "C000001 was contacted 2 times on 2026-12-07",
        "silent_while_a_person_answers": "c",
        "delivery_taken_whole": "2 rows were refused",
        "audit_whole": "",
    }
    channel.repeated.clear()
    named = {check.name: check.breach for check in check_all(app, channel=channel, record=Record(), ledger=ledger)}
    assert named["nothing_sent_twice"] == "a is in only one of channel and ledger"
