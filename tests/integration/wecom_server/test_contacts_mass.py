"""企业群发: a task, a confirmation, results, caps. And moments."""

from typing import Any

import pytest

from tests.integration.wecom_server.kit import CUSTOMER, OTHER_CUSTOMER, Corp

DAY = 86400


@pytest.fixture
def bank(corp: Corp) -> Corp:
    """zhou has two customers, he has the first of them too and spoke last."""
    for customer in (CUSTOMER, OTHER_CUSTOMER):
        corp.member("add", customer=customer)
    corp.advance(60)
    corp.member("add", "he", customer=CUSTOMER)
    return corp


def create(corp: Corp, **given: Any) -> dict[str, Any]:
    return corp.contact("add_msg_template", **({"text": {"content": "冬至安康"}} | given))


def results(corp: Corp, msgid: str, userid: str = "zhou") -> dict[str, int]:
    listed = corp.contact("get_groupmsg_send_result", msgid=msgid, userid=userid)["send_list"]
    return {row["external_userid"]: row["status"] for row in listed}


def masses_seen(corp: Corp, customer: str = CUSTOMER) -> int:
    return len([entry for entry in corp.seen(f"customer:{customer}") if entry["kind"] == "mass"])


def test_nothing_is_sent_before_the_member_confirms(bank: Corp) -> None:
    made = create(bank, sender="zhou")
    assert set(made) == {"errcode", "errmsg", "fail_list", "msgid"}
    assert masses_seen(bank) == 0
    assert bank.contact("get_groupmsg_task", msgid=made["msgid"])["task_list"] == [{"userid": "zhou", "status": 0}]
    assert results(bank, made["msgid"]) == {CUSTOMER: 0, OTHER_CUSTOMER: 0}

    bank.member("confirm_mass", msgid=made["msgid"])
    assert results(bank, made["msgid"]) == {CUSTOMER: 1, OTHER_CUSTOMER: 1}
    assert bank.contact("get_groupmsg_task", msgid=made["msgid"])["task_list"][0]["status"] == 2
    assert masses_seen(bank) == 1


def test_without_a_sender_it_is_the_member_who_spoke_last(bank: Corp) -> None:
    made = create(bank, external_userid=[CUSTOMER, OTHER_CUSTOMER, "wmNobody"])
    tasks = bank.contact("get_groupmsg_task", msgid=made["msgid"])["task_list"]

    assert made["fail_list"] == ["wmNobody"]
    assert results(bank, made["msgid"], "he") == {CUSTOMER: 0}
    assert results(bank, made["msgid"], "zhou") == {OTHER_CUSTOMER: 0}
    assert {task["userid"] for task in tasks} == {"zhou", "he"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, 40063),
        ({"external_userid": ["wmNobody"]}, 41048),
        ({"sender": "lin"}, 41048),
        ({"sender": "nobody"}, 60111),
        ({"external_userid": ["x"] * 10_001}, 40058),
        ({"sender": "zhou", "text": {"content": "好" * 1334}}, 45002),
        ({"sender": "zhou", "text": {}}, 40063),
        ({"sender": "zhou", "tag_filter": {"group_list": [{"tag_list": ["nobody"]}]}}, 41048),
    ],
)
def test_tasks_that_may_not_be(bank: Corp, given: dict[str, Any], code: int) -> None:
    assert create(bank, **given)["errcode"] == code


def test_who_is_no_friend_any_more(bank: Corp) -> None:
    made = create(bank, sender="zhou")
    bank.customer("remove", member="zhou")
    bank.member("confirm_mass", msgid=made["msgid"])
    assert results(bank, made["msgid"]) == {CUSTOMER: 2, OTHER_CUSTOMER: 1}


def test_choosing_only_where_it_is_allowed(bank: Corp) -> None:
    fixed, free = create(bank, sender="zhou"), create(bank, sender="zhou", allow_select=True)
    assert "may not be chosen" in bank.refused("phones/member/confirm_mass", member="zhou", msgid=fixed["msgid"], customers=[CUSTOMER])
    bank.member("confirm_mass", msgid=free["msgid"], customers=[CUSTOMER])
    assert results(bank, free["msgid"]) == {CUSTOMER: 1, OTHER_CUSTOMER: 0}


def sent_so_many(corp: Corp, count: int) -> list[int]:
    statuses = []
    for _ in range(count):
        msgid = create(corp, external_userid=[CUSTOMER], sender="zhou")["msgid"]
        corp.member("confirm_mass", msgid=msgid)
        statuses.append(results(corp, msgid)[CUSTOMER])
    return statuses


def test_as_many_a_month_as_it_has_days(bank: Corp) -> None:
    assert sent_so_many(bank, 32) == [1] * 31 + [3]
    bank.admin("clock", set="2027-01-01T09:00")
    bank.tokens.clear()
    assert sent_so_many(bank, 1) == [1]


@pytest.mark.parametrize(("cap", "most"), [("day", 1), ("week", 7)])
def test_a_corp_may_choose_a_stricter_cap(bank: Corp, cap: str, most: int) -> None:
    bank.admin("settings", mass_cap=cap)
    assert sent_so_many(bank, most + 1) == [1] * most + [3]


