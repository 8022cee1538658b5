"""Template cards: what they may hold, task ids, presses, response codes."""

from typing import Any

import pytest

from tests.integration.wecom_server.kit import OPTIONS, Callbacks, Corp

HOUR = 3600
TITLE = {"main_title": {"title": "张伟想预约回访", "desc": "今天下午"}}
BUTTONS = [{"text": "接下", "style": 1, "key": "take"}, {"text": "转给同事", "style": 2, "key": "pass"}]


def buttons(task_id: str = "task-1", **more: Any) -> dict[str, Any]:
    return {"card_type": "button_interaction", "task_id": task_id, "button_list": BUTTONS} | TITLE | more


def options(count: int = 2) -> list[dict[str, str]]:
    return [{"id": f"o{number}", "text": f"选项{number}"} for number in range(count)]


VOTE: dict[str, Any] = {
    "card_type": "vote_interaction",
    "task_id": "vote-1",
    "checkbox": {"question_key": "q1", "option_list": options(3), "mode": 1},
    "submit_button": {"text": "提交", "key": "submit"},
} | TITLE


def send(corp: Corp, card: dict[str, Any], touser: str = "zhou|he") -> dict[str, Any]:
    return corp.post("app", "message/send", touser=touser, agentid=OPTIONS.agent_id, msgtype="template_card", template_card=card)


def update(corp: Corp, code: str, users: tuple[str, ...] = ("zhou",), **given: Any) -> dict[str, Any]:
    change = given or {"button": {"replace_name": "已接下"}}
    return corp.post("app", "message/update_template_card", userids=list(users), agentid=OPTIONS.agent_id, response_code=code, **change)


def test_only_cards_that_answer_have_a_response_code(corp: Corp) -> None:
    notice = {"card_type": "text_notice", "card_action": {"type": 1, "url": "https://example.org"}} | TITLE
    assert "response_code" not in send(corp, notice)
    assert send(corp, buttons())["response_code"]
    assert send(corp, VOTE)["response_code"]


def test_a_task_id_is_needed_and_works_once(corp: Corp) -> None:
    assert send(corp, buttons())["errcode"] == 0
    assert send(corp, buttons())["errcode"] == 42014
    assert send(corp, buttons(""))["errcode"] == 42014
    assert send(corp, buttons("x" * 129))["errcode"] == 42014


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (buttons(button_list=[BUTTONS[0] | {"key": str(number)} for number in range(6)]), 0),
        (buttons(button_list=[BUTTONS[0] | {"key": str(number)} for number in range(7)]), 40058),
        (buttons(button_list=[BUTTONS[0], BUTTONS[0]]), 40058),
        (buttons(button_list=[{"text": "十一个字的按钮太长了呀", "key": "k"}]), 45002),
        (buttons(button_list=[{"text": "接", "key": "k" * 1025}]), 45002),
        (buttons(button_list=[{"text": "接"}]), 40063),
        (buttons(button_list=[{"text": "看", "type": 1, "url": "https://example.org"}]), 0),
        (buttons(button_list=[{"text": "看", "type": 1, "url": "example.org"}]), 40058),
        (buttons(button_list=[{"text": "看", "type": 1}]), 40063),
        (buttons(main_title={}), 40063),
        (buttons(sub_title_text="字" * 113), 45002),
        (buttons(horizontal_content_list=[{"keyname": "姓名", "value": "张伟"}] * 7), 40058),
        (buttons(horizontal_content_list=[{"keyname": "经理", "type": 3}]), 40063),
        (buttons(jump_list=[{"title": "看"}] * 4), 40058),
        (buttons(action_menu={"desc": "更多", "action_list": [{"text": "静音", "key": str(number)} for number in range(4)]}), 40058),
        (VOTE, 0),
        (VOTE | {"checkbox": {"question_key": "q1", "option_list": options(21)}}, 40058),
        (VOTE | {"checkbox": {"question_key": "q1", "option_list": [{"id": "a"}] * 2}}, 40058),
        ({"card_type": "multiple_interaction", "task_id": "m", "select_list": []} | TITLE, 40063),
        ({"card_type": "text_notice"} | TITLE, 40063),
        ({"card_type": "other"}, 40058),
    ],
)
def test_what_a_card_may_hold(corp: Corp, card: dict[str, Any], code: int) -> None:
    assert send(corp, card)["errcode"] == code


