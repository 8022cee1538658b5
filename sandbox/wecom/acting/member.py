"""A member's WeCom: the chat with the app."""

from typing import Any

from sandbox.wecom import given as g
from sandbox.wecom.app import cards
from sandbox.wecom.endpoint import Json
from sandbox.wecom.errors import Impossible
from sandbox.wecom.people import Member
from sandbox.wecom.world import World


def who(world: World, given: Json) -> Member:
    """The member who acts."""
    found = world.directory.member(str(given.get("member", "")))
    if found is None:
        raise Impossible("there is no such member", 404)
    return found


def _event(world: World, member: Member, event: str, key: str) -> Json:
    pairs: list[tuple[str, Any]] = [("MsgType", "event"), ("Event", event), ("EventKey", key), ("AgentID", world.options.agent_id)]
    world.push("app", pairs, sender=member.userid)
    return {"event": event}


def enter(world: World, given: Json) -> Json:
    """Open the app."""
    return _event(world, who(world, given), "enter_agent", "")


def say(world: World, given: Json) -> Json:
    """Write to the app."""
    member, words = who(world, given), g.text(given, "text")
    number = world.new_number()
    body = {"msgtype": "text", "text": {"content": words}}
    world.phones.show(f"member:{member.userid}", world.clock.seconds(), "text", where="app", by="me", msgid=str(number), body=body)
    pairs = [("MsgType", "text"), ("Content", words), ("MsgId", number), ("AgentID", world.options.agent_id)]
    world.push("app", pairs, sender=member.userid)
    return {"MsgId": number}


def click(world: World, given: Json) -> Json:
    """Press a menu item: a `key` is a click, a `url` is a view."""
    member = who(world, given)
    items = [item for button in world.app.menu for item in (button.get("sub_button") or [button])]
    for item in items:
        if item.get("type") == "view" and item["url"] == given.get("url"):
            return _event(world, member, "view", item["url"])
        if item.get("type") == "click" and item["key"] == given.get("key"):
            return _event(world, member, "click", item["key"])
    raise Impossible("the menu has no such item", 404)


def press(world: World, given: Json) -> Json:
    """Press a button of a card."""
    return cards.press(world, who(world, given).userid, given)


def menu(world: World, _: Json) -> list[Json]:
    """The menu below the app's chat."""
    return world.app.menu


ACTIONS = {"enter": enter, "say": say, "click": click, "press": press, "menu": menu}
