"""Looking up relations, and the event that every change by a client makes."""

from typing import Any

from sandbox.wecom.contacts.state import Relation
from sandbox.wecom.errors import Refused
from sandbox.wecom.people import Member
from sandbox.wecom.world import World


def follower(world: World, userid: str) -> Member:
    """A member with the right to external contact. Refused 40003, 60111, 50002."""
    if not userid:
        raise Refused(40003)
    member = world.member(userid)
    if not (member.contact and member.visible):
        raise Refused(50002)
    return member


def relation_of(world: World, userid: str, external_userid: str) -> Relation:
    """Refused 40096 for an unknown customer, 84061 for one who is not this member's."""
    world.customer(external_userid)
    found = world.contacts.relations.get((userid, external_userid))
    if found is None:
        raise Refused(84061)
    return found


def relations_of_member(world: World, userid: str) -> list[Relation]:
    """The customers of a member, those too who removed the member (the list of the member still holds them)."""
    return [relation for relation in world.contacts.relations.values() if relation.userid == userid]


def relations_of_customer(world: World, external_userid: str) -> list[Relation]:
    """The members who have this customer."""
    return [relation for relation in world.contacts.relations.values() if relation.external_userid == external_userid]


def tell(world: World, change: str, userid: str, external_userid: str, **more: str) -> None:
    """change_external_contact. Called for what people do in clients and never for what an API did."""
    pairs: list[tuple[str, Any]] = [
        ("MsgType", "event"),
        ("Event", "change_external_contact"),
        ("ChangeType", change),
        ("UserID", userid),
        ("ExternalUserID", external_userid),
        *more.items(),
    ]
    world.push("contacts", pairs, sender="sys")
