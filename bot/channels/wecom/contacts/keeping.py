"""Keeps contacts as WeCom tells them, without taking our own tags for anybody's word or a removed contact for a new one."""

from collections.abc import Sequence
from dataclasses import replace

from bot.channels.wecom.contacts.names import spelled
from bot.channels.wecom.contacts.reading import Told
from bot.channels.wecom.contacts.tags import Seen, Tags
from bot.channels.wecom.people import WeComPeople
from domain.contacts import Contact
from domain.ports import Store


def keep_told(store: Store, told: Sequence[Told], people: WeComPeople, tags: Tags) -> list[Contact]:
    """Keep them in one transaction and return them as kept.

    Whom the customer removed still stands in the member's list: a contact that ended stays ended unless it was added later than that.
    """
    others = {one.seen: tags.of_others(one.seen.tags) for one in told}
    with store.writing() as records:
        known = {(one.external_userid, one.userid): one for one in records.contacts.of_people(one.seen.external_userid for one in told)}
        kept = [_contact(one, others[one.seen], spelled(people, one.seen.userid), known) for one in told]
        records.contacts.keep(kept)
    return kept


def seen_of(told: Sequence[Told], people: WeComPeople) -> list[Seen]:
    """What `Tags.settle` takes, userids as we spell them."""
    return [replace(one.seen, userid=spelled(people, one.seen.userid)) for one in told]


def _contact(told: Told, tags: tuple[str, ...], userid: str, known: dict[tuple[str, str], Contact]) -> Contact:
    before = known.get((told.seen.external_userid, userid))
    ended = before.left_at if before and before.left_at and told.added_at <= before.left_at else None
    return Contact(
        external_userid=told.seen.external_userid,
        userid=userid,
        name=told.name or (before.name if before else ""),
        remark=told.seen.remark,
        state=told.state or (before.state if before else ""),
        tags=tags,
        added_at=told.added_at,
        left_at=ended,
    )
