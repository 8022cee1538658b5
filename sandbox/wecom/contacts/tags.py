"""Corp tags (D/92117) and marking customers with them (D/92118)."""

from sandbox.wecom import given as g
from sandbox.wecom.contacts.finding import follower, relation_of
from sandbox.wecom.contacts.state import Tag, TagGroup
from sandbox.wecom.contacts.tagging import found_tag, remove_tag
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

_MOST_TAGS = 3000
_NAME = 30


def _list(world: World, call: Call) -> Json:
    tag_ids = g.texts(call.given, "tag_id", most=_MOST_TAGS, needed=False)
    group_ids = g.texts(call.given, "group_id", most=_MOST_TAGS, needed=False)
    shown: list[Json] = []
    for group in world.contacts.tag_groups.values():
        tags = [tag for tag in group.tags if not tag_ids or tag.tag_id in tag_ids]
        if tag_ids or not group_ids or group.group_id in group_ids:
            shown += [_group(group, tags)] if tags else []
    return {"tag_group": shown}


def _group(group: TagGroup, tags: list[Tag]) -> Json:
    return {
        "group_id": group.group_id,
        "group_name": group.name,
        "create_time": group.create_time,
        "order": group.order,
        "deleted": False,
        "tag": [{"id": tag.tag_id, "name": tag.name, "create_time": tag.create_time, "order": tag.order, "deleted": False} for tag in tags],
    }


def add_tags(world: World, given: Json, *, by_app: bool) -> Json:
    """Into a group that there is, by id or by name, or into a new one. Tags of a name that there is are that tag."""
    asked = g.parts(given, "tag", most=_MOST_TAGS)
    if not asked:
        raise Refused(40063, "an empty group")
    names = [_name(tag, "name") for tag in asked]
    if sum(len(group.tags) for group in world.contacts.tag_groups.values()) + len(names) > _MOST_TAGS:
        raise Refused(45002, "more than 3000 tags")
    now = world.clock.seconds()
    group = _the_group(world, given, now, by_app=by_app)
    known = {tag.name: tag for tag in group.tags}
    for name, tag in zip(names, asked, strict=True):
        if name not in known:
            known[name] = Tag(world.new_id("et"), name, now, g.number(tag, "order", 0, most=2**32), by_app)
            group.tags.append(known[name])
    world.contacts.tag_groups[group.group_id] = group
    return {"tag_group": _group(group, [known[name] for name in dict.fromkeys(names)])}


def _the_group(world: World, given: Json, now: int, *, by_app: bool) -> TagGroup:
    group_id = g.optional(given, "group_id")
    if group_id:
        if group_id not in world.contacts.tag_groups:
            raise Refused(40068)
        return world.contacts.tag_groups[group_id]
    name = _name(given, "group_name")
    for group in world.contacts.tag_groups.values():
        if group.name == name:
            return group
    return TagGroup(world.new_id("eg"), name, now, g.number(given, "order", 0, most=2**32), by_app)


def _name(given: Json, field: str) -> str:
    g.text(given, field)
    return g.characters(given, field, _NAME)


def _add(world: World, call: Call) -> Json:
    return add_tags(world, call.given, by_app=True)


def _edit(world: World, call: Call) -> Json:
    wanted = g.text(call.given, "id")
    pair, group = found_tag(world, wanted), world.contacts.tag_groups.get(wanted)
    thing = pair[1] if pair else group
    if thing is None:
        raise Refused(40068)
    _check_own(thing)
    if "name" in call.given:
        thing.name = _name(call.given, "name")
    thing.order = g.number(call.given, "order", thing.order, most=2**32)
    return {}


def _delete(world: World, call: Call) -> Json:
    tag_ids = g.texts(call.given, "tag_id", most=_MOST_TAGS, needed=False)
    group_ids = g.texts(call.given, "group_id", most=_MOST_TAGS, needed=False)
    if not tag_ids and not group_ids:
        raise Refused(40063)
    doomed: list[Tag] = []
    for tag_id in tag_ids:
        pair = found_tag(world, tag_id)
        if pair is None:
            raise Refused(40068)
        doomed.append(pair[1])
    for group_id in group_ids:
        group = world.contacts.tag_groups.get(group_id)
        if group is None:
            raise Refused(40068)
        doomed += group.tags
    for tag in doomed:
        _check_own(tag)
    for tag in doomed:
        remove_tag(world, tag.tag_id)
    return {}


def _check_own(thing: Tag | TagGroup) -> None:
    if not thing.by_app:
        raise Refused(60011, "made by somebody else")


def _mark(world: World, call: Call) -> Json:
    given = call.given
    member = follower(world, g.optional(given, "userid"))
    relation = relation_of(world, member.userid, g.optional(given, "external_userid"))
    adds = g.texts(given, "add_tag", most=_MOST_TAGS, needed=False)
    removes = g.texts(given, "remove_tag", most=_MOST_TAGS, needed=False)
    if not adds and not removes:
        raise Refused(40063)
    if any(found_tag(world, tag_id) is None for tag_id in [*adds, *removes]):
        raise Refused(40068)
    relation.tags = [tag_id for tag_id in dict.fromkeys([*relation.tags, *adds]) if tag_id not in removes]
    return {}


ENDPOINTS: Table = {
    "externalcontact/get_corp_tag_list": post("contacts", _list),
    "externalcontact/add_corp_tag": post("contacts", _add),
    "externalcontact/edit_corp_tag": post("contacts", _edit),
    "externalcontact/del_corp_tag": post("contacts", _delete),
    "externalcontact/mark_tag": post("contacts", _mark),
}
