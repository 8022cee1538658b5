"""kf/send_msg: windows, counts, states, kinds, and failures that come later."""

from typing import Any

import pytest

from tests.integration.wecom_server.kit import CUSTOMER, PNG, Corp

HOURS_48 = 48 * 3600


def menu(items: int = 1, **item: Any) -> dict[str, Any]:
    click = item or {"type": "click", "click": {"id": "1", "content": "查余额"}}
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": "请选择", "list": [click] * items, "tail_content": "谢谢"}}


def test_five_messages_for_one_of_the_customer_and_five_more_for_the_next(corp: Corp) -> None:
    corp.customer("say", text="你好")
    assert [corp.send()["errcode"] for _ in range(6)] == [0] * 5 + [95001]
    corp.customer("say", text="还在吗")
    assert corp.send()["errcode"] == 0


def test_forty_eight_hours_after_the_latest_message(corp: Corp) -> None:
    corp.customer("say", text="你好")
    corp.advance(HOURS_48)
    corp.tokens.clear()
    assert corp.send()["errcode"] == 0
    corp.advance(1)
    assert corp.send()["errcode"] == 95002
    assert corp.state()["service_state"] == 4


def test_who_never_wrote_cannot_be_written_to(corp: Corp) -> None:
    assert corp.send()["errcode"] == 95018
    assert corp.send(touser="wmNobody")["errcode"] == 40096
    assert corp.send(open_kfid="wkNobody")["errcode"] == 95004


def test_an_answer_makes_the_bot_the_assistant(corp: Corp) -> None:
    corp.customer("say", text="你好")
    assert corp.state()["service_state"] == 0
    answer = corp.send()
    assert set(answer) == {"errcode", "errmsg", "msgid"}
    assert corp.state()["service_state"] == 1


@pytest.mark.parametrize(("state", "servicer"), [(2, ""), (3, "zhou")])
def test_while_a_person_has_the_session_the_bot_is_refused(corp: Corp, state: int, servicer: str) -> None:
    corp.customer("say", text="转人工")
    assert corp.trans(state, servicer)["errcode"] == 0
    assert corp.send()["errcode"] == 95018


def test_a_msgid_works_once_in_an_account(corp: Corp) -> None:
    corp.customer("say", text="你好")
    assert corp.send(msgid="turn-1_A")["msgid"] == "turn-1_A"
    assert corp.send(msgid="turn-1_A")["errcode"] == 40058
    corp.admin("settings", repeated_msgid_errcode=-1)
    assert corp.send(msgid="turn-1_A")["errcode"] == -1
    assert [entry["msgid"] for entry in corp.seen(f"customer:{CUSTOMER}") if entry["by"] == "api"] == ["turn-1_A"]


@pytest.mark.parametrize("msgid", ["x" * 33, "a b", "中"])
def test_a_msgid_of_the_wrong_form(corp: Corp, msgid: str) -> None:
    corp.customer("say", text="你好")
    assert corp.send(msgid=msgid)["errcode"] == 40058


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text", "text": {"content": "好" * 683}}, 45002),
        ({"msgtype": "text", "text": {"content": "好" * 682}}, 0),
        ({"msgtype": "news", "news": {}}, 40008),
        ({"msgtype": "image", "image": {"media_id": "nobody"}}, 40007),
        ({"msgtype": "link", "link": {"title": "t", "url": "https://example.org"}}, 40007),
        ({"msgtype": "link", "link": {"title": "t", "url": "example.org", "thumb_media_id": "x"}}, 40058),
        ({"msgtype": "link", "link": {"title": "t", "url": "https://" + "u" * 2041, "thumb_media_id": "x"}}, 45002),
        ({"msgtype": "link", "link": {"url": "u", "thumb_media_id": "x"}}, 40063),
        ({"msgtype": "location", "msgmenu": {"name": "x"}}, 40063),
        ({"msgtype": "location", "location": {"latitude": 91, "longitude": 0}}, 95022),
        ({"msgtype": "location", "location": {"latitude": 31.2, "longitude": 121.5}}, 0),
        ({"msgtype": "business_card", "business_card": {"userid": "nobody"}}, 60111),
        ({"msgtype": "business_card", "business_card": {"userid": "zhou"}}, 0),
        ({"msgtype": "ca_link", "ca_link": {"link_url": ""}}, 40063),
        ({"msgtype": "ca_link", "ca_link": {"link_url": "https://example.org"}}, 0),
        (menu(10), 0),
        (menu(11), 95008),
        (menu(type="button", button={}), 95009),
        (menu(type="click", click={"id": "x" * 129, "content": "a"}), 40058),
        (menu(type="click", click={"id": "1", "content": "好" * 43}), 40058),
        (menu(type="view", view={"url": "https://example.org", "content": "看"}), 0),
        (menu(type="view", view={"url": "https://example.org", "content": ""}), 40063),
        (menu(type="view", view={"url": "https://example.org", "content": "好" * 43}), 40058),
        (menu(type="view", view={"url": "example.org", "content": "看"}), 40058),
        (menu(type="view", view={"url": "https://" + "u" * 2041, "content": "看"}), 45002),
        (menu(type="text", text={"content": "字", "no_newline": 1}), 0),
        (menu(type="miniprogram", miniprogram={"appid": "a", "content": "看"}), 40063),
    ],
)
def test_every_kind_and_its_limits(corp: Corp, message: dict[str, Any], code: int) -> None:
    corp.customer("say", text="你好")
    assert corp.send(**({"text": None} | message))["errcode"] == code


def test_media_are_sent_by_the_id_of_their_kind(corp: Corp) -> None:
    corp.customer("say", text="你好")
    image = corp.upload("image", "a.png", PNG)["media_id"]

    assert corp.send(msgtype="image", image={"media_id": image})["errcode"] == 0
    assert corp.send(msgtype="file", file={"media_id": image})["errcode"] == 40007
    link = {"title": "利率", "url": "https://example.org", "thumb_media_id": image}
    assert corp.send(msgtype="link", link=link)["errcode"] == 0
    assert (
        corp.send(msgtype="miniprogram", miniprogram={"appid": "a", "pagepath": "p", "title": "t", "thumb_media_id": image})["errcode"] == 0
    )


def test_a_failure_may_come_later(corp: Corp) -> None:
    corp.customer("say", text="你好")
    corp.admin("kf/fail_next", customer=CUSTOMER, fail_type=13)
    sent = corp.send()
    event = corp.sync()["msg_list"][-1]["event"]

    assert sent["errcode"] == 0
    assert (event["event_type"], event["fail_msgid"], event["fail_type"]) == ("msg_send_fail", sent["msgid"], 13)
    assert [entry for entry in corp.seen(f"customer:{CUSTOMER}") if entry["by"] == "api"] == []


def test_who_refuses_gets_nothing_and_the_event_says_so(corp: Corp) -> None:
    corp.customer("say", text="你好")
    corp.customer("refuse")
    corp.send()

    assert corp.sync()["msg_list"][-1]["event"]["fail_type"] == 10


def test_the_phone_shows_what_arrived(corp: Corp) -> None:
    corp.customer("say", text="你好")
    corp.send("您好，请讲")
    entry = corp.seen(f"customer:{CUSTOMER}")[-1]

    assert (entry["kind"], entry["by"], entry["body"]["text"]) == ("text", "api", {"content": "您好，请讲"})
