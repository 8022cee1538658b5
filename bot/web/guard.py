"""What stands before every page: the size of a request, where it comes from, and the headers that keep a browser to this server."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 1_000_000  # bytes
_READ_AWAY = 8 * MAX_BODY  # of a refused body, before the sender is cut off
_TOO_LARGE = "这次发送的内容超过 1 MB，没有收下。请分几次发。\n".encode()
_FOREIGN = "只接受本站页面发来的请求。\n".encode()

# The page framework compiles its templates in the browser, so scripts of the page itself and eval are allowed; no other host is.
HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",  # a link's token is in the address
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_SET = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())


class _TooLarge(Exception):
    """The body grew beyond the limit while it was read."""

    def __init__(self, goes_on: bool) -> None:
        super().__init__()
        self.goes_on = goes_on


class Guard:
    """An ASGI wrapper. Refuses foreign origins with 403 and bodies beyond the limit with 413, one line each."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not _is_our_own(headers):
            await _refuse(scope, send, 403, _FOREIGN)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        elif int(length) > MAX_BODY if (length := headers.get("content-length", "")).isdecimal() else False:
            await _read_away(receive)
            await _refuse(scope, send, 413, _TOO_LARGE)
        else:
            await self._limited(scope, receive, send)

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0
        began = False

        async def counted() -> MutableMapping[str, Any]:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MAX_BODY:
                raise _TooLarge(message.get("more_body", False))
            return message

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                given = {name for name, _ in message["headers"]}
                ours = [(name, value) for name, value in _SET if name not in given]
                message = {**message, "headers": [*message["headers"], *ours]}
            await send(message)

        try:
            await self._app(scope, counted, with_headers)
        except _TooLarge as body:
            if not began:
                if body.goes_on:
                    await _read_away(receive)
                await _refuse(scope, send, 413, _TOO_LARGE)


async def _read_away(receive: Receive) -> None:
    """Throw away what is still coming, up to a bound: a sender that is cut off while it writes never reads the answer."""
    read = 0
    while read < _READ_AWAY:
        message = await receive()
        read += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


def _is_our_own(headers: Mapping[str, str]) -> bool:
    """Whether a browser sent this from a page of ours. Programs send no origin and are welcome."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


async def _refuse(scope: Scope, send: Send, status: int, line: bytes) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    start = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(line)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": [*start, *_SET]})
    await send({"type": "http.response.body", "body": line})
