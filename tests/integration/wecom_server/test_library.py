"""A client that is not ours: the library, turned to the sandbox, finds what it expects."""

import hashlib
import io
from typing import Any

import pytest
from wechatpy.exceptions import WeChatClientException
from wechatpy.work import WeChatClient, parse_message

from tests.integration.wecom_server.kit import CUSTOMER, OPTIONS, PNG, Callbacks, Corp


def library(corp: Corp, kind: str) -> Any:
    class Turned(WeChatClient):  # type: ignore[misc]  # the library has no types
        API_BASE_URL = f"{corp.url}/cgi-bin/"

        def fetch_access_token(self) -> Any:
            return self._fetch_access_token(url=f"{corp.url}/cgi-bin/gettoken", params={"corpid": self.corp_id, "corpsecret": self.secret})

    return Turned(OPTIONS.corp_id, OPTIONS.secrets[kind])


def test_its_kf_calls(corp: Corp) -> None:
    client = library(corp, "kf")
    corp.customer("say", text="你好")

    assert client.kf_message.send_text(CUSTOMER, corp.kfid, "您好")["errcode"] == 0
    assert client.kf.get_service_state(corp.kfid, CUSTOMER)["service_state"] == 1
    assert client.kf.trans_service_state(corp.kfid, CUSTOMER, 3, "zhou")["errcode"] == 0
    with pytest.raises(WeChatClientException) as refused:
        client.kf_message.send_text(CUSTOMER, corp.kfid, "再说一句")
    assert refused.value.errcode == 95018
    assert client.kf.batchget_customer([CUSTOMER])["customer_list"][0]["nickname"] == "张伟"


def test_it_lacks_the_account_in_sync_msg_and_is_told_so(corp: Corp) -> None:
    with pytest.raises(WeChatClientException) as refused:
        library(corp, "kf").kf.sync_msg("token")
    assert refused.value.errcode == 95000


def test_it_refreshes_a_token_that_ended_early(corp: Corp) -> None:
    client = library(corp, "kf")
    corp.customer("say", text="你好")
    client.kf.get_service_state(corp.kfid, CUSTOMER)
    corp.admin("tokens/end", secret="kf")

    assert client.kf.get_service_state(corp.kfid, CUSTOMER)["service_state"] == 0


def test_its_messages_media_and_menu(corp: Corp) -> None:
    client = library(corp, "app")
    media = client.media.upload("image", ("头像.png", io.BytesIO(PNG)))["media_id"]

    assert client.message.send_image(OPTIONS.agent_id, "zhou", media)["errcode"] == 0
    assert client.message.send_text(OPTIONS.agent_id, ["zhou", "nobody"], "早会")["invaliduser"] == "nobody"
    assert client.menu.create(OPTIONS.agent_id, {"button": [{"type": "click", "name": "待接", "key": "q"}]})["errcode"] == 0
    assert client.menu.get(OPTIONS.agent_id)["button"][0]["key"] == "q"
    assert client.jsapi.get_ticket()["ticket"]
    assert corp.http("GET", f"/cgi-bin/media/get?access_token={corp.token('app')}&media_id={media}")[1] == PNG


def test_its_contacts(corp: Corp) -> None:
    client = library(corp, "contacts")
    corp.member("add", customer=CUSTOMER)

    assert client.external_contact.get_follow_user_list()["follow_user"] == ["zhou", "he", "lin"]
    assert client.external_contact.list("zhou")["external_userid"] == [CUSTOMER]
    assert client.external_contact.get(CUSTOMER)["external_contact"]["name"] == "张伟"


def test_it_reads_our_callbacks(corp: Corp, callbacks: Callbacks) -> None:
    corp.member("say", text="待接")
    corp.member("enter")
    corp.admin("callbacks/wait")
    corp.member("add", customer=CUSTOMER)
    corp.admin("callbacks/wait")
    read = {}
    for pushed in callbacks.got:
        message = parse_message(callbacks.crypto.decrypt_message(pushed.raw, *signed(callbacks, pushed.outer["Encrypt"])))
        read[type(message).__name__] = message

    assert read["TextMessage"].content == "待接"
    assert read["EnterAgentEvent"].source == "zhou"
    assert "ExternalContact" in "".join(read)


def signed(callbacks: Callbacks, sealed: str) -> tuple[str, str, str]:
    """A signature of our own, to hand the body to the library once more."""
    return hashlib.sha1("".join(sorted((OPTIONS.token, "1", "2", sealed))).encode()).hexdigest(), "1", "2"
