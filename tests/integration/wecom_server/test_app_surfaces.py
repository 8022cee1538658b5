"""What comes from the app's chat, the menu, logging in, and tickets."""

import http.client
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.integration.wecom_server.kit import CUSTOMER, OPTIONS, Callbacks, Corp


def test_a_members_text_and_the_reply_in_the_answer(corp: Corp, callbacks: Callbacks) -> None:
    reply = "<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[收到]]></Content></xml>"
    callbacks.reply = lambda: str(callbacks.crypto.encrypt_message(reply, "nonce", "1")).encode()
    corp.member("say", text="待接")
    corp.admin("callbacks/wait")
    (event,) = callbacks.events()

    assert set(event) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId", "AgentID"}
    assert (event["FromUserName"], event["Content"], event["AgentID"]) == ("zhou", "待接", str(OPTIONS.agent_id))
    assert 2**62 < int(event["MsgId"]) < 2**63
    assert [entry["body"]["text"]["content"] for entry in corp.seen("member:zhou")] == ["待接", "收到"]


def test_a_reply_that_is_not_signed_is_noted(corp: Corp, callbacks: Callbacks) -> None:
    callbacks.reply = lambda: b"<xml><Encrypt>eA==</Encrypt><MsgSignature>0</MsgSignature><TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>"
    corp.member("say", text="待接")
    (entry,) = corp.admin("callbacks/wait")["log"]

    assert entry["reply_refused"] == "NotForUs: signature"


def test_the_same_msgid_in_every_try(corp: Corp, callbacks: Callbacks) -> None:
    corp.admin("settings", callback_retry_wait_s=0.01)
    callbacks.statuses = [500, 500]
    corp.member("say", text="待接")
    corp.admin("callbacks/wait")

    assert len(callbacks.got) == 3
    assert len({event["MsgId"] for event in callbacks.events()}) == 1


def test_the_menu(corp: Corp, callbacks: Callbacks) -> None:
    agent = str(OPTIONS.agent_id)
    menu = [
        {"name": "客户", "sub_button": [{"type": "click", "name": "待接", "key": "queue"}]},
        {"type": "view", "name": "台", "url": "https://example.org"},
    ]
    path = f"menu/create?agentid={agent}&access_token={corp.token('app')}"

    def create(buttons: list[dict[str, object]]) -> int:
        return int(json.loads(corp.http("POST", f"/cgi-bin/{path}", json.dumps({"button": buttons}).encode())[1])["errcode"])

    assert create(menu) == 0
    assert create([{"type": "click", "name": "一", "key": "k"}] * 4) == 40058
    assert create([{"type": "click", "name": "一"}]) == 40063
    assert create([{"type": "other", "name": "一", "key": "k"}]) == 40058
    assert corp.get("app", "menu/get", agentid=agent)["button"] == menu
    assert corp.get("app", "menu/get", agentid="1")["errcode"] == 301002

    corp.member("enter")
    corp.member("click", key="queue")
    corp.member("click", url="https://example.org")
    corp.admin("callbacks/wait")
    assert sorted((event["Event"], event["EventKey"]) for event in callbacks.events()) == [
        ("click", "queue"),
        ("enter_agent", None),
        ("view", "https://example.org"),
    ]
    corp.get("app", "menu/delete", agentid=agent)
    assert "no such item" in corp.refused("phones/member/click", member="zhou", key="queue")


def authorize(corp: Corp, **given: str) -> tuple[int, bytes, str]:
    query = {
        "appid": OPTIONS.corp_id,
        "redirect_uri": "https://bank.example/back?x=1",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "s1",
        "agentid": str(OPTIONS.agent_id),
    }
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(corp.url).port, timeout=10)
    connection.request("GET", f"/connect/oauth2/authorize?{urlencode(query | given)}")
    answer = connection.getresponse()
    read = answer.status, answer.read(), answer.headers.get("Location", "")
    connection.close()
    return read


def code_for(corp: Corp, who: str, **given: str) -> str:
    status, _, location = authorize(corp, sandbox_who=who, **given)
    query = parse_qs(urlsplit(location).query)
    assert (status, query["x"], query["state"]) == (302, ["1"], ["s1"])
    return query["code"][0]


def test_the_page_asks_who_holds_the_phone(corp: Corp) -> None:
    status, body, _ = authorize(corp)
    assert (status, "周明远" in body.decode(), "张伟" in body.decode()) == (200, True, True)


@pytest.mark.parametrize("wrong", [{"appid": "x"}, {"scope": "x"}, {"response_type": "x"}, {"state": "a-b"}, {"redirect_uri": "ftp://x"}])
def test_a_wrong_link_leads_nowhere(corp: Corp, wrong: dict[str, str]) -> None:
    status, body, _ = authorize(corp, sandbox_who="member:zhou", **wrong)
    assert (status, "无法访问" in body.decode()) == (200, True)


def test_only_the_trusted_domain_when_one_is_set(corp: Corp) -> None:
    corp.admin("settings", trusted_domain="bank.example")
    assert authorize(corp, sandbox_who="member:zhou")[0] == 302
    assert authorize(corp, sandbox_who="member:zhou", redirect_uri="https://bank.example.net/")[0] == 200


def test_a_code_is_good_once_and_for_five_minutes(corp: Corp) -> None:
    code, late = code_for(corp, "member:zhou"), code_for(corp, "member:zhou")
    assert corp.get("app", "auth/getuserinfo", code=code) == {"errcode": 0, "errmsg": "ok", "userid": "zhou"}
    assert corp.get("app", "auth/getuserinfo", code=code)["errcode"] == 40029
    assert corp.get("app", "auth/getuserinfo", code="nobody")["errcode"] == 40029
    corp.advance(301)
    assert corp.get("app", "auth/getuserinfo", code=late)["errcode"] == 42003


def test_what_is_told_of_whom(corp: Corp) -> None:
    private = corp.get("app", "auth/getuserinfo", code=code_for(corp, "member:he", scope="snsapi_privateinfo"))
    outsider = corp.get("app", "auth/getuserinfo", code=code_for(corp, f"customer:{CUSTOMER}"))
    old = corp.get("app", "user/getuserinfo", code=code_for(corp, "member:he"))

    assert set(private) == {"errcode", "errmsg", "userid", "user_ticket"}
    assert set(outsider) == {"errcode", "errmsg", "openid"}
    assert old["UserId"] == "he"


def test_a_customer_of_somebody_is_told_by_id_until_the_customer_leaves(corp: Corp) -> None:
    corp.member("add", customer=CUSTOMER)
    known = corp.get("app", "auth/getuserinfo", code=code_for(corp, f"customer:{CUSTOMER}"))
    corp.customer("remove", member="zhou")
    gone = corp.get("app", "auth/getuserinfo", code=code_for(corp, f"customer:{CUSTOMER}"))

    assert known["external_userid"] == CUSTOMER
    assert "external_userid" not in gone


def test_tickets_are_kept_and_throttled(corp: Corp) -> None:
    first = corp.get("app", "ticket/get", type="agent_config")
    assert set(first) == {"errcode", "errmsg", "ticket", "expires_in"}
    rest = [corp.get("app", "ticket/get", type="agent_config") for _ in range(100)]
    assert [answer["errcode"] for answer in rest] == [0] * 99 + [45009]
    assert {answer["ticket"] for answer in rest[:99]} == {first["ticket"]}
    assert corp.get("app", "get_jsapi_ticket")["ticket"] != first["ticket"]
    assert corp.get("app", "ticket/get", type="other")["errcode"] == 40058
