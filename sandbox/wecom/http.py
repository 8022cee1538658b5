"""A small HTTP/1.1 server on asyncio, because a fault may have to hang up in the middle of a call."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

_HEAD_LIMIT = 64 * 1024
_BODY_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """One call. Header names are lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json; charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()


HANG_UP = Answer(status=0)  # the connection ends without an answer
Handler = Callable[[Request], Awaitable[Answer]]


@dataclass
class Upload:
    """A file that came in a form."""

    name: str
    content: bytes


@dataclass
class Connections:
    """Serves one handler; `closing` ends every open connection."""

    handler: Handler
    open: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, call after call."""
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError, asyncio.CancelledError):
            pass  # a caller that went away, or that does not speak HTTP
        finally:
            self.open.discard(task)
            writer.close()

    async def close(self) -> None:
        """End all."""
        tasks = list(self.open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, target, version = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await _body(reader, headers)
        address = urlsplit(target)
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        answer = await self.handler(Request(method, unquote(address.path), query, headers, body))
        if answer is HANG_UP:
            writer.transport.abort()
            return False
        stays = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
        writer.write(_written(answer, stays) + (b"" if method == "HEAD" else answer.body))
        await writer.drain()
        return stays


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        parts: list[bytes] = []
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
        return b"".join(parts)
    length = int(headers.get("content-length", "0"))
    if length > _BODY_LIMIT:
        raise ValueError("too long")
    return await reader.readexactly(length) if length else b""


def _written(answer: Answer, stays: bool) -> bytes:
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Unknown"
    more = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
    return (
        f"HTTP/1.1 {answer.status} {phrase}\r\nContent-Type: {answer.kind}\r\nContent-Length: {len(answer.body)}\r\n{more}"
        f"Connection: {'keep-alive' if stays else 'close'}\r\n\r\n"
    ).encode()


def form_file(request: Request, name: str) -> Upload | None:
    """The file of that field in a multipart form; None when there is none."""
    kind = request.headers.get("content-type", "")
    if "boundary=" not in kind:
        return None
    boundary = b"--" + kind.split("boundary=", 1)[1].split(";")[0].strip().strip('"').encode()
    for part in request.body.split(boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        words = head.decode("utf-8", "replace")
        if f'name="{name}"' in words and "filename" in words:
            return Upload(_file_name(words), content.removesuffix(b"\r\n"))
    return None


def _file_name(words: str) -> str:
    if "filename*=" in words:
        return unquote(words.split("filename*=", 1)[1].split("\r\n")[0].split("''")[-1].strip('" ;'))
    return words.split('filename="', 1)[1].split('"')[0] if 'filename="' in words else ""
