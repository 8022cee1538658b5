"""Plays every dialogue through the whole app: inbox, dialogue, one transaction, gate, transcript; in a real database."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.app import App, build
from compliance.stepup import code_at
from config.settings import Settings
from crm.importing.book_rows import name_key
from domain.book import Activity, Assets, FeedFreshness
from domain.conversation import Conversation, Event, step
from domain.message import Inbound
from domain.party import Party, Role
from storage.book_import import SqlBookSink
from storage.engine import Database
from storage.migrate import migrate
from tests.conftest import MORNING, MovableClock
from tests.dialogues.loader import ONE_TIME_CODE, ExpectedDialogue, dialogues
from tests.dialogues.world import ASSESSMENTS, BRANCHES, CUSTOMERS, HOLDINGS, PRODUCTS, SECRET, STAFF, complaint_of

_AS_OF = date(2026, 11, 20)


class WorldFacts:
    """The facts of that bank: everybody has the same."""

    as_of = _AS_OF
    feeds: tuple[FeedFreshness, ...] = ()  # each dialogue sets its own

    def assets(self, customer_id: str, *, on: date) -> Assets:
        as_of = on - timedelta(days=1)
        return Assets(customer_id=customer_id, as_of=as_of, aum=Decimal("523100.00"), month_average=Decimal("498000.00"), holdings=HOLDINGS)

    def activity(self, customer_id: str, *, on: date, days: int) -> Activity:
        as_of = on - timedelta(days=1)
        return Activity(customer_id=customer_id, as_of=as_of, days=days, active_days=8, transactions=12, last_on=as_of)

    def freshness(self) -> tuple[FeedFreshness, ...]:
        return self.feeds

    def sizes(self) -> None:
        return None


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, MovableClock]]:
    """One house for all dialogues: each is held on a channel of its own name, so that they do not meet."""
    folder: Path = tmp_path_factory.mktemp("dialogues")
    database = Database(f"sqlite:///{folder / 'peiban.db'}")
    migrate(database)
    with SqlBookSink(database).writing() as book:
        book.put_branches(BRANCHES, as_of=_AS_OF)
        book.put_staff(STAFF, as_of=_AS_OF)
        book.put_customers([(customer, name_key(customer.name)) for customer in CUSTOMERS], as_of=_AS_OF)
        book.put_products(PRODUCTS)
        book.put_risk_assessments(ASSESSMENTS.values())
        for member in STAFF:
            book.enrol(member.id, SECRET)
    database.close()
    clock = MovableClock(MORNING)
    with build(Settings(data=folder, sandbox=True), clock=clock, facts=WorldFacts()) as app:
        yield app, clock


@pytest.fixture
def fresh(house: tuple[App, MovableClock]) -> Iterator[tuple[App, MovableClock]]:
    """The house with nobody in the queue, no grant and no used code."""
    app, _ = house
    yield house
    with app.store.writing() as records:
        for table in ("inbox", "outbox", "conversations", "transcript", "tasks", "stepup_grants", "consents"):
            records.connection.exec_driver_sql(f"DELETE FROM {table}")  # numbers of tasks begin with one again
        records.connection.exec_driver_sql("UPDATE stepup_secrets SET last_step = 0, failures = 0, locked_until = NULL")


@pytest.mark.parametrize("dialogue", dialogues(), ids=lambda dialogue: dialogue.name)
def test_dialogue(fresh: tuple[App, MovableClock], dialogue: ExpectedDialogue) -> None:
    app, clock = fresh
    clock.at = dialogue.at
    party = Party.parse(dialogue.who)
    _arrange(app, dialogue, party)
    for number, expected in enumerate(dialogue.turns, start=1):
        clock.at += expected.after
        text = expected.say.replace(ONE_TIME_CODE, code_at(SECRET, clock.at))
        inbound = Inbound(channel="console", message_id=f"{dialogue.name}-{number}", sender=party, text=text, received_at=clock.at)
        outcome, dispatches = app.converse(inbound)
        assert outcome is not None
        said = "\n".join(dispatch.approved.text for dispatch in dispatches if dispatch.status == "sent" and dispatch.approved)
        kept = [finding.reason for dispatch in dispatches for finding in dispatch.findings]
        where = f"{dialogue.name} turn {number} “{expected.say}” -> {outcome.intent}: {said} {kept}"

        assert not kept, where
        assert outcome.intent in expected.intent.split("|"), where
        kinds = {effect.kind for effect in outcome.effects}
        assert set(expected.effects) <= kinds, f"{where}\neffects {sorted(kinds)}"
        assert not set(expected.no_effects) & kinds, f"{where}\neffects {sorted(kinds)}"
        for pattern in expected.reply:
            assert re.search(pattern, said), f"{where}\nmisses {pattern}"
        for pattern in expected.absent:
            assert not re.search(pattern, said), f"{where}\nhas {pattern}"
        state = outcome.conversation.form
        assert expected.slots.items() <= dict(state.slots if state else ()).items(), f"{where}\nslots {state}"


def _arrange(app: App, dialogue: ExpectedDialogue, party: Party) -> None:
    """Put the customers who wait, or whom the RM holds, where the dialogue finds them."""
    assert isinstance(app.facts, WorldFacts)
    app.facts.feeds = dialogue.feeds
    at = dialogue.at - timedelta(minutes=12)
    with app.store.writing() as records:
        for customer_id in (*dialogue.waiting, *dialogue.holding):
            customer = Party(Role.CUSTOMER, customer_id)
            waiting = step(Conversation(id=f"web:{customer}", channel="web", party=customer), Event.HANDOFF_REQUESTED, at=at)
            if customer_id in dialogue.holding:
                waiting = step(replace(waiting, version=0), Event.TAKEN_OVER, at=at, staff=party.id)
            records.conversations.save(waiting, at=at)
        for number, customer_id in enumerate(dialogue.complaints, start=1):
            title = complaint_of(customer_id)
            records.tasks.open(key=str(number), kind="complaint", title=title, detail="", at=at, customer_id=customer_id)