def test_what_members_send_by_themselves_counts_too(bank: Corp) -> None:
    bank.admin("settings", mass_cap="day")
    assert bank.member("send_mass", "he", customers=[CUSTOMER], text="周末愉快") == {"sent": {CUSTOMER: 1}}
    assert sent_so_many(bank, 1) == [3]
    now = 1_796_088_660
    rows = bank.contact("get_groupmsg_list_v2", start_time=now - DAY, end_time=now + DAY)["group_msg_list"]
    assert [row["create_type"] for row in rows] == [1, 0]


def test_three_reminders_in_24_hours(bank: Corp) -> None:
    msgid = create(bank, sender="zhou")["msgid"]
    assert [bank.contact("remind_groupmsg_send", msgid=msgid)["errcode"] for _ in range(4)] == [0, 0, 0, 45009]
    assert [entry["kind"] for entry in bank.seen("member:zhou")] == ["mass_task"] + ["mass_reminder"] * 3
    bank.advance(DAY)
    bank.tokens.clear()
    assert bank.contact("remind_groupmsg_send", msgid=msgid)["errcode"] == 0


def test_cancelled_before_it_is_sent(bank: Corp) -> None:
    msgid = create(bank, sender="zhou")["msgid"]
    assert bank.contact("cancel_groupmsg_send", msgid=msgid)["errcode"] == 0
    assert "was cancelled" in bank.refused("phones/member/confirm_mass", member="zhou", msgid=msgid)


def test_while_it_is_dispatched(bank: Corp) -> None:
    bank.admin("settings", mass_dispatch_s=30)
    msgid = create(bank, sender="zhou")["msgid"]
    assert bank.contact("get_groupmsg_task", msgid=msgid)["errcode"] == 41063
    bank.advance(30)
    assert bank.contact("get_groupmsg_task", msgid=msgid)["errcode"] == 0
    assert bank.contact("get_groupmsg_task", msgid="nobody")["errcode"] == 40058


def test_the_list_covers_a_month(bank: Corp) -> None:
    create(bank, sender="zhou")
    now = 1_796_088_660  # 2026-12-01T09:31 in Beijing
    (row,) = bank.contact("get_groupmsg_list_v2", chat_type="single", start_time=now - 30 * DAY, end_time=now + DAY)["group_msg_list"]

    assert (row["creator"], row["create_type"], row["text"]) == ("zhou", 0, {"content": "冬至安康"})
    assert bank.contact("get_groupmsg_list_v2", start_time=now - 32 * DAY, end_time=now)["errcode"] == 40058
    assert bank.contact("get_groupmsg_list_v2", start_time=now - DAY, end_time=now, limit=101)["errcode"] == 40058


def moment(corp: Corp, **given: Any) -> dict[str, Any]:
    return corp.contact(
        "add_moment_task", **({"text": {"content": "冬至"}, "visible_range": {"sender_list": {"user_list": ["zhou"]}}} | given)
    )


def test_a_moment_is_published_by_the_member(bank: Corp) -> None:
    job = moment(bank)["jobid"]
    answer = bank.get("contacts", "externalcontact/get_moment_task_result", jobid=job)
    moment_id = answer["result"]["moment_id"]
    assert answer["status"] == 3
    assert bank.contact("get_moment_task", moment_id=moment_id)["task_list"] == [{"userid": "zhou", "publish_status": 0}]
    assert bank.contact("get_moment_send_result", moment_id=moment_id, userid="zhou")["customer_list"] == []

    bank.member("publish_moment", moment_id=moment_id)
    assert bank.contact("get_moment_task", moment_id=moment_id)["task_list"][0]["publish_status"] == 1
    assert len(bank.contact("get_moment_send_result", moment_id=moment_id, userid="zhou")["customer_list"]) == 2
    assert bank.seen(f"customer:{CUSTOMER}")[-1]["kind"] == "moment"
    assert len(bank.contact("get_moment_customer_list", moment_id=moment_id, userid="zhou")["customer_list"]) == 2
    assert bank.contact("get_moment_comments", moment_id=moment_id, userid="zhou")["errcode"] == 0
    now = 1_796_088_660
    assert len(bank.contact("get_moment_list", start_time=now - DAY, end_time=now + DAY)["moment_list"]) == 1
    bank.advance(DAY + 1)
    bank.tokens.clear()
    assert bank.get("contacts", "externalcontact/get_moment_task_result", jobid=job)["errcode"] == 40058


def test_moments_that_may_not_be(bank: Corp) -> None:
    link = {"msgtype": "link", "link": {"url": "u"}}
    assert moment(bank, text={"content": "字" * 2001})["errcode"] == 45002
    assert moment(bank, text={}, attachments=[])["errcode"] == 40063
    assert moment(bank, attachments=[link, link])["errcode"] == 40058
    assert moment(bank, attachments=[{"msgtype": "file"}])["errcode"] == 40008


def test_ten_moments_a_minute(bank: Corp) -> None:
    assert [moment(bank)["errcode"] for _ in range(11)] == [0] * 10 + [45009]
