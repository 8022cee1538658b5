"""The sandbox's own envelope against the vectors of the official pages and against peers."""

import json
import subprocess

import pytest
from wechatpy.work.crypto import WeChatCrypto

from sandbox.wecom import xml
from sandbox.wecom.crypto import Envelope, NotForUs
from tests.integration.wecom_server.kit import OPTIONS

KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
OFFICIAL = Envelope("QDG6eK", KEY, "wx5823bf96d3bd56c7")
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
POSTED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt6"
    "6wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqC"
    "KIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVK"
    "n28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
OURS = Envelope(OPTIONS.token, OPTIONS.aes_key, OPTIONS.corp_id)
TEXTS = ["", "a", "陪伴" * 500, "x" * 12, "x" * 44, "<xml>]]>&</xml>"]


def test_the_official_echostr() -> None:
    assert OFFICIAL.open(ECHO, "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780") == "1616140317555161061"


def test_the_official_post() -> None:
    fields = xml.read(OFFICIAL.open(POSTED, "477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149"))

    assert (fields["Content"], fields["MsgId"], fields["AgentID"]) == ("hello", "4561255354251345929", "218")


@pytest.mark.parametrize(
    ("token", "receiver", "what"),
    [("another", "wx5823bf96d3bd56c7", "signature"), ("QDG6eK", "wxanother", "receiver")],
)
def test_what_is_not_for_us_is_refused(token: str, receiver: str, what: str) -> None:
    with pytest.raises(NotForUs, match=what):
        Envelope(token, KEY, receiver).open(ECHO, "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780")


@pytest.mark.parametrize("text", TEXTS)
def test_sealed_and_opened_across_implementations(text: str) -> None:
    library = WeChatCrypto(OPTIONS.token, OPTIONS.aes_key, OPTIONS.corp_id)
    sealed = OURS.seal(text)
    outer = xml.write([("Encrypt", sealed)])

    assert library.decrypt_message(outer, OURS.sign("1", "2", sealed), "1", "2") == text
    theirs = xml.read(library.encrypt_message(text, "2", "1"))
    assert OURS.open(theirs["Encrypt"], theirs["MsgSignature"], "1", "2") == text


_PEER = """
const peer = require(process.argv[1]);
const {token, key, sealed} = JSON.parse(require('fs').readFileSync(0));
console.log(JSON.stringify(sealed.map(s => ({opened: peer.decrypt(key, s), signed: peer.getSignature(token, '1', '2', s)}))));
"""


@pytest.mark.npm
def test_the_peer_of_tencent_opens_what_we_seal() -> None:
    sealed = [OURS.seal(text) for text in TEXTS[1:]]
    given = json.dumps({"token": OPTIONS.token, "key": OPTIONS.aes_key, "sealed": sealed})
    ran = subprocess.run(["node", "-e", _PEER, "@wecom/crypto"], input=given, capture_output=True, text=True, check=True)
    answers = json.loads(ran.stdout)

    assert [answer["opened"]["message"] for answer in answers] == TEXTS[1:]
    assert {answer["opened"]["id"] for answer in answers} == {OPTIONS.corp_id}
    assert [answer["signed"] for answer in answers] == [OURS.sign("1", "2", text) for text in sealed]


def test_a_text_that_ends_cdata_stays_whole() -> None:
    assert xml.read(xml.write([("Content", "a]]>b&<c>")]))["Content"] == "a]]>b&<c>"