def pressed(corp: Corp, callbacks: Callbacks, msgid: str, key: str = "take", **given: Any) -> dict[str, Any]:
    corp.member("press", msgid=msgid, key=key, **given)
    corp.admin("callbacks/wait")
    return callbacks.events("template_card_event")[-1]


def test_a_press_is_an_event_and_its_code_updates_the_card_once(corp: Corp, callbacks: Callbacks) -> None:
    event = pressed(corp, callbacks, send(corp, buttons())["msgid"])
    assert set(event) == {
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "Event",
        "EventKey",
        "TaskId",
        "CardType",
        "ResponseCode",
        "AgentID",
    }
    assert (event["FromUserName"], event["EventKey"], event["TaskId"]) == ("zhou", "take", "task-1")
    assert callbacks.got[-1].outer["AgentID"] == str(OPTIONS.agent_id)

    assert update(corp, event["ResponseCode"], ("zhou", "lin")) == {"errcode": 0, "errmsg": "ok", "invaliduser": ["lin"]}
    assert update(corp, event["ResponseCode"])["errcode"] == 42014
    assert update(corp, "nobody")["errcode"] == 42016
    assert corp.seen("member:zhou")[0]["body"]["replaced"] == "已接下"
    assert "replaced" not in corp.seen("member:he")[0]["body"]


def test_an_answered_card_cannot_be_pressed(corp: Corp) -> None:
    sent = send(corp, buttons())
    update(corp, sent["response_code"])

    assert "was answered" in corp.refused("phones/member/press", member="zhou", msgid=sent["msgid"], key="take")
    assert corp.member("press", "he", msgid=sent["msgid"], key="take") == {"pressed": "take"}
    assert "no such key" in corp.refused("phones/member/press", member="he", msgid=sent["msgid"], key="other")
    assert "no such card" in corp.refused("phones/member/press", member="lin", msgid=sent["msgid"], key="take")


def test_the_code_of_the_answer_is_good_for_72_hours(corp: Corp) -> None:
    first, second = send(corp, buttons("a")), send(corp, buttons("b"))
    corp.advance(72 * HOUR)
    corp.tokens.clear()
    assert update(corp, first["response_code"])["errcode"] == 0
    corp.advance(1)
    assert update(corp, second["response_code"])["errcode"] == 42014


def test_the_code_of_a_press_is_good_for_24_hours(corp: Corp, callbacks: Callbacks) -> None:
    event = pressed(corp, callbacks, send(corp, buttons())["msgid"])
    corp.advance(24 * HOUR + 1)
    corp.tokens.clear()
    assert update(corp, event["ResponseCode"])["errcode"] == 42014


def test_and_not_beyond_72_hours_from_sending(corp: Corp, callbacks: Callbacks) -> None:
    sent = send(corp, buttons())
    corp.advance(60 * HOUR)
    event = pressed(corp, callbacks, sent["msgid"])
    corp.advance(12 * HOUR + 1)
    corp.tokens.clear()
    assert update(corp, event["ResponseCode"])["errcode"] == 42014


def test_another_card_in_its_place(corp: Corp) -> None:
    sent = send(corp, buttons())
    done = {"card_type": "text_notice", "card_action": {"type": 1, "url": "https://example.org"}, "main_title": {"title": "已处理"}}

    assert update(corp, sent["response_code"], template_card=done)["errcode"] == 0
    assert corp.seen("member:zhou")[0]["body"]["template_card"]["main_title"] == {"title": "已处理"}


def test_what_was_chosen_comes_with_the_press(corp: Corp, callbacks: Callbacks) -> None:
    event = pressed(corp, callbacks, send(corp, VOTE)["msgid"], "submit", selected={"q1": ["o1", "o2"]})

    assert event["SelectedItems"] == {"SelectedItem": {"QuestionKey": "q1", "OptionIds": {"OptionId": ["o1", "o2"]}}}
