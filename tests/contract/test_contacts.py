"""What every database must answer for contacts and bindings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.binding import ISSUED_WITHIN, LASTS, LOCK_FOR, WRONG_TO_LOCK, BindCode
from domain.contact_events import ContactEvent, Stage
from domain.contacts import Binding, Contact
from storage.records import SqlStore

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ADDED = Contact(external_userid="wmA", userid="ZhouMin", name="小满", remark="张伟", state="s1", tags=("t1", "t2"), added_at=AT)
BOUND = Binding(external_userid="wmA", customer_id="C1", at=AT, how="rm_code", by="rm:S0003")


def test_contacts_are_kept_overwritten_and_ended(store: SqlStore) -> None:
    second = replace(ADDED, userid="LiNa", added_at=AT + timedelta(days=1))
    with store.writing() as records:
        records.contacts.keep([second, ADDED])
        records.contacts.keep([replace(ADDED, tags=("t3",))])

    with store.writing() as records:
        assert records.contacts.contact("wmA", "ZhouMin") == replace(ADDED, tags=("t3",))
        assert [one.userid for one in records.contacts.followers("wmA")] == ["ZhouMin", "LiNa"]
        assert [one.external_userid for one in records.contacts.of_member("LiNa")] == ["wmA"]
        assert records.contacts.left("wmA", "LiNa", at=AT + timedelta(days=2))
        assert not records.contacts.left("wmA", "LiNa", at=AT + timedelta(days=3))
        assert not records.contacts.left("nobody", "LiNa", at=AT)
        assert [one.userid for one in records.contacts.followers("wmA")] == ["ZhouMin"]
        ended = records.contacts.contact("wmA", "LiNa")
        assert ended is not None
        assert ended.left_at == AT + timedelta(days=2)
        records.contacts.keep([second])  # added again
        assert len(records.contacts.followers("wmA")) == 2


def test_a_person_is_one_customer_and_a_customer_may_be_several_people(store: SqlStore) -> None:
    other = replace(BOUND, external_userid="wmB", at=AT + timedelta(hours=1))
    with store.writing() as records:
        records.contacts.bind(BOUND)
        records.contacts.bind(other)
        assert records.contacts.customers_of(["wmA", "wmB", "wmC"]) == {"wmA": "C1", "wmB": "C1"}
        assert records.contacts.customers_of([]) == {}
        assert records.contacts.bindings_of("C1") == [other, BOUND]
        moved = replace(BOUND, customer_id="C2")
        records.contacts.bind(moved)
        assert records.contacts.customers_of(["wmA"]) == {"wmA": "C2"}
        assert records.contacts.unbind("wmA") == moved
        assert records.contacts.unbind("wmA") is None


def test_contacts_of_several_people_and_many_ended_at_once(store: SqlStore) -> None:
    second, third = replace(ADDED, userid="LiNa"), replace(ADDED, external_userid="wmB")
    with store.writing() as records:
        records.contacts.keep([ADDED, second, third])
        records.contacts.end([ADDED, third], at=AT)
        records.contacts.end([third], at=AT + timedelta(days=1))
        assert records.contacts.of_people(["wmA", "wmB"]) == [second, replace(ADDED, left_at=AT), replace(third, left_at=AT)]
        assert records.contacts.of_people([]) == []


def test_an_event_is_taken_once_and_worked_in_order(store: SqlStore) -> None:
    first = ContactEvent(digest="a", change="edit", userid="ZhouMin", external_userid="wmA", fields={"State": "s"}, happened_at=AT)
    with store.writing() as records:
        assert records.contact_events.accept(first)
        assert not records.contact_events.accept(first)
        assert records.contact_events.accept(replace(first, digest="b"))
    with store.writing() as records:
        one, other = records.contact_events.at(Stage.HEARD, now=AT)
        assert (one.digest, other.digest, one.fields) == ("a", "b", {"State": "s"})
        assert records.contact_events.move(one.id, before=Stage.HEARD, after=Stage.NOTED)
        assert not records.contact_events.move(one.id, before=Stage.HEARD, after=Stage.NOTED)
        records.contact_events.retry(one.id, not_before=AT + timedelta(seconds=5))
        assert records.contact_events.at(Stage.NOTED, now=AT) == []
        (again,) = records.contact_events.at(Stage.NOTED, now=AT + timedelta(seconds=5))
        assert again.attempts == 1
        assert [one.digest for one in records.contact_events.at(Stage.HEARD, now=AT)] == ["b"]


def test_a_code_is_used_once_and_only_while_it_lives(store: SqlStore) -> None:
    code = BindCode(digest="d1", customer_id="C1", how="rm_code", by="rm:S1", tell="web:rm:S1", at=AT, until=AT + LASTS)
    with store.writing() as records:
        codes = records.bind_codes
        assert codes.issue(code)
        assert not codes.issue(replace(code, customer_id="C2"))  # two customers never have one code
        assert codes.use("other", at=AT) is None
        assert codes.use("d1", at=AT + LASTS) is None
        assert codes.use("d1", at=AT + LASTS / 2) == code
        assert codes.use("d1", at=AT + LASTS / 2) is None
        assert codes.issue(replace(code, digest="d2"))
        assert codes.issue(replace(code, digest="d3"))  # the earlier one is dead
        assert codes.use("d2", at=AT) is None
        assert codes.issued_since("C1", AT - LASTS) == 3
        assert codes.issue(replace(code, digest="d4", customer_id="C2", at=AT + ISSUED_WITHIN * 2))
        assert codes.issued_since("C1", AT - LASTS) == 0


def test_wrong_tries_in_a_row_lock(store: SqlStore) -> None:
    with store.writing() as records:
        codes = records.bind_codes
        assert [codes.failed("wmA", at=AT) for _ in range(WRONG_TO_LOCK)] == [False] * (WRONG_TO_LOCK - 1) + [True]
        assert codes.locked_until("wmA") == AT + LOCK_FOR
        assert codes.locked_until("wmB") is None
        assert not codes.failed("wmA", at=AT + LOCK_FOR)  # it begins anew
        codes.forget_failures("wmA")
        assert codes.locked_until("wmA") is None
