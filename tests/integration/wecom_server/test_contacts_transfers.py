"""Customers are handed over: on the job and after somebody left."""

from typing import Any

import pytest

from tests.integration.wecom_server.kit import CUSTOMER, OTHER_CUSTOMER, Callbacks, Corp

DAY = 86400


@pytest.fixture
def bank(corp: Corp) -> Corp:
    for customer in (CUSTOMER, OTHER_CUSTOMER):
        corp.member("add", customer=customer)
    return corp


def transfer(corp: Corp, handover: str = "zhou", takeover: str = "he", path: str = "", **given: Any) -> dict[str, Any]:
    asked = {"handover_userid": handover, "takeover_userid": takeover, "external_userid": [CUSTOMER], "transfer_success_msg": "由何静接待"}
    return corp.contact(f"{path}transfer_customer", **(asked | given))


def status(corp: Corp, handover: str = "zhou", takeover: str = "he", path: str = "") -> int:
    rows = corp.contact(f"{path}transfer_result", handover_userid=handover, takeover_userid=takeover)["customer"]
    return int(rows[0]["status"])


def later(corp: Corp, seconds: float = DAY) -> None:
    corp.advance(seconds)
    corp.tokens.clear()


def changes(corp: Corp, callbacks: Callbacks) -> dict[str, dict[str, Any]]:
    corp.admin("callbacks/wait")
    return {event["ChangeType"]: event for event in callbacks.events("change_external_contact")}


def test_after_24_hours_the_customer_is_the_others(bank: Corp, callbacks: Callbacks) -> None:
    assert transfer(bank)["customer"] == [{"external_userid": CUSTOMER, "errcode": 0}]
    assert (status(bank), changes(bank, callbacks)) == (2, {})
    later(bank, DAY - 1)
    assert status(bank) == 2
    later(bank, 1)
    assert status(bank) == 1
    events = changes(bank, callbacks)

    assert events["del_external_contact"]["Source"] == "DELETE_BY_TRANSFER"
    assert events["add_external_contact"]["UserID"] == "he"
    assert bank.get("contacts", "externalcontact/list", userid="he")["external_userid"] == [CUSTOMER]
    assert bank.get("contacts", "externalcontact/list", userid="zhou")["external_userid"] == [OTHER_CUSTOMER]


def test_the_customer_may_refuse(bank: Corp, callbacks: Callbacks) -> None:
    transfer(bank)
    bank.customer("refuse_transfer")
    later(bank)

    assert status(bank) == 3
    assert changes(bank, callbacks)["transfer_fail"]["FailReason"] == "customer_refused"


def test_each_customer_has_an_errcode(bank: Corp) -> None:
    transfer(bank)
    answer = transfer(bank, external_userid=[CUSTOMER, "wmNobody", "wmSandbox0000000003"])

    assert [row["errcode"] for row in answer["customer"]] == [40100, 40096, 84061]


def test_two_transfers_in_90_days(bank: Corp, callbacks: Callbacks) -> None:
    for handover, takeover in (("zhou", "he"), ("he", "zhou")):
        transfer(bank, handover, takeover)
        later(bank)
    assert transfer(bank, "zhou", "lin")["customer"][0]["errcode"] == 0
    assert status(bank, "zhou", "lin") == 4
    assert changes(bank, callbacks)["transfer_fail"]["FailReason"] == "customer_limit_exceed"
    later(bank, 90 * DAY)
    assert transfer(bank, "zhou", "lin")["customer"][0]["errcode"] == 0
    assert status(bank, "zhou", "lin") == 2


def test_transfers_that_may_not_be(bank: Corp) -> None:
    assert transfer(bank, takeover="nobody")["errcode"] == 60111
    assert transfer(bank, handover="nobody")["errcode"] == 60111
    assert transfer(bank, external_userid=["x"] * 101)["errcode"] == 40058
    assert transfer(bank, transfer_success_msg="字" * 201)["errcode"] == 45002
    assert transfer(bank, path="resigned/")["errcode"] == 40003
    bank.admin("members", userid="he", verified=False)
    assert transfer(bank)["errcode"] == 40098


def test_customers_of_who_left(bank: Corp) -> None:
    bank.member("resign")
    listed = bank.contact("get_unassigned_list", page_id=0, page_size=1)
    rest = bank.contact("get_unassigned_list", cursor=listed["next_cursor"], page_size=1)
    assert (listed["info"][0]["handover_userid"], listed["is_last"]) == ("zhou", False)
    assert (rest["info"][0]["external_userid"], rest["is_last"]) == (OTHER_CUSTOMER, True)
    assert bank.contact("get_unassigned_list", page_id=50, page_size=1000)["errcode"] == 40058
    assert transfer(bank)["errcode"] == 40003
    assert transfer(bank, "he", "zhou")["errcode"] == 60111
    assert bank.post("app", "message/send", touser="zhou", agentid=1000002, msgtype="text", text={"content": "在吗"})["errcode"] == 81013

    assert transfer(bank, path="resigned/")["customer"][0]["errcode"] == 0
    assert [row["external_userid"] for row in bank.contact("get_unassigned_list")["info"]] == [OTHER_CUSTOMER]
    later(bank)
    assert status(bank, path="resigned/") == 1
