"""The HTTP that the sandbox speaks, byte by byte."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.integration.wecom_server.kit import Corp


def spoken(corp: Corp, *parts: bytes) -> bytes:
    """What comes back on one connection until it ends."""
    with socket.create_connection(("127.0.0.1", urlsplit(corp.url).port or 0), timeout=10) as line:
        for part in parts:
            line.sendall(part)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    return answer


def test_several_calls_on_one_connection(corp: Corp) -> None:
    call = b"GET /_sandbox/clock HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = spoken(corp, call + call + call.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.count(b'{"at": "2026-12-01T09:30:00+08:00"') == 3


def test_a_body_in_chunks_and_one_that_asks_first(corp: Corp) -> None:
    head = b"POST /_sandbox/clock HTTP/1.1\r\nConnection: close\r\n"
    chunked = spoken(corp, head + b"Transfer-Encoding: chunked\r\n\r\n", b'9\r\n{"advance\r\n', b'9\r\n_s": 60 }\r\n0\r\n\r\n')
    assert b"09:31:00" in chunked
    asking = spoken(corp, head + b"Content-Length: 17\r\nExpect: 100-continue\r\n\r\n", b'{"advance_s": 60}')
    assert asking.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
    assert b"09:32:00" in asking


@pytest.mark.parametrize("noise", [b"\x16\x03\x01\r\n\r\n", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n"])
def test_noise_ends_the_connection_and_nothing_else(corp: Corp, noise: bytes) -> None:
    assert spoken(corp, noise) == b""
    assert corp.admin("clock")["runs"] is False


def test_a_name_that_is_not_ascii_comes_back_with_the_file(corp: Corp) -> None:
    media = corp.upload("file", "对账单.pdf", b"%PDF-1.7 content")["media_id"]
    path = f"/cgi-bin/media/get?access_token={corp.token('app')}&media_id={media}"
    answer = spoken(corp, f"GET {path} HTTP/1.0\r\n\r\n".encode()).decode("latin-1")

    assert "filename*=utf-8''%E5%AF%B9%E8%B4%A6%E5%8D%95.pdf" in answer
    assert answer.endswith("%PDF-1.7 content")


def test_pages_that_nobody_has(corp: Corp) -> None:
    assert corp.http("GET", "/")[0] == 404
    assert corp.http("GET", "/phones/other.js")[0] == 404
    assert corp.http("GET", "/phones")[0] == 200
    status, body = corp.http("POST", "/_sandbox/phones/customer/dance", b"{}")
    assert (status, json.loads(body)) == (404, {"error": "no such action"})
    assert corp.http("POST", "/_sandbox/clock", b"[1]")[0] == 400
