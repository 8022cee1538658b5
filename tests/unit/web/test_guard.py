"""The guard before every page, around a small application that reads what it gets."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from bot.web.guard import HEADERS, MAX_BODY, Guard, Receive, Scope, Send

Message = MutableMapping[str, Any]


async def counting(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the number of bytes that came."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message["body"])
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"referrer-policy", b"origin")]})
    await send({"type": "http.response.body", "body": str(size).encode()})


def ask(*pieces: bytes, kind: str = "http", **headers: str) -> list[Message]:
    """Send a request in pieces and return what came back."""
    came: list[Message] = []
    rest = [{"type": "http.request", "body": piece, "more_body": number < len(pieces)} for number, piece in enumerate(pieces, start=1)]

    async def receive() -> Message:
        return rest.pop(0)

    async def send(message: Message) -> None:
        came.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "bank.example", **headers}.items()]
    asyncio.run(Guard(counting)({"type": kind, "headers": given}, receive, send))
    return came


def test_a_body_within_the_limit_passes_whole() -> None:
    start, body = ask(b"x" * (MAX_BODY - 1), b"y")
    assert (start["status"], body["body"]) == (200, str(MAX_BODY).encode())


@pytest.mark.parametrize("headers", [{}, {"content_length": "5"}, {"content_length": "five"}, {"content_length": str(MAX_BODY + 1)}])
def test_a_body_beyond_the_limit_is_refused_whatever_it_says_of_itself(headers: dict[str, str]) -> None:
    start, body = ask(*[b"x" * 100_000] * 11, **headers)
    assert start["status"] == 413
    assert body["body"].decode().count("\n") == 1


def test_headers_are_added_and_those_of_the_page_stay() -> None:
    headers = dict(ask(b"")[0]["headers"])
    assert headers[b"referrer-policy"] == b"origin"
    assert {name.encode() for name in HEADERS} <= headers.keys()


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "https://bank.example.elsewhere.example", "http://bank.example:81", "null"]
)
def test_another_origin_is_refused(origin: str) -> None:
    assert ask(b"", origin=origin)[0]["status"] == 403
    assert ask(kind="websocket", origin=origin)[0]["type"] == "websocket.close"


def test_our_own_origin_and_programs_without_one_pass() -> None:
    assert ask(b"", origin="https://bank.example")[0]["status"] == 200
    assert ask(kind="websocket", origin="https://bank.example")[0]["type"] == "websocket.accept"
    assert ask(b"")[0]["status"] == 200
