"""Adding, removing, chatting, handing over: what customers and members do with each other. All of it makes events."""

from sandbox.wecom import given as g
from sandbox.wecom.acting import customer as customers
from sandbox.wecom.acting import member as members
from sandbox.wecom.contacts import mass, moments, transfers
from sandbox.wecom.contacts.finding import relations_of_customer, relations_of_member, tell
from sandbox.wecom.contacts.state import Relation
from sandbox.wecom.contacts.tagging import found_tag
from sandbox.wecom.contacts.tags import add_tags
from sandbox.wecom.contacts.welcome import welcome_code
from sandbox.wecom.endpoint import Json
from sandbox.wecom.errors import Impossible
from sandbox.wecom.world import World


def add(world: World, given: Json) -> Json:
    """Customer and member become contacts: by `config_id` of a contact way, or plainly. `native_welcome` keeps the code back."""
    customer = customers.who(world, given)
    way = world.contacts.ways.get(str(given.get("config_id", "")), {})
    member = members.who(world, {"member": given.get("member") or next(iter(way.get("user", [])), "")})
    key = (member.userid, customer.external_userid)
    known = world.contacts.relations.get(key)
    if known and not known.gone:
        raise Impossible("they are contacts already")
    state = str(way.get("state", given.get("state", "")))
    now = world.clock.now()
    relation = Relation(
        member.userid, customer.external_userid, int(now), now, add_way=1 if way else int(given.get("add_way", 0)), state=state
    )
    chatted = known is not None and known.chatted
    relation.chatted = chatted
    world.contacts.relations[key] = relation
    more = {"State": state} if state else {}
    if not given.get("native_welcome") and not chatted:
        more["WelcomeCode"] = welcome_code(world, relation)
    change = "add_half_external_contact" if given.get("half") else "add_external_contact"
    tell(world, change, member.userid, customer.external_userid, **more)
    return {"member": member.userid, "customer": customer.external_userid, **more}


def _relation(world: World, given: Json) -> Relation:
    key = (str(given.get("member", "")), str(given.get("customer", "")))
    if key not in world.contacts.relations:
        raise Impossible("they are not contacts", 404)
    return world.contacts.relations[key]


def chat(world: World, given: Json) -> Json:
    """They talk to each other, outside of what any API sees."""
    relation = _relation(world, given)
    relation.chatted, relation.last_contact = True, world.clock.now()
    return {}


def removed_by_customer(world: World, given: Json) -> Json:
    """The customer removes the member: del_follow_user. The member still has the customer in the list."""
    relation = _relation(world, given)
    relation.gone = True
    tell(world, "del_follow_user", relation.userid, relation.external_userid)
    return {}


def removed_by_member(world: World, given: Json) -> Json:
    """The member removes the customer: del_external_contact."""
    relation = _relation(world, given)
    del world.contacts.relations[(relation.userid, relation.external_userid)]
    tell(world, "del_external_contact", relation.userid, relation.external_userid)
    return {}


def edited_by_member(world: World, given: Json) -> Json:
    """The member changes the remark or the tags in the client: edit_external_contact."""
    relation = _relation(world, given)
    relation.remark = str(given.get("remark", relation.remark))
    relation.tags = [tag_id for tag_id in given.get("tags", relation.tags) if found_tag(world, tag_id)]
    tell(world, "edit_external_contact", relation.userid, relation.external_userid)
    return {}


def refuse_transfer(world: World, given: Json) -> Json:
    """The customer stays with the member who hands over."""
    customer = customers.who(world, given)
    waiting = [t for t in world.contacts.transfers if t.external_userid == customer.external_userid and t.status == 2]
    if not waiting:
        raise Impossible("nobody wants to hand this customer over")
    transfers.refuse(world, waiting[-1])
    return {}


def hand_over(world: World, given: Json) -> Json:
    """A member asks that a customer goes to another (`to`), as in the client. It takes 24 h, as by API."""
    relation = _relation(world, given)
    other = members.who(world, {"member": given.get("to")})
    code = transfers.begin_one(world, relation.userid, other.userid, relation.external_userid, resigned=False)
    if code:
        raise Impossible(f"errcode {code}")
    return {}


def confirm_mass(world: World, given: Json) -> Json:
    """A member confirms a mass message (`msgid`), for all or for the `customers` chosen."""
    member = members.who(world, given)
    found = world.contacts.masses.get(str(given.get("msgid", "")))
    if found is None or member.userid not in found.tasks:
        raise Impossible("there is no such task", 404)
    if found.cancelled or found.tasks[member.userid].sent_at:
        raise Impossible("the task was cancelled or is done")
    chosen = given.get("customers")
    if chosen is not None and not found.allow_select:
        raise Impossible("customers may not be chosen")
    return mass.confirm(world, found, member.userid, chosen)


def send_mass(world: World, given: Json) -> Json:
    """A member sends a mass message of his own: `text` to `customers`."""
    member = members.who(world, given)
    body = {"text": {"content": g.text(given, "text")}, "attachments": []}
    return mass.send_own(world, member.userid, body, g.texts(given, "customers", most=200))


def publish_moment(world: World, given: Json) -> Json:
    """A member publishes a moment (`moment_id`)."""
    member = members.who(world, given)
    for moment in world.contacts.moments.values():
        if moment.moment_id == given.get("moment_id") and moment.published.get(member.userid) == 0:
            return moments.publish(world, moment, member.userid)
    raise Impossible("there is no such task", 404)


def make_tag(world: World, given: Json) -> Json:
    """Somebody makes a corp tag in the console (`group_name`, `tag`): change_external_tag. An app may not change it."""
    made = add_tags(world, given, by_app=False)
    for tag in made["tag_group"]["tag"]:
        pairs = [("MsgType", "event"), ("Event", "change_external_tag"), ("ChangeType", "create"), ("Id", tag["id"]), ("TagType", "tag")]
        world.push("contacts", pairs, sender="sys")
    return made


def resign(world: World, given: Json) -> Json:
    """A member leaves the bank; the customers wait to be assigned."""
    member = members.who(world, given)
    member.left_at = world.clock.seconds()
    return {"left_at": member.left_at}


def contacts(world: World, given: Json) -> list[str]:
    """The members whom a customer has."""
    return [relation.userid for relation in relations_of_customer(world, customers.who(world, given).external_userid) if not relation.gone]


def customers_of(world: World, given: Json) -> list[Json]:
    """The customers whom a member has, with their remarks."""
    return [
        {"external_userid": relation.external_userid, "remark": relation.remark, "gone": relation.gone}
        for relation in relations_of_member(world, members.who(world, given).userid)
    ]


CUSTOMER_ACTIONS = {"add": add, "remove": removed_by_customer, "refuse_transfer": refuse_transfer, "chat": chat, "contacts": contacts}
MEMBER_ACTIONS = {
    "add": add,
    "remove": removed_by_member,
    "edit": edited_by_member,
    "chat": chat,
    "customers": customers_of,
    "hand_over": hand_over,
    "confirm_mass": confirm_mass,
    "send_mass": send_mass,
    "publish_moment": publish_moment,
    "make_tag": make_tag,
    "resign": resign,
}
