"""kf/sync_msg: the log of an account, its cursor, its horizon and its tokens."""

import base64

import pytest

from tests.integration.wecom_server.kit import CUSTOMER, PNG, Callbacks, Corp

DAY = 86400


def texts(answer: dict[str, object]) -> list[str]:
    return [item["text"]["content"] for item in answer["msg_list"] if item["msgtype"] == "text"]  # type: ignore[attr-defined]


def test_pages_by_cursor_until_there_is_no_more(corp: Corp) -> None:
    for number in range(5):
        corp.customer("say", text=str(number))
    first = corp.sync(limit=3)
    second = corp.sync(limit=3, cursor=first["next_cursor"])
    third = corp.sync(limit=3, cursor=second["next_cursor"])

    assert set(first) == {"errcode", "errmsg", "next_cursor", "has_more", "msg_list"}
    assert (texts(first), first["has_more"]) == (["0", "1", "2"], 1)
    assert (texts(second), second["has_more"]) == (["3", "4"], 0)
    assert (texts(third), third["has_more"]) == ([], 0)
    assert len(second["next_cursor"]) <= 64


def test_an_empty_page_is_not_the_end(corp: Corp) -> None:
    corp.customer("say", text="你好")
    corp.admin("kf/empty_pages", open_kfid=corp.kfid, times=1)
    empty = corp.sync()
    rest = corp.sync(cursor=empty["next_cursor"])

    assert (empty["msg_list"], empty["has_more"]) == ([], 1)
    assert (texts(rest), rest["has_more"]) == (["你好"], 0)


def test_only_three_days_are_kept_with_and_without_a_cursor(corp: Corp) -> None:
    cursor = corp.sync()["next_cursor"]
    corp.customer("say", text="旧")
    corp.advance(2 * DAY)
    corp.customer("say", text="新")
    corp.advance(DAY + 1)
    corp.tokens.clear()

    assert texts(corp.sync()) == ["新"]
    assert texts(corp.sync(cursor=cursor)) == ["新"]


def test_what_goes_wrong_in_a_request(corp: Corp) -> None:
    assert corp.kf("sync_msg")["errcode"] == 95000
    assert corp.kf("sync_msg", open_kfid="wkNobody")["errcode"] == 95004
    assert corp.sync(limit=1001)["errcode"] == 40058
    assert corp.sync(voice_format=2)["errcode"] == 40058
    assert corp.sync(cursor="nonsense")["errcode"] == 40058
    assert corp.sync(token="nonsense")["errcode"] == 95007


def test_a_callback_token_is_good_for_ten_minutes(corp: Corp, callbacks: Callbacks) -> None:
    corp.customer("say", text="你好")
    corp.admin("callbacks/wait")
    token = callbacks.events()[0]["Token"]
    corp.advance(600)
    assert corp.sync(token=token)["errcode"] == 0
    corp.advance(1)
    assert corp.sync(token=token)["errcode"] == 95007


def test_a_token_of_another_account_is_none(corp: Corp, callbacks: Callbacks) -> None:
    other = corp.kf("account/add", name="对公客服")["open_kfid"]
    corp.customer("say", text="你好")
    corp.admin("callbacks/wait")

    assert corp.kf("sync_msg", open_kfid=other, token=callbacks.events()[0]["Token"])["errcode"] == 95007


def test_without_a_token_calls_are_throttled(corp: Corp) -> None:
    assert [corp.sync()["errcode"] for _ in range(11)] == [0] * 10 + [45009]


def test_a_message_carries_its_ids_and_an_event_carries_them_inside(corp: Corp) -> None:
    corp.customer("enter", scene="app", scene_param="from=app", wechat_channels={"nickname": "号"})
    corp.customer("say", text="你好", menu_id="m1")
    event, message = corp.sync()["msg_list"]

    assert set(event) == {"msgid", "send_time", "origin", "msgtype", "event"}
    assert event["origin"] == 4
    welcome = event["event"].pop("welcome_code")
    assert event["event"] == {
        "event_type": "enter_session",
        "open_kfid": corp.kfid,
        "external_userid": CUSTOMER,
        "scene": "app",
        "scene_param": "from=app",
        "wechat_channels": {"nickname": "号"},
    }
    assert welcome
    assert set(message) == {"msgid", "send_time", "origin", "msgtype", "open_kfid", "external_userid", "text"}
    assert (message["origin"], message["text"]) == (3, {"content": "你好", "menu_id": "m1"})


def test_what_was_sent_by_api_is_not_in_the_log(corp: Corp) -> None:
    corp.customer("say", text="你好")
    assert corp.send("您好")["errcode"] == 0

    assert texts(corp.sync()) == ["你好"]


def test_a_servicer_in_the_client_is_origin_five(corp: Corp) -> None:
    corp.customer("say", text="转人工")
    corp.trans(3, "zhou")
    corp.servicer("say", text="您好，我是小周")
    spoken = corp.sync()["msg_list"][-1]

    assert (spoken["origin"], spoken["servicer_userid"], spoken["text"]) == (5, "zhou", {"content": "您好，我是小周"})


def test_a_picture_comes_as_media_and_one_that_is_too_large_as_a_notice(corp: Corp) -> None:
    corp.customer("send_file", type="image", name="a.png", base64=base64.b64encode(PNG).decode())
    corp.customer("send_file", type="voice", name="a.amr", base64=base64.b64encode(b"#!AMR" + bytes(2 * 1024 * 1024)).decode())
    picture, voice = corp.sync()["msg_list"]
    status, body = corp.http("GET", f"/cgi-bin/media/get?access_token={corp.token('kf')}&media_id={picture['image']['media_id']}")

    assert (status, body) == (200, PNG)
    assert voice["msgtype"] == "text"


@pytest.mark.parametrize("kind", ["location", "link", "business_card", "miniprogram", "channels", "merged_msg", "meeting", "note"])
def test_other_kinds_pass_through(corp: Corp, kind: str) -> None:
    corp.customer("send", msgtype=kind, **{kind: {"title": "x"}})
    (item,) = corp.sync()["msg_list"]

    assert (item["msgtype"], item[kind]) == (kind, {"title": "x"})


def test_recalls_are_events(corp: Corp) -> None:
    mine = corp.customer("say", text="说错了")
    corp.customer("recall", msgid=mine["msgid"])
    corp.trans(3, "zhou")
    theirs = corp.servicer("say", text="也说错了")
    corp.servicer("recall", msgid=theirs["msgid"])
    events = [item["event"] for item in corp.sync()["msg_list"] if item["msgtype"] == "event"]

    assert [(event["event_type"], event["recall_msgid"]) for event in events] == [
        ("user_recall_msg", mine["msgid"]),
        ("servicer_recall_msg", theirs["msgid"]),
    ]
    assert events[1]["servicer_userid"] == "zhou"
