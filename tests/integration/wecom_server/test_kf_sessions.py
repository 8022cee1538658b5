"""Who has the session: the table, the codes, and what only clients report."""

import pytest

from tests.integration.wecom_server.kit import CUSTOMER, Corp

REACH = {0: [], 1: [(1, "")], 2: [(2, "")], 3: [(3, "zhou")], 4: [(3, "zhou"), (4, "")]}
ALLOWED = {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (3, 4)}


def brought_to(corp: Corp, state: int) -> None:
    corp.customer("say", text="你好")
    for to, servicer in REACH[state]:
        assert corp.trans(to, servicer)["errcode"] == 0
    assert corp.state()["service_state"] == state


def events(corp: Corp, event_type: str) -> list[dict[str, object]]:
    found = [item["event"] for item in corp.sync()["msg_list"] if item["msgtype"] == "event"]
    return [event for event in found if event["event_type"] == event_type]


def on_event(corp: Corp, code: str, msgtype: str = "text") -> int:
    body = {"text": {"content": "您好"}} if msgtype == "text" else {"msgmenu": {"head_content": "请选择", "list": []}}
    return int(corp.kf("send_msg_on_event", code=code, msgtype=msgtype, **body)["errcode"])


@pytest.mark.parametrize("state", range(5))
@pytest.mark.parametrize("to", range(5))
def test_the_table_of_transitions(corp: Corp, state: int, to: int) -> None:
    brought_to(corp, state)
    answer = corp.trans(to, "zhou" if to == 3 else "")

    assert answer["errcode"] == (0 if (state, to) in ALLOWED else 95016)
    assert corp.state()["service_state"] == (to if (state, to) in ALLOWED else state)


def test_from_person_to_another_person(corp: Corp) -> None:
    brought_to(corp, 3)
    assert corp.trans(3, "he")["errcode"] == 0
    assert corp.state() == {"errcode": 0, "errmsg": "ok", "service_state": 3, "servicer_userid": "he"}


@pytest.mark.parametrize("state", [0, 1, 2])
def test_a_switch_lets_every_state_end(corp: Corp, state: int) -> None:
    corp.admin("settings", end_from_anywhere=True)
    brought_to(corp, state)
    assert corp.trans(4)["msg_code"]


def test_an_ended_session_is_new_when_the_customer_writes(corp: Corp) -> None:
    brought_to(corp, 4)
    corp.customer("say", text="还有一件事")
    assert corp.state()["service_state"] == 0


def test_a_person_must_be_a_servicer_on_duty(corp: Corp) -> None:
    brought_to(corp, 0)
    assert corp.trans(3, "lin")["errcode"] == 95014
    corp.servicer("duty", on=False)
    assert corp.trans(3, "zhou")["errcode"] == 95019
    assert corp.trans(3)["errcode"] == 40063
    assert corp.kf("service_state/trans", open_kfid=corp.kfid, external_userid="wmNobody", service_state=1)["errcode"] == 40096


def test_codes_of_the_first_change_only(corp: Corp) -> None:
    corp.customer("say", text="转人工")
    assert "msg_code" not in corp.trans(1)
    assert "msg_code" in corp.trans(2)
    assert "msg_code" in corp.trans(3, "zhou")
    assert "msg_code" not in corp.trans(3, "he")
    assert "msg_code" in corp.trans(4)


def test_a_new_session_has_its_codes_again(corp: Corp) -> None:
    brought_to(corp, 4)
    corp.customer("say", text="又来了")
    assert "msg_code" in corp.trans(3, "zhou")


def test_a_code_is_good_once(corp: Corp) -> None:
    corp.customer("say", text="转人工")
    code = corp.trans(2)["msg_code"]

    assert on_event(corp, code) == 0
    assert on_event(corp, code) == 40058
    assert on_event(corp, "nobody") == 40058
    assert corp.seen(f"customer:{CUSTOMER}")[-1]["by"] == "api"


