"""What every database must answer for tags and for edits of the service policy."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.policies import PolicyEdit
from domain.tags import CustomerTag, TagSource
from storage.records import SqlStore

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TAG = CustomerTag(
    customer_id="C1",
    tag="newlywed",
    source=TagSource.RM,
    confidence=95,
    evidence="把张工标为新婚",
    by="rm:S1",
    at=AT,
    until=AT + timedelta(days=730),
)


def test_a_later_word_of_the_same_source_replaces_the_earlier_and_takes_back_what_was_contested(store: SqlStore) -> None:
    declared = replace(TAG, source=TagSource.DECLARED, by="customer:C1", at=AT + timedelta(hours=1))
    with store.writing() as records:
        records.tags.record(TAG)
        records.tags.record(declared)
        records.tags.record(replace(TAG, customer_id="C2"))
        assert records.tags.contest("C1", "newlywed", by="rm:S1", at=AT + timedelta(hours=2)) == 2
        assert records.tags.contest("C1", "parenting", by="rm:S1", at=AT) == 0
    with store.reading() as records:
        found = records.tags.of("C1")
        assert [tag.source for tag in found] == [TagSource.DECLARED, TagSource.RM]
        assert all(tag.contested_by == "rm:S1" and not tag.counts(AT + timedelta(hours=2)) for tag in found)
        assert found[0].counts(AT + timedelta(hours=1, minutes=59))
    with store.writing() as records:
        records.tags.record(TAG)
    with store.reading() as records:
        assert records.tags.of("C1")[1] == TAG
        assert [(tag.customer_id, tag.source.value) for tag in records.tags.everything()] == [
            ("C1", "declared"),
            ("C1", "rm"),
            ("C2", "rm"),
        ]


def test_the_use_is_answered_for_the_customers_own_words_only(store: SqlStore) -> None:
    with store.writing() as records:
        records.tags.record(TAG)
        assert records.tags.answer_marketing("C1", "newlywed", granted=True) == 0
        records.tags.record(replace(TAG, source=TagSource.DECLARED))
        assert records.tags.answer_marketing("C1", "newlywed", granted=False) == 1
        assert {tag.source.value: tag.marketing for tag in records.tags.of("C1")} == {"declared": False, "rm": None}


def test_edits_are_a_history_up_to_an_instant(store: SqlStore) -> None:
    first = PolicyEdit(tier="growth", term="cadence", value="25", by="manager:M1", at=AT)
    second = replace(first, value="20", at=AT + timedelta(days=1))
    with store.writing() as records:
        records.policies.edit(second)
        records.policies.edit(first)
    with store.reading() as records:
        assert records.policies.edits(at=AT - timedelta(seconds=1)) == []
        assert records.policies.edits(at=AT) == [first]
        assert records.policies.edits(at=AT + timedelta(days=2)) == [first, second]
