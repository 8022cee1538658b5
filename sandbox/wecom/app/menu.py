"""The menu below the app's chat."""

from sandbox.wecom import given as g
from sandbox.wecom.app.receivers import check_agent
from sandbox.wecom.endpoint import Call, Json, Table, get, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

_TYPES = ("click", "view", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select")


def _create(world: World, call: Call) -> Json:
    check_agent(world, call.query.get("agentid"))
    buttons = g.parts(call.given, "button", most=3)
    if not buttons:
        raise Refused(40063, "button is empty")
    for button in buttons:
        g.text(button, "name", most=16)
        below = g.parts(button, "sub_button", most=5)
        for item in below:
            g.text(item, "name", most=40)
        for item in below or [button]:
            _check(item)
    world.app.menu = buttons
    return {}


def _check(item: Json) -> None:
    kind = item.get("type")
    if kind not in _TYPES:
        raise Refused(40058, "type")
    if kind == "view":
        g.text(item, "url", most=1024)
    else:
        g.text(item, "key", most=128)


def _get(world: World, call: Call) -> Json:
    check_agent(world, call.query.get("agentid"))
    return {"button": world.app.menu}


def _delete(world: World, call: Call) -> Json:
    check_agent(world, call.query.get("agentid"))
    world.app.menu = []
    return {}


ENDPOINTS: Table = {"menu/create": post("app", _create), "menu/get": get("app", _get), "menu/delete": get("app", _delete)}
