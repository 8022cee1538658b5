"""What every database must answer for media that customers sent."""

from datetime import UTC, datetime, timedelta

from storage.records import SqlStore

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


def test_a_piece_is_wanted_once_claimed_by_one_and_kept_or_given_up(store: SqlStore) -> None:
    with store.writing() as records:
        for number in (1, 1, 2):
            records.media.want(channel="kf", message_id=f"m{number}", conversation_id="k", media_id=f"M{number}", kind="image", at=AT)
        assert [one.message_id for one in records.media.of("k", since=AT)] == ["m1", "m2"]
        assert records.media.of("k", since=LATER) == []

    with store.writing() as records:
        assert records.media.claim(channel="web", now=AT, lease_s=60) is None
        assert records.media.claim(channel="kf", now=AT - timedelta(seconds=1), lease_s=60) is None
        first = records.media.claim(channel="kf", now=AT, lease_s=60)
        second = records.media.claim(channel="kf", now=AT, lease_s=60)
        assert first is not None
        assert second is not None
        assert (first.media_id, first.tries, second.media_id) == ("M1", 1, "M2")
        assert records.media.claim(channel="kf", now=AT, lease_s=60) is None

    with store.writing() as records:  # the lease of the first ran out: somebody else has it, and its first owner may not settle it
        again = records.media.claim(channel="kf", now=AT + timedelta(seconds=60), lease_s=60)
        assert again is not None
        assert (again.id, again.tries) == (first.id, 2)
        found = {"name": "a.png", "content_type": "image/png", "size": 9, "digest": "d" * 64}
        assert not records.media.keep(first, at=LATER, **found)  # type: ignore[arg-type]
        assert not records.media.give_up(first)
        assert records.media.keep(again, at=LATER, **found)  # type: ignore[arg-type]
        records.media.later(second, not_before=LATER)
        kept = records.media.find("kf", "m1")
        assert kept is not None
        assert (kept.status, kept.name, kept.size, kept.digest, kept.kept_at) == ("kept", "a.png", 9, "d" * 64, LATER)
        last = records.media.claim(channel="kf", now=LATER, lease_s=60)
        assert last is not None
        assert last.message_id == "m2"
        assert records.media.give_up(last)
        gone = records.media.find("kf", "m2")
        assert gone is not None
        assert gone.status == "gone"
        assert records.media.claim(channel="kf", now=LATER + timedelta(days=1), lease_s=60) is None
        assert records.media.find("kf", "m3") is None
