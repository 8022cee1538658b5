"""「联系我」: codes by which customers add members (D/92572)."""

from typing import Any

from sandbox.wecom import given as g
from sandbox.wecom.contacts.finding import follower
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

_FIELDS = (
    "type",
    "scene",
    "style",
    "remark",
    "skip_verify",
    "state",
    "user",
    "party",
    "is_temp",
    "expires_in",
    "chat_expires_in",
    "unionid",
)


def _checked(world: World, given: Json) -> dict[str, Any]:
    kind = g.number(given, "type", least=1, most=2)
    g.number(given, "scene", least=1, most=2)
    g.characters(given, "state", 30)
    g.characters(given, "remark", 30)
    users = g.texts(given, "user", most=100, needed=False)
    parties = given.get("party") or []
    if not users and not parties:
        raise Refused(40063, "user and party are empty")
    if kind == 1 and (len(users) != 1 or parties):
        raise Refused(40058, "a single contact way has one user")
    for userid in users:
        follower(world, userid)
    return {name: given[name] for name in _FIELDS if name in given}


def _add(world: World, call: Call) -> Json:
    way = _checked(world, call.given)
    config = world.new_id("config")
    way |= {"config_id": config, "create_time": world.clock.seconds()}
    if way["scene"] == 2:
        way["qr_code"] = f"https://sandbox.invalid/qr/{config}"
    world.contacts.ways[config] = way
    return {"config_id": config} | ({"qr_code": way["qr_code"]} if "qr_code" in way else {})


def _one(world: World, call: Call) -> Json:
    found = world.contacts.ways.get(g.text(call.given, "config_id"))
    if found is None:
        raise Refused(40058, "config_id")
    return found


def _get(world: World, call: Call) -> Json:
    return {"contact_way": {name: value for name, value in _one(world, call).items() if name != "create_time"}}


def _list(world: World, call: Call) -> Json:
    begin, end = g.number(call.given, "start_time", 0), g.number(call.given, "end_time", world.clock.seconds())
    ways = [way for way in world.contacts.ways.values() if begin <= way["create_time"] <= end and not way.get("is_temp")]
    shown, following = g.page(ways, call.given, default=100, most=1000)
    return {"contact_way": [{"config_id": way["config_id"]} for way in shown]} | ({"next_cursor": following} if following else {})


def _update(world: World, call: Call) -> Json:
    way = _one(world, call)
    changes = {name: call.given[name] for name in _FIELDS if name in call.given and name not in ("type", "scene")}
    _checked(world, way | changes)
    way |= changes
    return {}


def _delete(world: World, call: Call) -> Json:
    del world.contacts.ways[_one(world, call)["config_id"]]
    return {}


ENDPOINTS: Table = {
    "externalcontact/add_contact_way": post("contacts", _add),
    "externalcontact/get_contact_way": post("contacts", _get),
    "externalcontact/list_contact_way": post("contacts", _list),
    "externalcontact/update_contact_way": post("contacts", _update),
    "externalcontact/del_contact_way": post("contacts", _delete),
}