def test_a_code_of_the_pool_is_good_for_48_hours_for_text_and_only_in_the_pool(corp: Corp) -> None:
    corp.customer("say", text="转人工")
    code = corp.trans(2)["msg_code"]
    assert on_event(corp, code, "msgmenu") == 40008
    corp.trans(3, "zhou")
    assert on_event(corp, code) == 95018


@pytest.mark.parametrize(("waited_s", "answer"), [(20, 0), (21, 40058)])
def test_a_closing_code_is_good_for_20_seconds(corp: Corp, waited_s: int, answer: int) -> None:
    brought_to(corp, 3)
    code = corp.trans(4)["msg_code"]
    corp.advance(waited_s)
    assert on_event(corp, code, "msgmenu") == answer


@pytest.mark.parametrize(("waited_s", "answer"), [(20, 0), (21, 40058)])
def test_a_welcome_code_is_good_for_20_seconds_in_any_state(corp: Corp, waited_s: int, answer: int) -> None:
    corp.customer("enter")
    code = events(corp, "enter_session")[0]["welcome_code"]
    corp.customer("say", text="你好")
    corp.advance(waited_s)
    assert on_event(corp, str(code), "msgmenu") == answer


def test_a_welcome_only_once_in_48_hours_and_not_after_the_customer_wrote(corp: Corp) -> None:
    code = corp.customer("enter")["event"]["welcome_code"]
    assert on_event(corp, code) == 0
    assert "welcome_code" not in corp.customer("enter")["event"]
    corp.advance(48 * 3600)
    assert "welcome_code" not in corp.customer("enter")["event"]
    corp.advance(1)
    assert "welcome_code" in corp.customer("enter")["event"]
    corp.customer("say", text="你好")
    assert "welcome_code" not in corp.customer("enter")["event"]


def test_clients_report_what_they_do_and_the_api_does_not(corp: Corp) -> None:
    corp.customer("say", text="转人工")
    corp.trans(2)
    assert corp.servicer("queue")["waiting"] == [CUSTOMER]
    corp.servicer("take")
    corp.servicer("transfer", to="he")
    corp.servicer("end", member="he")
    corp.servicer("say", text="补充一句")
    changes = [{name: event[name] for name in event if name != "open_kfid"} for event in events(corp, "session_status_change")]
    codes = [bool(change.pop("msg_code", "")) for change in changes]

    assert [change["change_type"] for change in changes] == [1, 2, 3, 4]
    assert codes == [True, False, True, False]
    assert [(change.get("old_servicer_userid"), change.get("new_servicer_userid")) for change in changes] == [
        (None, "zhou"),
        ("zhou", "he"),
        ("he", None),
        ("zhou", "zhou"),
    ]
    assert corp.state()["service_state"] == 3


def test_the_code_of_who_was_picked_is_good_while_a_person_serves(corp: Corp) -> None:
    corp.customer("say", text="转人工")
    corp.trans(2)
    code = corp.servicer("take")["event"]["msg_code"]
    corp.advance(3600)
    assert on_event(corp, code) == 0


def test_who_does_not_have_the_session_cannot_end_it(corp: Corp) -> None:
    brought_to(corp, 3)
    assert "does not have" in corp.refused("phones/servicer/end", member="he", customer=CUSTOMER, open_kfid=corp.kfid)


def test_duty_and_rejection_are_events(corp: Corp) -> None:
    brought_to(corp, 3)
    corp.servicer("duty", on=False, suspended=True)
    corp.servicer("duty", on=True)
    corp.servicer("reject")
    off, on = events(corp, "servicer_status_change")
    (rejected,) = events(corp, "reject_customer_msg_switch_change")

    assert (off["servicer_userid"], off["status"], off["stop_type"], on["status"]) == ("zhou", 2, 1, 1)
    assert rejected["reject_switch"] == 1
