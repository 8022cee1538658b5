"""Cards after they were sent: pressed by a member, updated by the app."""

from typing import Any

from sandbox.wecom import given as g
from sandbox.wecom.app.card_content import INTERACTIVE, check_card, keys_of
from sandbox.wecom.app.receivers import check_agent
from sandbox.wecom.app.response_codes import issue, use
from sandbox.wecom.app.state import Sent
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Impossible
from sandbox.wecom.world import World

_FROM_CALLBACK_S = 24 * 3600
_FROM_SEND_S = 72 * 3600


def _update(world: World, call: Call) -> Json:
    given = call.given
    check_agent(world, given.get("agentid"))
    users = g.texts(given, "userids", most=1000, needed=False)
    parties, tags = given.get("partyids") or [], given.get("tagids") or []
    everybody = g.number(given, "atall", 0, most=1)
    if "template_card" in given:
        new: Json = {"template_card": dict(g.part(given, "template_card"))}
        check_card(new["template_card"])
    else:
        new = {"replaced": g.text(g.part(given, "button"), "replace_name")}
    sent = use(world, g.text(given, "response_code"))
    reached = {_owner(entry) for entry in sent.entries}
    wanted = {user.lower() for user in users}
    for member in world.directory.members.values():
        if everybody or member.department in parties or set(member.tags) & set(tags):
            wanted.add(member.userid.lower())
    for entry in sent.entries:
        if _owner(entry) in wanted:
            entry["body"] |= new
            sent.closed_for.add(_owner(entry))
    return {"invaliduser": [user for user in users if user.lower() not in reached]}


def press(world: World, userid: str, given: Json) -> Json:
    """A member presses `key` on the card of `msgid`; `selected` is question_key -> option ids. Makes template_card_event."""
    sent = world.app.sent.get(str(given.get("msgid", "")))
    entry = next((entry for entry in sent.entries if _owner(entry) == userid.lower()), None) if sent else None
    if sent is None or entry is None or "template_card" not in entry["body"] or entry.get("recalled"):
        raise Impossible("there is no such card on this phone", 404)
    card, key = entry["body"]["template_card"], str(given.get("key", ""))
    if "replaced" in entry["body"]:
        raise Impossible("the card was answered")
    if key not in keys_of(card):
        raise Impossible("the card has no such key", 404)
    world.push("app", _event(world, sent, card, key, given.get("selected") or {}), sender=userid)
    return {"pressed": key}


def _event(world: World, sent: Sent, card: Json, key: str, selected: Json) -> list[tuple[str, Any]]:
    now = world.clock.now()
    event: list[tuple[str, Any]] = [
        ("MsgType", "event"),
        ("Event", "template_card_event"),
        ("EventKey", key),
        ("TaskId", sent.task_id),
        ("CardType", card["card_type"]),
    ]
    if card["card_type"] in INTERACTIVE:
        event.append(("ResponseCode", issue(world, sent, min(now + _FROM_CALLBACK_S, sent.at + _FROM_SEND_S))))
    event.append(("AgentID", world.options.agent_id))
    if selected:
        event.append(("SelectedItems", [("SelectedItem", _answer(question, options)) for question, options in selected.items()]))
    return event


def _answer(question: str, options: list[str]) -> list[tuple[str, Any]]:
    return [("QuestionKey", question), ("OptionIds", [("OptionId", option) for option in options])]


def _owner(entry: Json) -> str:
    return str(entry["owner"]).removeprefix("member:").lower()


ENDPOINTS: Table = {"message/update_template_card": post("app", _update)}
