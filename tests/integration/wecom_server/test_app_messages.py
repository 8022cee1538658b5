"""message/send, recall and media: who gets what, and what is refused."""

from typing import Any

import pytest

from tests.integration.wecom_server.kit import OPTIONS, PNG, Corp

DAY = 86400


def send(corp: Corp, words: str = "早会九点", /, **given: Any) -> dict[str, Any]:
    message = {"touser": "zhou", "agentid": OPTIONS.agent_id, "msgtype": "text", "text": {"content": words}}
    return corp.post("app", "message/send", **(message | given))


def test_partly_in_vain_is_no_error_and_wholly_is_81013(corp: Corp) -> None:
    partly = send(corp, touser="zhou|Nobody|Lin", toparty="9")
    assert set(partly) == {"errcode", "errmsg", "invaliduser", "invalidparty", "invalidtag", "unlicenseduser", "msgid"}
    assert (partly["errcode"], partly["invaliduser"], partly["invalidparty"]) == (0, "nobody", "9")
    assert [len(corp.seen(f"member:{name}")) for name in ("zhou", "lin", "he")] == [1, 1, 0]
    assert send(corp, touser="Nobody|Other")["errcode"] == 81013
    assert send(corp, touser="")["errcode"] == 40063


def test_all_parties_and_tags(corp: Corp) -> None:
    corp.admin("members", userid="he", name="何静", department=7, tags=[3])
    send(corp, touser="", toparty="7", totag="3")
    assert len(corp.seen("member:he")) == 1
    send(corp, touser="@all")
    assert [len(corp.seen(f"member:{name}")) for name in ("zhou", "lin", "he")] == [1, 1, 2]


def test_who_has_no_licence_or_is_out_of_sight(corp: Corp) -> None:
    corp.admin("members", userid="lin", name="林涛", licensed=False)
    corp.admin("members", userid="he", name="何静", visible=False)

    assert send(corp, touser="lin")["errcode"] == 701008
    assert send(corp, touser="he")["errcode"] == 81013
    assert send(corp, touser="zhou|lin|he")["unlicenseduser"] == "lin"


def test_another_app_and_too_many_people(corp: Corp) -> None:
    assert send(corp, agentid=1)["errcode"] == 301002
    assert send(corp, touser="|".join(f"u{number}" for number in range(1001)))["errcode"] == 40058


def test_thirty_a_minute_to_one_member_and_the_rest_is_lost_in_silence(corp: Corp) -> None:
    assert {send(corp, str(number))["errcode"] for number in range(33)} == {0}
    assert len(corp.seen("member:zhou")) == 30
    corp.advance(60)
    send(corp, "一分钟以后")
    assert corp.seen("member:zhou")[-1]["body"]["text"]["content"] == "一分钟以后"


def test_an_app_has_so_many_person_times_a_day(corp: Corp) -> None:
    corp.admin("settings", account_ceiling=0)
    assert send(corp)["errcode"] == 45009


def test_the_same_again_is_not_shown_when_asked_to_check(corp: Corp) -> None:
    for _ in range(2):
        assert send(corp, "重复", enable_duplicate_check=1, duplicate_check_interval=600)["errcode"] == 0
    assert len(corp.seen("member:zhou")) == 1
    corp.advance(600)
    send(corp, "重复", enable_duplicate_check=1, duplicate_check_interval=600)
    assert len(corp.seen("member:zhou")) == 2
    assert send(corp, duplicate_check_interval=4 * 3600 + 1)["errcode"] == 40058


def test_a_long_text_is_cut(corp: Corp) -> None:
    send(corp, "好" * 700)
    assert corp.seen("member:zhou")[0]["body"]["text"]["content"] == "好" * 682


CARD = {"title": "客户生日", "description": "张伟", "url": "https://example.org"}


@pytest.mark.parametrize(
    ("msgtype", "body", "code"),
    [
        ("text", {"content": ""}, 44004),
        ("textcard", CARD, 0),
        ("textcard", CARD | {"title": "题" * 129}, 45002),
        ("textcard", CARD | {"description": "述" * 513}, 45002),
        ("textcard", CARD | {"url": "u" * 2049}, 45002),
        ("textcard", CARD | {"btntxt": "五个字太长"}, 45002),
        ("textcard", {"title": "题"}, 40063),
        ("news", {"articles": [{"title": "题", "url": "u"}] * 8}, 0),
        ("news", {"articles": [{"title": "题", "url": "u"}] * 9}, 40058),
        ("news", {"articles": [{"title": "题"}]}, 40063),
        ("markdown", {"content": "# 待办"}, 0),
        ("markdown", {"content": "x" * 2049}, 45002),
        ("image", {"media_id": "nobody"}, 40007),
        ("miniprogram_notice", {"appid": "a", "title": "您有新待办"}, 0),
        ("miniprogram_notice", {"appid": "a", "title": "短"}, 40058),
        ("msgmenu", {}, 40008),
    ],
)
def test_every_kind_and_its_limits(corp: Corp, msgtype: str, body: dict[str, Any], code: int) -> None:
    assert send(corp, msgtype=msgtype, **{msgtype: body})["errcode"] == code


def test_recalled_within_a_day(corp: Corp) -> None:
    first = send(corp)["msgid"]
    assert corp.post("app", "message/recall", msgid=first)["errcode"] == 0
    assert corp.seen("member:zhou")[0]["recalled"] is True
    second = send(corp)["msgid"]
    corp.advance(DAY + 1)
    corp.tokens.clear()
    assert corp.post("app", "message/recall", msgid=second)["errcode"] == 40058
    assert corp.post("app", "message/recall", msgid="nobody")["errcode"] == 40058


def test_media_live_for_three_days(corp: Corp) -> None:
    uploaded = corp.upload("image", "头像.png", PNG)
    assert set(uploaded) == {"errcode", "errmsg", "type", "media_id", "created_at"}
    assert isinstance(uploaded["created_at"], str)
    assert send(corp, msgtype="image", image={"media_id": uploaded["media_id"]})["errcode"] == 0
    corp.advance(3 * DAY - 1)
    corp.tokens.clear()
    path = f"/cgi-bin/media/get?access_token={corp.token('app')}&media_id={uploaded['media_id']}"
    assert corp.http("GET", path)[1] == PNG
    corp.advance(1)
    assert corp.get("app", "media/get", media_id=uploaded["media_id"])["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("image", PNG, 0),
        ("image", b"GIF89a-picture", 40058),
        ("voice", b"#!AMR\n" + bytes(10), 0),
        ("voice", b"#!AMR\n" + bytes(2 * 1024 * 1024), 45002),
        ("video", bytes(4) + b"ftypmp42", 0),
        ("video", bytes(20), 40058),
        ("file", b"12345", 40063),
        ("file", b"123456", 0),
        ("song", PNG, 40058),
    ],
)
def test_what_may_be_uploaded(corp: Corp, kind: str, content: bytes, code: int) -> None:
    assert corp.upload(kind, "a.bin", content)["errcode"] == code


def test_pictures_for_good_a_hundred_a_day(corp: Corp) -> None:
    answers = [corp.upload("image", "a.png", PNG, path="media/uploadimg") for _ in range(101)]
    assert answers[0]["url"].startswith("https://")
    assert [answer["errcode"] for answer in answers] == [0] * 100 + [45009]
