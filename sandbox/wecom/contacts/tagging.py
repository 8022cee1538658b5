"""Finding corp tags, and how a relation shows them."""

from sandbox.wecom.contacts.state import Relation, Tag, TagGroup
from sandbox.wecom.endpoint import Json
from sandbox.wecom.world import World


def found_tag(world: World, tag_id: str) -> tuple[TagGroup, Tag] | None:
    """A tag with its group."""
    for group in world.contacts.tag_groups.values():
        for tag in group.tags:
            if tag.tag_id == tag_id:
                return group, tag
    return None


def named(world: World, relation: Relation) -> list[Json]:
    """The tags as externalcontact/get shows them; type 1 is a corp tag."""
    found = [found_tag(world, tag_id) for tag_id in relation.tags]
    return [
        {"group_name": pair[0].name, "tag_name": pair[1].name, "tag_id": pair[1].tag_id, "type": 1} for pair in found if pair is not None
    ]


def remove_tag(world: World, tag_id: str) -> None:
    """Take a tag away from its group and from every customer. A group without tags goes too."""
    for group in list(world.contacts.tag_groups.values()):
        group.tags = [tag for tag in group.tags if tag.tag_id != tag_id]
        if not group.tags:
            del world.contacts.tag_groups[group.group_id]
    for relation in world.contacts.relations.values():
        if tag_id in relation.tags:
            relation.tags.remove(tag_id)
