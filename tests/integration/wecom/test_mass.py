"""企业群发: asked of the relationship manager, settled by what the manager does on the phone."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.app import App
from bot.channels.wecom.mass.checks import check_reach
from compliance.days import BANK_ZONE
from domain.book import Consent
from domain.message import Link
from tests.integration.wecom.mass_rig import Bank
from tests.integration.wecom_server.conftest import corp  # noqa: F401  a fixture
from tests.integration.wecom_server.kit import CUSTOMER, OTHER_CUSTOMER, Corp


@pytest.fixture
def bank(corp: Corp, house: Callable[..., App]) -> Bank:  # noqa: F811  the fixture
    return Bank(corp, house)


def test_the_same_words_are_one_confirmation_and_count_as_sent_only_after_it(bank: Bank) -> None:
    for number, key in enumerate(("a", "b")):
        bank.greet(key, to=number)
    assert bank.statuses("a", "b") == ["asked", "asked"]
    assert bank.asked() == []  # collected, nobody was asked yet

    bank.poller.look()
    assert [sorted(entry["customers"]) for entry in bank.asked()] == [sorted((CUSTOMER, OTHER_CUSTOMER))]
    assert (bank.statuses("a", "b"), bank.got()) == (["asked", "asked"], [])
    bank.later(minutes=5)
    assert len(bank.asked()) == 1

    with bank.app.store.reading() as records:
        assert [one.key for one in records.outbox.contacts(bank.customers[0], since=bank.clock() - timedelta(days=1))] == ["a"]
        assert list(records.transcript.of(bank.row("a").conversation_id)) == []
    bank.confirm()
    bank.later(minutes=1)
    assert (bank.statuses("a", "b"), bank.got()) == (["sent", "sent"], [bank.row("a").draft.text])
    with bank.app.store.reading() as records:
        (line,) = records.transcript.of(bank.row("a").conversation_id)
        assert records.audit.verify() is None
        assert [record.action for record in records.audit.of_subject(str(bank.row("a").draft.to))][-2:] == [
            "outbound.asked",
            "outbound.sent",
        ]
    assert (line.author, line.text) == ("bot:peiban", bank.row("a").draft.text)
    assert bank.row("a").sent_at == line.at
    assert bank.row("a").sent_at < bank.clock()


def test_a_link_is_told_in_words_to_whom_confirms_and_to_whom_gets_it(corp: Corp, house: Callable[..., App]) -> None:  # noqa: F811  the fixture
    page = "https://www.bank.example/"
    bank = Bank(corp, house, link_hosts=("www.bank.example",))
    bank.greet("a", links=(Link(label="银行官网", url=page),))
    bank.greet("b", to=1)
    bank.poller.look()
    bank.confirm(0)
    bank.confirm(1)
    assert sorted(bank.got() + bank.got(OTHER_CUSTOMER)) == ["冬至安康，天冷加衣。", f"冬至安康，天冷加衣。\n银行官网：{page}"]


def test_who_is_no_contact_any_more_is_for_a_person_and_who_had_enough_is_not(bank: Bank) -> None:
    bank.corp.admin("settings", mass_cap="day")
    bank.corp.member("send_mass", customers=[CUSTOMER], text="周末愉快")
    bank.greet("a")
    bank.greet("b", to=1)
    bank.poller.look()
    bank.corp.customer("remove", customer=OTHER_CUSTOMER, member="zhou")
    bank.confirm()
    bank.later(minutes=1)

    assert bank.statuses("a", "b") == ["failed", "failed"]
    assert [str(bank.row("b").id) in detail for detail in bank.tasks()] == [True]


def test_what_nobody_confirms_expires_and_cannot_be_sent_any_more(bank: Bank) -> None:
    bank.greet("a", days=1)
    bank.poller.look()
    bank.later(hours=25)
    assert bank.statuses("a") == ["expired"]
    assert "was cancelled" in bank.corp.refused("phones/member/confirm_mass", member="zhou", msgid=bank.asked()[0]["msgid"])
    assert bank.tasks() == []


def test_what_was_confirmed_just_before_the_end_counts(bank: Bank) -> None:
    bank.greet("a", days=1)
    bank.poller.look()
    bank.confirm()
    bank.later(hours=25)
    assert bank.statuses("a") == ["sent"]


def test_a_cap_of_ours_is_counted_before_anybody_is_asked(corp: Corp, house: Callable[..., App]) -> None:  # noqa: F811
    bank = Bank(corp, house, wecom_mass_cap="day1")
    bank.greet("a", days=3)
    bank.poller.look()
    bank.later(hours=24)
    bank.greet("b", days=3)  # the first may still come today
    bank.greet("c", to=1, days=3)
    bank.later(minutes=1)
    assert bank.statuses("a", "b", "c") == ["asked", "failed", "asked"]
    assert [entry["customers"] for entry in bank.asked()] == [[CUSTOMER], [OTHER_CUSTOMER]]
    assert bank.tasks() == []

    bank.confirm(0)
    bank.later(hours=24)
    bank.greet("d", days=3)
    assert bank.statuses("a", "d") == ["sent", "asked"]


def test_who_cannot_be_reached_by_their_manager_is_for_a_person(bank: Bank) -> None:
    with bank.app.store.writing() as records:
        records.contacts.left(CUSTOMER, "zhou", at=bank.clock())
        records.contacts.unbind(OTHER_CUSTOMER)
        assert records.mass.reachable() == frozenset()
    bank.greet("a")
    bank.greet("b", to=1)
    assert bank.statuses("a", "b") == ["failed", "failed"]
    assert len(bank.tasks()) == 2


def test_greetings_of_a_day_reach_who_can_be_reached(corp: Corp, house: Callable[..., App]) -> None:  # noqa: F811
    bank = Bank(corp, house, touch_channel="wecom_mass")
    bank.clock.at = datetime(2026, 12, 22, 8, 0, tzinfo=BANK_ZONE)  # 冬至
    plan = bank.app.toucher.plan(at=bank.clock())
    left_out = [one for one in plan.excluded if "还没有绑定微信" in one.reason]

    assert {one.customer_id for one in plan.planned} == set(bank.customers)
    assert len(left_out) > 10
    assert not {one.customer_id for one in left_out} & set(bank.customers)


def test_who_asks_for_no_more_before_the_confirmation_gets_nothing(bank: Bank) -> None:
    bank.greet("a", days=3)
    bank.greet("b", to=1, days=3)
    bank.poller.look()
    bank.clock.at += timedelta(hours=1)
    with bank.app.store.writing() as records:
        records.book.set_consent(Consent(customer_id=bank.customers[0], purpose="*", granted=False, at=bank.clock(), source="chat"))
    bank.later(minutes=1)

    assert bank.statuses("a", "b") == ["superseded", "asked"]
    assert "was cancelled" in bank.corp.refused("phones/member/confirm_mass", member="zhou", msgid=bank.asked()[0]["msgid"])
    assert [entry["customers"] for entry in bank.asked()[1:]] == [[OTHER_CUSTOMER]]
    bank.confirm()
    bank.later(minutes=1)
    assert (bank.statuses("a", "b"), bank.got(), len(bank.got(OTHER_CUSTOMER))) == (["superseded", "sent"], [], 1)


def test_a_setting_that_is_missing_at_wecom_loses_nothing(bank: Bank) -> None:
    bank.corp.admin("faults", path="externalcontact/add_msg_template", times=1, errcode=48002)
    bank.greet("a", days=3)
    bank.poller.look()
    assert (bank.statuses("a"), bank.asked()) == (["asked"], [])
    bank.later(minutes=1)
    assert len(bank.asked()) == 1


def test_three_reminders_in_working_time_and_one_line_a_day(bank: Bank) -> None:
    bank.greet("a", days=9)
    bank.greet("b", to=1, days=9)
    seen: list[datetime] = []
    for _ in range(24 * 8):
        before = len(bank.asked("mass_reminder"))
        bank.later(hours=1)
        seen += [bank.clock()] * (len(bank.asked("mass_reminder")) - before)

    assert [f"{at:%d %H}" for at in seen] == ["01 14", "02 09", "03 09"]
    with bank.app.store.reading() as records:
        lines = [
            row
            for status in ("pending", "sent", "expired")
            for row in records.outbox.by_status(status)
            if row.key.startswith("mass-waiting")
        ]
    assert sorted(row.key[-5:] for row in lines) == ["12-01", "12-02", "12-03", "12-04", "12-07", "12-08", "12-09"]
    assert "2 位客户" in lines[0].draft.text


def test_an_answer_that_never_came_is_looked_for_and_nobody_is_asked_twice(bank: Bank) -> None:
    bank.corp.admin("faults", path="externalcontact/add_msg_template", times=1, drop="after")
    bank.greet("a", days=3)
    bank.poller.look()
    bank.later(minutes=1)
    assert len(bank.asked()) == 1
    bank.later(minutes=5)
    assert len(bank.asked()) == 1
    bank.confirm()
    bank.later(minutes=1)
    assert (bank.statuses("a"), len(bank.got())) == (["sent"], 1)


def test_a_call_that_was_not_heard_is_made_again_once_that_is_certain(bank: Bank) -> None:
    bank.corp.admin("faults", path="externalcontact/add_msg_template", times=1, drop="before")
    bank.greet("a", days=3)
    bank.poller.look()
    bank.later(minutes=1)
    assert bank.asked() == []
    bank.later(minutes=5)
    assert len(bank.asked()) == 1
    bank.later(minutes=10)
    assert len(bank.asked()) == 1


def test_the_doctor_says_who_can_be_reached(bank: Bank) -> None:
    assert (check_reach(bank.app.store).outcome.value, check_reach(bank.app.store).found) == ("good", "已绑定、可以群发的客户 2 位")
    with bank.app.store.writing() as records:
        for customer_id in records.mass.reachable():
            for binding in records.contacts.bindings_of(customer_id):
                records.contacts.unbind(binding.external_userid)
    assert check_reach(bank.app.store).outcome.value == "note"
