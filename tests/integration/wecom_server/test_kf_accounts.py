"""Accounts, contact ways, servicers, customers, upgrades."""

from tests.integration.wecom_server.kit import CUSTOMER, PNG, Callbacks, Corp


def test_accounts_are_added_changed_listed_in_pages_and_deleted(corp: Corp) -> None:
    avatar = corp.upload("image", "a.png", PNG)["media_id"]
    new = corp.kf("account/add", name="对公客服", media_id=avatar)["open_kfid"]
    assert corp.kf("account/update", open_kfid=new, name="企业服务")["errcode"] == 0
    (listed,) = corp.kf("account/list", offset=1, limit=1)["account_list"]

    assert set(listed) == {"open_kfid", "name", "avatar", "manage_privilege"}
    assert (listed["open_kfid"], listed["name"]) == (new, "企业服务")
    assert corp.kf("account/list", limit=101)["errcode"] == 40058
    assert corp.kf("account/del", open_kfid=new)["errcode"] == 0
    assert corp.kf("account/del", open_kfid=new)["errcode"] == 95004


def test_names_and_avatars(corp: Corp) -> None:
    assert corp.kf("account/add", name="客" * 17)["errcode"] == 95006
    assert corp.kf("account/add", name="客" * 16)["errcode"] == 0
    assert corp.kf("account/add", name="客服", media_id="nobody")["errcode"] == 40007


def test_a_contact_way_brings_its_scene_into_the_session(corp: Corp) -> None:
    url = corp.kf("add_contact_way", open_kfid=corp.kfid, scene="branch_1")["url"]
    event = corp.customer("enter", url=url, scene_param="柜台")["event"]
    answer = corp.kf("customer/batchget", external_userid_list=[CUSTOMER], need_enter_session_context=1)

    assert (event["scene"], event["scene_param"]) == ("branch_1", "柜台")
    assert answer["customer_list"][0]["enter_session_context"] == {"scene": "branch_1", "scene_param": "柜台"}
    assert corp.kf("add_contact_way", open_kfid=corp.kfid, scene="a b")["errcode"] == 40058
    assert corp.kf("add_contact_way", open_kfid=corp.kfid, scene="x" * 33)["errcode"] == 40058


def test_customers_by_id(corp: Corp) -> None:
    answer = corp.kf("customer/batchget", external_userid_list=[CUSTOMER, "wmNobody"])

    assert answer["invalid_external_userid"] == ["wmNobody"]
    assert set(answer["customer_list"][0]) == {"external_userid", "nickname", "avatar", "gender", "unionid"}
    assert corp.kf("customer/batchget", external_userid_list=["x"] * 101)["errcode"] == 40058


def test_servicers_one_by_one(corp: Corp) -> None:
    added = corp.kf("servicer/add", open_kfid=corp.kfid, userid_list=["lin", "zhou", "nobody"])["result_list"]
    assert [(result["errcode"], result["errmsg"]) for result in added] == [(0, "success"), (0, "ignored"), (60111, "fail")]
    removed = corp.kf("servicer/del", open_kfid=corp.kfid, userid_list=["lin", "lin"])["result_list"]
    assert [result["errmsg"] for result in removed] == ["success", "ignored"]
    assert corp.kf("servicer/add", open_kfid=corp.kfid, department_id_list=[7])["result_list"] == [
        {"department_id": 7, "errcode": 0, "errmsg": "success"}
    ]
    assert corp.kf("servicer/add", open_kfid=corp.kfid, userid_list=["x"] * 101)["errcode"] == 40058

    corp.servicer("duty", on=False)
    listed = corp.get("kf", "kf/servicer/list", open_kfid=corp.kfid)["servicer_list"]
    assert listed == [{"userid": "zhou", "status": 1, "stop_type": 0}, {"userid": "he", "status": 0}, {"department_id": 7}]


def test_upgrades_only_to_who_is_configured(corp: Corp) -> None:
    asked = {"open_kfid": corp.kfid, "external_userid": CUSTOMER, "type": 1, "member": {"userid": "zhou", "wording": "请加"}}
    assert corp.kf("customer/upgrade_service", **asked)["errcode"] == 95021
    corp.admin("kf/upgrade", members=["zhou"])
    corp.customer("say", text="你好")
    corp.trans(3, "he")

    assert corp.kf("customer/upgrade_service", **asked)["errcode"] == 0
    assert corp.seen("member:he")[-1]["kind"] == "kf_upgrade"
    assert corp.get("kf", "kf/customer/get_upgrade_service_config")["member_range"]["userid_list"] == ["zhou"]
    assert corp.kf("customer/cancel_upgrade_service", open_kfid=corp.kfid, external_userid=CUSTOMER)["errcode"] == 0


def test_a_change_of_authorisation_is_its_own_event(corp: Corp, callbacks: Callbacks) -> None:
    corp.admin("kf/auth_change", add=["wk1", "wk2"])
    corp.admin("callbacks/wait")

    assert callbacks.events("kf_account_auth_change")[0]["AuthAddOpenKfId"] == ["wk1", "wk2"]
