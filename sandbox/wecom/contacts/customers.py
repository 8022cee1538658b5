"""Who has whom: lists, details, remarks (D/92571, 92113, 92114, 92994, 92115)."""

from sandbox.wecom import given as g
from sandbox.wecom.contacts.finding import follower, relation_of, relations_of_customer, relations_of_member
from sandbox.wecom.contacts.state import Relation
from sandbox.wecom.contacts.tagging import named
from sandbox.wecom.endpoint import Call, Json, Table, get, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

_FOLLOWERS_A_PAGE = 500


def _follow_users(world: World, _: Call) -> Json:
    members = world.directory.members.values()
    return {"follow_user": [member.userid for member in members if member.contact and member.visible and not member.left_at]}


def _list(world: World, call: Call) -> Json:
    member = follower(world, call.query.get("userid", ""))
    names = [relation.external_userid for relation in relations_of_member(world, member.userid)]
    if not names:
        raise Refused(84061)
    return {"external_userid": names}


def _get(world: World, call: Call) -> Json:
    customer = world.customer(call.query.get("external_userid", ""))
    relations = relations_of_customer(world, customer.external_userid)
    if not relations:
        raise Refused(84061)
    asked = {"cursor": call.query.get("cursor", "")}
    shown, following = g.page(relations, asked, default=_FOLLOWERS_A_PAGE, most=_FOLLOWERS_A_PAGE)
    answer = {
        "external_contact": _contact(world, customer.external_userid),
        "follow_user": [_follow(relation) | {"tags": named(world, relation)} for relation in shown],
    }
    return answer | ({"next_cursor": following} if following else {})


def _batch(world: World, call: Call) -> Json:
    users = g.texts(call.given, "userid_list", most=100)
    relations = [relation for userid in users for relation in relations_of_member(world, follower(world, userid).userid)]
    shown, following = g.page(relations, call.given, default=50, most=100)
    return {
        "external_contact_list": [
            {
                "external_contact": _contact(world, relation.external_userid),
                "follow_info": _follow(relation) | {"tag_id": list(relation.tags)},
            }
            for relation in shown
        ],
        "next_cursor": following,
    }


def _contact(world: World, external_userid: str) -> Json:
    customer = world.customer(external_userid)
    return {
        "external_userid": customer.external_userid,
        "name": customer.name,
        "avatar": customer.avatar,
        "type": 1,
        "gender": customer.gender,
        "unionid": customer.unionid,
    }


def _follow(relation: Relation) -> Json:
    shown: Json = {
        "userid": relation.userid,
        "remark": relation.remark,
        "description": relation.description,
        "createtime": relation.createtime,
        "remark_corp_name": relation.remark_corp_name,
        "remark_mobiles": relation.remark_mobiles,
        "oper_userid": relation.oper_userid or relation.userid,
        "add_way": relation.add_way,
    }
    return shown | ({"state": relation.state} if relation.state else {})


_REMARKS = (("remark", 20), ("description", 150), ("remark_company", 20))


def _remark(world: World, call: Call) -> Json:
    given = call.given
    member = follower(world, g.optional(given, "userid"))
    relation = relation_of(world, member.userid, g.optional(given, "external_userid"))
    texts = {name: g.characters(given, name, most) for name, most in _REMARKS if name in given}
    picture = g.optional(given, "remark_pic_mediaid")
    if picture:
        world.media.find(picture, world.clock.now(), "image")
    if not texts and "remark_mobiles" not in given and not picture:
        raise Refused(40063, "nothing to change")
    if "remark_mobiles" in given:
        relation.remark_mobiles = [number for number in g.texts(given, "remark_mobiles", most=5, needed=False) if number]
    relation.remark = texts.get("remark", relation.remark)
    relation.description = texts.get("description", relation.description)
    relation.remark_corp_name = texts.get("remark_company", relation.remark_corp_name)
    return {}


ENDPOINTS: Table = {
    "externalcontact/get_follow_user_list": get("contacts", _follow_users),
    "externalcontact/list": get("contacts", _list),
    "externalcontact/get": get("contacts", _get),
    "externalcontact/batch/get_by_user": post("contacts", _batch),
    "externalcontact/remark": post("contacts", _remark),
}
