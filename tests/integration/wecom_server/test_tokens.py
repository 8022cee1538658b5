"""gettoken and what a token lets in."""

import json
import socket
import threading
from urllib.parse import urlsplit

from sandbox.wecom.errors import Refused
from sandbox.wecom.limits import Limits
from tests.integration.wecom_server.kit import Corp


def test_every_secret_has_its_token_and_keeps_it(corp: Corp) -> None:
    first = {kind: corp.gettoken(kind)["access_token"] for kind in ("app", "contacts", "kf")}
    corp.advance(3600)

    assert len(set(first.values())) == 3
    assert {kind: corp.gettoken(kind)["access_token"] for kind in first} == first
    assert set(corp.gettoken()) == {"errcode", "errmsg", "access_token", "expires_in"}
    assert corp.gettoken()["expires_in"] == 3600


def test_wrong_corp_and_wrong_secret(corp: Corp) -> None:
    assert corp.gettoken(corpid="wwother")["errcode"] == 40013
    assert corp.gettoken(corpsecret="no")["errcode"] == 40001


def test_missing_unknown_and_expired_tokens(corp: Corp) -> None:
    def answer(query: str) -> int:
        return int(json.loads(corp.http("GET", f"/cgi-bin/getcallbackip{query}")[1])["errcode"])

    assert answer("") == 41001
    assert answer("?access_token=nobody") == 40014
    token = corp.token("app")
    assert answer(f"?access_token={token}") == 0
    corp.advance(7200)
    assert answer(f"?access_token={token}") == 42001


def test_tencent_may_end_a_token_early(corp: Corp) -> None:
    before = corp.token("kf")
    corp.admin("tokens/end", secret="kf", errcode=40014)

    assert corp.kf("account/list")["errcode"] == 40014
    assert corp.gettoken("kf")["access_token"] != before
    assert corp.get("app", "getcallbackip")["errcode"] == 0


def test_gettoken_is_throttled(corp: Corp) -> None:
    assert [corp.gettoken()["errcode"] for _ in range(61)] == [0] * 60 + [45009]
    corp.advance(60)
    assert corp.gettoken()["errcode"] == 0


def test_a_secret_may_only_call_what_is_its_own(corp: Corp) -> None:
    assert corp.post("app", "kf/account/list")["errcode"] == 48002
    assert corp.get("app", "kf/servicer/list", open_kfid=corp.kfid)["errcode"] == 48002


def test_the_wrong_method(corp: Corp) -> None:
    assert corp.get("kf", "kf/account/list")["errcode"] == 43002
    assert corp.post("kf", "kf/servicer/list")["errcode"] == 43001


def test_a_path_that_nobody_knows(corp: Corp) -> None:
    assert corp.http("GET", "/cgi-bin/kf/nonsense")[0] == 404


def test_malformed_json_is_warned_of_and_read_as_empty(corp: Corp) -> None:
    _, body = corp.http("POST", f"/cgi-bin/kf/account/list?access_token={corp.token('kf')}", b"{not json")
    answer = json.loads(body)

    assert answer["errcode"] == 0
    assert "wrong json format" in answer["errmsg"]


def errcode_of(path: str, limits: Limits, now: float) -> int:
    try:
        limits.api(path, now)
    except Refused as refused:
        return refused.code
    return 0


def test_ten_thousand_a_minute_then_sixty_seconds_of_silence() -> None:
    limits = Limits()
    codes = [errcode_of("kf/sync_msg", limits, 650.0) for _ in range(10_001)]

    assert (set(codes[:-1]), codes[-1]) == ({0}, 45009)
    # The next minute begins at 660; the silence is counted from the call that was too many.
    assert [errcode_of("kf/sync_msg", limits, second) for second in (660.0, 709.0, 710.0)] == [45009, 45009, 0]
    assert errcode_of("kf/send_msg", limits, 650.0) == 0


def test_the_limit_stands_before_every_api(corp: Corp) -> None:
    call = b"GET /cgi-bin/getcallbackip?access_token=" + corp.token("app").encode() + b" HTTP/1.1\r\n"
    with socket.create_connection(("127.0.0.1", urlsplit(corp.url).port or 0), timeout=30) as line:
        sender = threading.Thread(target=lambda: line.sendall((call + b"\r\n") * 10_000 + call + b"Connection: close\r\n\r\n"))
        sender.start()
        answer = b"".join(iter(lambda: line.recv(65536), b""))
        sender.join()

    assert (answer.count(b'"errcode": 0'), answer.count(b'"errcode": 45009')) == (10_000, 1)
