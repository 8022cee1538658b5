"""People add members of staff in WeChat: the welcome, once and in time; what is kept of them, and what goes back as tags and remarks."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.wecom.contacts.channel import ContactsChannel
from bot.channels.wecom.contacts.ways import contact_way, state_of
from bot.channels.wecom.contacts.welcome import open_benefit
from bot.channels.wecom.contacts.wiring import attach_contacts
from compliance.days import bank_day
from domain.contact_events import Stage
from tests.integration.wecom.contacts_rig import ContactsRig, contacts_rig

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rig(bank_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContactsRig]:
    with contacts_rig(bank_template, tmp_path_factory.mktemp("contacts") / "data") as made:
        yield made


def test_three_calls_of_one_event_welcome_once(rig: ContactsRig) -> None:
    person = rig.person()
    rig.corp.admin("callbacks", twice=1)
    way = contact_way(rig.app.store, rig.contacts_client, userid="Zhou", state=state_of("S0003", ""), at=rig.app.clock())
    before = rig.tries()
    rig.corp.customer("add", customer=person, config_id=way.config_id)
    rig.work()
    rig.work()
    assert rig.tries() == before + 1
    (welcome,) = rig.welcomes(person)
    with rig.app.store.reading() as records:
        member = records.book.staff("S0003")
        assert member is not None
        assert not records.contact_events.at(Stage.NOTED, now=rig.app.clock())
    assert member.name in welcome
    assert member.phone in welcome
    assert "智能助手" in welcome
    kept = rig.contact(person)
    assert (kept.name, kept.state, kept.left_at) == ("小满", "qr-S0003", None)
    assert not rig.held()
    again = contact_way(rig.app.store, rig.contacts_client, userid="zhou", state=state_of("S0003", ""), at=rig.app.clock())
    assert again == replace(way, new=False)


def test_the_welcome_comes_by_itself_and_at_night_too(rig: ContactsRig) -> None:
    rig.advance(12 * 3600)
    channel = rig.app.channels["wecom_contacts"]
    assert isinstance(channel, ContactsChannel)
    rig.app.mover.start()
    rig.contacts.reception.start()
    person = rig.person()
    rig.corp.customer("add", customer=person, member="he")
    deadline = time.monotonic() + 3.0  # far less than the next look anyway
    while not rig.welcomes(person):
        assert time.monotonic() < deadline, "nobody was welcomed"
        time.sleep(0.02)
    rig.app.mover.stop()
    rig.contacts.reception.stop()
    rig.contacts.reception = attach_contacts(rig.app, channel).reception
    rig.advance(12 * 3600)


def test_a_code_that_is_too_old_or_was_used_by_somebody_is_left_alone(rig: ContactsRig) -> None:
    late, other = rig.person(), rig.person()
    rig.corp.customer("add", customer=late, member="he")
    rig.hear()
    rig.advance(21)
    before = rig.tries()
    rig.work()
    assert rig.tries() == before, "what is too late is not tried"
    code = rig.corp.customer("add", customer=other, member="he")["WelcomeCode"]
    rig.corp.contact("send_welcome_msg", welcome_code=code, text={"content": "何静自己写的"})
    rig.work()
    assert rig.welcomes(late) == []
    assert rig.welcomes(other) == ["何静自己写的"]
    assert not rig.held()
    assert rig.contact(late, "he").name == "小满"


@pytest.mark.parametrize(("waits_s", "welcomed"), [(15, 1), (25, 0)])
def test_killed_after_the_event_was_stored(rig: ContactsRig, waits_s: int, welcomed: int) -> None:
    """What worked the event is gone before it did; who comes after it finds the event, and welcomes while the code is good."""
    person = rig.person()
    rig.corp.customer("add", customer=person, member="he")
    rig.hear()
    rig.advance(waits_s)
    channel = rig.app.channels["wecom_contacts"]
    assert isinstance(channel, ContactsChannel)
    rig.contacts.reception = attach_contacts(rig.app, channel).reception
    before = rig.tries()
    rig.work()
    assert len(rig.welcomes(person)) == rig.tries() - before == welcomed
    assert not rig.held()


@pytest.mark.parametrize("arrived", [False, True])
def test_killed_while_the_welcome_was_on_its_way(rig: ContactsRig, arrived: bool) -> None:
    person = rig.person()
    code = rig.corp.customer("add", customer=person, member="he")["WelcomeCode"]
    rig.hear()
    rig.contacts.reception.work()
    with rig.app.store.writing() as records:
        row = records.outbox.claim(now=rig.app.clock(), worker="dead", lease_s=60)
        assert row is not None
    if arrived:
        rig.corp.contact("send_welcome_msg", welcome_code=code, text={"content": row.draft.text})
    with rig.app.store.writing() as records:
        records.outbox.expire("dead", at=rig.app.clock())
    rig.app.door.recover(at=rig.app.clock())
    rig.work()
    assert rig.welcomes(person) == [row.draft.text]
    assert not rig.held()


def test_a_customer_reads_of_a_benefit_and_gets_tags_and_a_remark_that_never_echo(rig: ContactsRig) -> None:
    on = bank_day(rig.app.clock())
    with rig.app.store.reading() as records:
        tagged = [one for one in records.book.customers() if one.segments]
        customer, benefit = next((one, found) for one in tagged if (found := open_benefit(records, one.id, on=on)))
    theirs = rig.corp.member("make_tag", group_name="客户经理", tag=[{"name": "爱下棋"}])["tag_group"]["tag"][0]["id"]
    person = rig.person()
    rig.bind(person, customer.id)
    rig.corp.customer("add", customer=person, member="zhou")
    rig.work()
    (welcome,) = rig.welcomes(person)
    assert f"“{benefit.name}”" in welcome
    shown = rig.follow(person)
    assert sorted(tag["tag_name"] for tag in shown["tags"]) == sorted(customer.segments)
    assert {tag["group_name"] for tag in shown["tags"]} == {"陪伴"}
    assert shown["remark"] == customer.name[:20]
    ours = [tag["tag_id"] for tag in shown["tags"]]

    rig.corp.member("edit", customer=person, tags=[theirs, ours[0]], remark="棋友老周")
    rig.work()
    assert rig.contact(person).tags == (theirs,)
    assert rig.contact(person).remark == "棋友老周"
    assert {tag["tag_id"] for tag in rig.follow(person)["tags"]} == {theirs, *ours}
    assert rig.follow(person)["remark"] == "棋友老周"

    rig.corp.http("DELETE", "/_sandbox/counters")
    assert rig.contacts.sync.run().marked == 0
    counted = json.loads(rig.corp.http("GET", "/_sandbox/counters")[1])
    assert counted["externalcontact/batch/get_by_user"] > 0
    assert not {"externalcontact/mark_tag", "externalcontact/remark"} & set(counted)
    assert rig.contact(person).tags == (theirs,)


def test_a_removed_member_gets_a_task_and_the_contact_stays_ended(rig: ContactsRig) -> None:
    person = rig.person()
    rig.corp.customer("add", customer=person, member="zhou")
    rig.work()
    rig.advance(60)
    rig.corp.customer("remove", customer=person, member="zhou")
    rig.work()
    (task,) = [one for one in rig.tasks() if "移出" in one.title]
    assert (task.assignee, task.urgency) == ("S0003", "normal")
    assert rig.contact(person).left_at is not None
    rig.contacts.sync.run()
    assert rig.contact(person).left_at is not None, "the member's list still holds them, and the look revived them"
    rig.advance(60)
    rig.corp.customer("add", customer=person, member="zhou")
    rig.work()
    assert rig.contact(person).left_at is None
    assert len(rig.welcomes(person)) == 2


def test_250_contacts_of_three_members(rig: ContactsRig) -> None:
    people = [rig.person(f"客户{number}") for number in range(250)]
    rig.corp.admin("callbacks", hold=True)
    for number, person in enumerate(people):
        rig.corp.customer("add", customer=person, member=("zhou", "he", "lin")[number % 3])
    told: list[tuple[int, int]] = []
    rig.advance(timedelta(days=1).total_seconds())
    assert rig.contacts.sync.due()
    found = rig.contacts.sync.run(lambda done, of: told.append((done, of)))
    assert not rig.contacts.sync.due()
    assert found.contacts >= 250
    assert told[-1] == (3, 3)
    assert {rig.contact(person, ("Zhou", "he", "lin")[number % 3]).name for number, person in enumerate(people)} == {
        f"客户{number}" for number in range(250)
    }
    rig.corp.member("remove", "he", customer=people[1])
    assert rig.contacts.sync.run().ended == 1
    assert rig.contact(people[1], "he").left_at is not None
    rig.corp.admin("callbacks", hold=False)
    rig.work()
    assert rig.contact(people[1], "he").left_at is not None
    assert rig.welcomes(people[0]) == []


def test_the_banks_page_goes_with_the_welcome_where_the_settings_name_it(bank_template: Path, tmp_path: Path) -> None:
    home = "https://www.bank.example/"
    with contacts_rig(bank_template, tmp_path / "data", bank_pages={"home": home}, link_hosts=("www.bank.example",)) as rig:
        person = rig.person()
        rig.corp.customer("add", customer=person, member="he")
        rig.work()
        (welcome,) = [one["body"] for one in rig.corp.seen(f"customer:{person}") if one["kind"] == "welcome"]
    assert welcome["attachments"] == [{"msgtype": "link", "link": {"title": "银行官网", "url": home}}]
