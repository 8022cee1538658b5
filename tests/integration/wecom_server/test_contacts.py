"""客户联系: relations, events, remarks, tags, contact ways, welcome messages."""

from typing import Any

import pytest

from tests.integration.wecom_server.kit import CUSTOMER, OTHER_CUSTOMER, PNG, Callbacks, Corp


def add(corp: Corp, member: str = "zhou", customer: str = CUSTOMER, **given: Any) -> dict[str, Any]:
    return corp.member("add", member, customer=customer, **given)


def events(corp: Corp, callbacks: Callbacks) -> list[dict[str, Any]]:
    corp.admin("callbacks/wait")
    return sorted(callbacks.events("change_external_contact"), key=lambda event: str(event["ChangeType"]))


def get(corp: Corp, path: str, **query: str) -> dict[str, Any]:
    return corp.get("contacts", f"externalcontact/{path}", **query)


def test_who_may_follow_and_whom(corp: Corp) -> None:
    corp.admin("members", userid="lin", contact=False)
    assert get(corp, "get_follow_user_list")["follow_user"] == ["zhou", "he"]
    assert get(corp, "list", userid="zhou")["errcode"] == 84061
    add(corp)
    assert get(corp, "list", userid="zhou")["external_userid"] == [CUSTOMER]
    assert get(corp, "list", userid="")["errcode"] == 40003
    assert get(corp, "list", userid="nobody")["errcode"] == 60111
    assert get(corp, "list", userid="lin")["errcode"] == 50002


def test_one_customer_with_all_followers(corp: Corp) -> None:
    assert get(corp, "get", external_userid="wmNobody")["errcode"] == 40096
    assert get(corp, "get", external_userid=CUSTOMER)["errcode"] == 84061
    add(corp)
    add(corp, "he", state="qr1")
    answer = get(corp, "get", external_userid=CUSTOMER)

    assert set(answer) == {"errcode", "errmsg", "external_contact", "follow_user"}
    assert (answer["external_contact"]["name"], answer["external_contact"]["type"]) == ("张伟", 1)
    assert [follow["userid"] for follow in answer["follow_user"]] == ["zhou", "he"]
    assert answer["follow_user"][1]["state"] == "qr1"


def test_in_pages_by_member(corp: Corp) -> None:
    for number in range(3):
        add(corp, customer=f"wmSandbox000000000{number + 1}")
    first = corp.contact("batch/get_by_user", userid_list=["zhou"], limit=2)
    second = corp.contact("batch/get_by_user", userid_list=["zhou"], limit=2, cursor=first["next_cursor"])

    assert [len(answer["external_contact_list"]) for answer in (first, second)] == [2, 1]
    assert second["next_cursor"] == ""
    assert "tag_id" in first["external_contact_list"][0]["follow_info"]
    assert corp.contact("batch/get_by_user", userid_list=["zhou"], limit=101)["errcode"] == 40058
    assert corp.contact("batch/get_by_user", userid="zhou")["errcode"] == 40063


def test_clients_make_events_and_the_api_makes_none(corp: Corp, callbacks: Callbacks) -> None:
    add(corp, state="qr1")
    corp.contact("remark", userid="zhou", external_userid=CUSTOMER, remark="张总")
    assert len(events(corp, callbacks)) == 1
    corp.member("edit", customer=CUSTOMER, remark="老张")
    corp.customer("remove", member="zhou")
    corp.member("remove", customer=CUSTOMER)
    removed, added, edited, unfollowed = sorted(
        events(corp, callbacks),
        key=lambda event: ["del_external_contact", "add_external_contact", "edit_external_contact", "del_follow_user"].index(
            event["ChangeType"]
        ),
    )

    assert (added["FromUserName"], added["UserID"], added["ExternalUserID"], added["State"]) == ("sys", "zhou", CUSTOMER, "qr1")
    assert added["WelcomeCode"]
    assert {tuple(event) for event in (removed, edited, unfollowed)} == {
        ("ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "ChangeType", "UserID", "ExternalUserID")
    }


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, 40063),
        ({"remark": "二十一个字的备注太长了二十一个字的备注太长"}, 45002),
        ({"remark": "张总", "remark_company": "司" * 21}, 45002),
        ({"description": "述" * 151}, 45002),
        ({"remark_mobiles": ["13800000000", ""]}, 0),
        ({"remark_pic_mediaid": "nobody"}, 40007),
        ({"remark": "x", "external_userid": OTHER_CUSTOMER}, 84061),
        ({"remark": "x", "userid": "nobody"}, 60111),
    ],
)
def test_remarks(corp: Corp, given: dict[str, Any], code: int) -> None:
    add(corp)
    assert corp.contact("remark", **({"userid": "zhou", "external_userid": CUSTOMER} | given))["errcode"] == code


def test_a_remark_is_kept_and_mobiles_are_replaced(corp: Corp) -> None:
    add(corp)
    corp.contact("remark", userid="zhou", external_userid=CUSTOMER, remark="张总", remark_mobiles=["13800000000"])
    corp.contact("remark", userid="zhou", external_userid=CUSTOMER, remark_mobiles=[""])
    (follow,) = get(corp, "get", external_userid=CUSTOMER)["follow_user"]

    assert (follow["remark"], follow["remark_mobiles"]) == ("张总", [])


def new_tag(corp: Corp, name: str = "高净值", group: str = "客群") -> str:
    return str(corp.contact("add_corp_tag", group_name=group, tag=[{"name": name}])["tag_group"]["tag"][0]["id"])


