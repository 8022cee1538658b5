"""To whom a message of the app goes (D/90236): the addresses that are good, and those that are not."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Json
from sandbox.wecom.errors import Refused
from sandbox.wecom.people import Member
from sandbox.wecom.world import World


@dataclass
class Receivers:
    """Members in the order in which they were named, and what was named in vain."""

    members: list[Member] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    unlicensed: list[str] = field(default_factory=list)

    def report(self) -> Json:
        """As the answer says it: joined by |, in lower case."""
        return {
            "invaliduser": _joined(self.users),
            "invalidparty": _joined(self.parties),
            "invalidtag": _joined(self.tags),
            "unlicenseduser": _joined(self.unlicensed),
        }


def check_agent(world: World, agent_id: object) -> None:
    """Refused 301002 for another app's number."""
    if str(agent_id) != str(world.options.agent_id):
        raise Refused(301002)


def receivers(world: World, given: Json) -> Receivers:
    """Refused 40058 for too many, 40063 for none, 81013 when all are in vain, 701008 when all lack a licence."""
    users, parties, tags = _named(given, "touser", 1000), _named(given, "toparty", 100), _named(given, "totag", 100)
    if not (users or parties or tags):
        raise Refused(40063, "touser, toparty and totag are empty")
    found = Receivers()
    everybody = [member for member in world.directory.members.values() if member.visible and not member.left_at]
    if users == ["@all"]:
        _take(found, everybody)
    else:
        for name in users:
            _take_one(found, world.directory.member(name), name)
    for name in parties:
        _take_group(found, [member for member in everybody if str(member.department) == name], found.parties, name)
    for name in tags:
        _take_group(found, [member for member in everybody if name in map(str, member.tags)], found.tags, name)
    if not found.members and not found.unlicensed:
        raise Refused(81013, **found.report())
    if not found.members:
        raise Refused(701008, **found.report())
    return found


def _named(given: Json, name: str, most: int) -> list[str]:
    value = g.optional(given, name)
    named = [part.strip() for part in value.split("|") if part.strip()]
    if len(named) > most:
        raise Refused(40058, f"{name} has more than {most}")
    return named


def _take(found: Receivers, members: Iterable[Member]) -> None:
    for member in members:
        if not member.licensed:
            found.unlicensed.append(member.userid)
        elif member not in found.members:
            found.members.append(member)


def _take_one(found: Receivers, member: Member | None, name: str) -> None:
    if member is None or not member.visible:
        found.users.append(name)
    else:
        _take(found, [member])


def _take_group(found: Receivers, members: list[Member], in_vain: list[str], name: str) -> None:
    if members:
        _take(found, members)
    else:
        in_vain.append(name)


def _joined(names: list[str]) -> str:
    return "|".join(name.lower() for name in names)
