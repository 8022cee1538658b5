"""Template cards: the parts of each type and their limits."""

import re

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Json
from sandbox.wecom.errors import Refused

INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
_TYPES = ("text_notice", "news_notice", *INTERACTIVE)


def check_card(card: Json) -> None:
    """Refused 40058, 40063, 45002, and 42014 for a task_id that is missing or of the wrong form."""
    kind = card.get("card_type")
    if kind not in _TYPES:
        raise Refused(40058, "card_type")
    _check_task_id(card, needed=kind in INTERACTIVE or "action_menu" in card)
    _check_common(card)
    if kind in ("text_notice", "news_notice"):
        _check_notice(card)
    elif kind == "button_interaction":
        _check_buttons(card)
    elif kind == "vote_interaction":
        _check_vote(card)
    else:
        _check_selects(card)


def keys_of(card: Json) -> set[str]:
    """The keys that a press may come back with."""
    buttons = [button["key"] for button in card.get("button_list", []) if button.get("type", 0) == 0]
    actions = [action["key"] for action in card.get("action_menu", {}).get("action_list", [])]
    submit = [card["submit_button"]["key"]] if "submit_button" in card else []
    return {*buttons, *actions, *submit}


def _check_task_id(card: Json, *, needed: bool) -> None:
    task_id = card.get("task_id", "")
    if needed and not task_id:
        raise Refused(42014, "task_id is missing")
    if not isinstance(task_id, str) or len(task_id.encode()) > 128 or not re.fullmatch(r"[0-9a-zA-Z_\-@]*", task_id):
        raise Refused(42014, "task_id")


def _check_common(card: Json) -> None:
    title = card.get("main_title", {})
    if not title.get("title") and not title.get("desc") and not card.get("sub_title_text"):
        raise Refused(40063, "a card needs a title")
    g.characters(card, "sub_title_text", 112)
    for row in g.parts(card, "horizontal_content_list", most=6):
        g.text(row, "keyname")
        needed = {1: "url", 2: "media_id", 3: "userid"}.get(g.number(row, "type", 0, most=3))
        if needed:
            g.text(row, needed)
    for jump in g.parts(card, "jump_list", most=3):
        g.text(jump, "title")
    if "action_menu" in card:
        actions = g.parts(card["action_menu"], "action_list", most=3)
        if not actions:
            raise Refused(40063, "action_list is empty")
        _check_keys(actions)


def _check_notice(card: Json) -> None:
    action = g.part(card, "card_action")
    kind = g.number(action, "type", least=1, most=2)
    g.text(action, "url" if kind == 1 else "appid")
    if card["card_type"] == "news_notice":
        g.text(g.part(card, "card_image"), "url")


def _check_buttons(card: Json) -> None:
    buttons = g.parts(card, "button_list", most=6)
    if not buttons:
        raise Refused(40063, "button_list is empty")
    for button in buttons:
        if len(g.text(button, "text")) > 10:
            raise Refused(45002, "the text of a button")
        g.number(button, "style", 1, least=1, most=4)
        if g.number(button, "type", 0, most=1) == 1:
            g.address(button, "url")
    _check_keys([button for button in buttons if button.get("type", 0) == 0])
    if "button_selection" in card:
        _check_options(card["button_selection"], 10)


def _check_vote(card: Json) -> None:
    _check_options(g.part(card, "checkbox"), 20)
    _check_submit(card)


def _check_selects(card: Json) -> None:
    selects = g.parts(card, "select_list", most=3)
    if not selects:
        raise Refused(40063, "select_list is empty")
    for select in selects:
        _check_options(select, 10)
    _check_submit(card)


def _check_submit(card: Json) -> None:
    submit = g.part(card, "submit_button")
    g.text(submit, "text")
    g.text(submit, "key", most=1024)


def _check_options(question: Json, most: int) -> None:
    g.text(question, "question_key", most=1024)
    options = g.parts(question, "option_list", most=most)
    if not options:
        raise Refused(40063, "option_list is empty")
    names = [g.text(option, "id", most=128) for option in options]
    if len(set(names)) != len(names):
        raise Refused(40058, "two options have the same id")


def _check_keys(buttons: list[Json]) -> None:
    keys = [g.text(button, "key", most=1024) for button in buttons]
    if len(set(keys)) != len(keys):
        raise Refused(40058, "two buttons have the same key")