def test_tags_from_the_first_to_the_last(corp: Corp) -> None:
    first, second = new_tag(corp), new_tag(corp, "企业主")
    assert new_tag(corp) == first
    (group,) = corp.contact("get_corp_tag_list")["tag_group"]
    assert [tag["name"] for tag in group["tag"]] == ["高净值", "企业主"]
    assert corp.contact("edit_corp_tag", id=first, name="高净值客户")["errcode"] == 0
    assert corp.contact("del_corp_tag", tag_id=[first, second])["errcode"] == 0
    assert corp.contact("get_corp_tag_list")["tag_group"] == []


def test_what_goes_wrong_with_tags(corp: Corp) -> None:
    made = corp.member("make_tag", group_name="控制台", tag=[{"name": "重点"}])["tag_group"]["tag"][0]["id"]
    assert corp.contact("edit_corp_tag", id=made, name="x")["errcode"] == 60011
    assert corp.contact("del_corp_tag", tag_id=[made])["errcode"] == 60011
    assert corp.contact("edit_corp_tag", id="nobody", name="x")["errcode"] == 40068
    assert corp.contact("add_corp_tag", group_name="空", tag=[])["errcode"] == 40063
    assert corp.contact("add_corp_tag", group_name="长", tag=[{"name": "字" * 31}])["errcode"] == 45002
    assert corp.contact("add_corp_tag", group_name="多", tag=[{"name": str(number)} for number in range(3000)])["errcode"] == 45002


def test_marking(corp: Corp) -> None:
    tag = new_tag(corp)
    who = {"userid": "zhou", "external_userid": CUSTOMER}
    assert corp.contact("mark_tag", **who, add_tag=[tag])["errcode"] == 84061
    add(corp)
    assert corp.contact("mark_tag", **who)["errcode"] == 40063
    assert corp.contact("mark_tag", **who, add_tag=["nobody"])["errcode"] == 40068
    assert corp.contact("mark_tag", **who, add_tag=[tag])["errcode"] == 0
    (follow,) = get(corp, "get", external_userid=CUSTOMER)["follow_user"]
    assert follow["tags"] == [{"group_name": "客群", "tag_name": "高净值", "tag_id": tag, "type": 1}]
    corp.contact("mark_tag", **who, remove_tag=[tag])
    assert get(corp, "get", external_userid=CUSTOMER)["follow_user"][0]["tags"] == []


def test_a_contact_way_brings_its_state(corp: Corp, callbacks: Callbacks) -> None:
    made = corp.contact("add_contact_way", type=1, scene=2, state="branch-1", user=["he"])
    assert set(made) == {"errcode", "errmsg", "config_id", "qr_code"}
    corp.admin("phones/customer/add", customer=CUSTOMER, config_id=made["config_id"])
    (event,) = events(corp, callbacks)
    assert (event["UserID"], event["State"]) == ("he", "branch-1")

    assert corp.contact("update_contact_way", config_id=made["config_id"], state="branch-2")["errcode"] == 0
    assert corp.contact("get_contact_way", config_id=made["config_id"])["contact_way"]["state"] == "branch-2"
    assert corp.contact("list_contact_way")["contact_way"] == [{"config_id": made["config_id"]}]
    assert corp.contact("del_contact_way", config_id=made["config_id"])["errcode"] == 0
    assert corp.contact("get_contact_way", config_id=made["config_id"])["errcode"] == 40058


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"state": "x" * 31}, 45002),
        ({"user": []}, 40063),
        ({"user": ["zhou", "he"]}, 40058),
        ({"user": ["zhou", "he"], "type": 2}, 0),
        ({"user": ["nobody"]}, 60111),
        ({"user": ["zhou"] * 101, "type": 2}, 40058),
        ({"scene": 3}, 40058),
    ],
)
def test_contact_ways_that_may_not_be(corp: Corp, given: dict[str, Any], code: int) -> None:
    assert corp.contact("add_contact_way", **({"type": 1, "scene": 2, "user": ["zhou"]} | given))["errcode"] == code


def welcome(corp: Corp, code: str, **given: Any) -> int:
    return int(corp.contact("send_welcome_msg", welcome_code=code, **(given or {"text": {"content": "您好"}}))["errcode"])


@pytest.mark.parametrize(("waited_s", "answer"), [(20, 0), (21, 41050)])
def test_a_welcome_within_20_seconds(corp: Corp, waited_s: int, answer: int) -> None:
    code = add(corp)["WelcomeCode"]
    corp.advance(waited_s)
    assert welcome(corp, code) == answer
    assert len(corp.seen(f"customer:{CUSTOMER}")) == int(answer == 0)


def test_the_first_welcome_wins_and_none_after_they_talked(corp: Corp) -> None:
    code = add(corp)["WelcomeCode"]
    assert [welcome(corp, code), welcome(corp, code), welcome(corp, "nobody")] == [0, 41051, 41050]
    other = add(corp, "he")["WelcomeCode"]
    corp.member("chat", "he", customer=CUSTOMER)
    assert welcome(corp, other) == 41051
    corp.customer("remove", member="he")
    assert "WelcomeCode" not in add(corp, "he")
    assert "WelcomeCode" not in add(corp, "lin", native_welcome=True)


def test_what_a_welcome_may_hold(corp: Corp) -> None:
    code = add(corp)["WelcomeCode"]
    image = corp.upload("image", "a.png", PNG)["media_id"]
    link = {"msgtype": "link", "link": {"title": "t", "url": "u"}}
    assert welcome(corp, code, text={"content": "好" * 1334}) == 45002
    assert welcome(corp, code, attachments=[link] * 10) == 40058
    assert welcome(corp, code, attachments=[{"msgtype": "text"}]) == 40008
    assert welcome(corp, code, attachments=[{"msgtype": "image", "image": {"media_id": "nobody"}}]) == 40007
    assert welcome(corp, code, text={"content": ""}) == 40063
    assert welcome(corp, code, attachments=[link, {"msgtype": "image", "image": {"media_id": image}}]) == 0
