"""One HTTP request to somebody's callback address."""

import asyncio
import ssl
from urllib.parse import urlsplit


async def call(method: str, url: str, body: bytes = b"", limit_s: float = 5.0) -> tuple[int, bytes]:
    """Status and body; status 0 when there was no answer in time."""
    try:
        async with asyncio.timeout(limit_s):
            return await _call(method, url, body)
    except (OSError, ValueError, IndexError, TimeoutError, asyncio.IncompleteReadError):
        return 0, b""


async def _call(method: str, url: str, body: bytes) -> tuple[int, bytes]:
    address = urlsplit(url)
    secure = address.scheme == "https"
    host = address.hostname or ""
    context = ssl.create_default_context() if secure else None
    reader, writer = await asyncio.open_connection(host, address.port or (443 if secure else 80), ssl=context)
    try:
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        head = f"{method} {target} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {len(body)}\r\n"
        kind = "Content-Type: text/xml\r\n" if body else ""
        writer.write(f"{head}{kind}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        return await _answer(reader)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    if "content-length:" in head:
        return status, await reader.readexactly(int(head.split("content-length:", 1)[1].split("\r\n")[0]))
    rest = await reader.read()
    return status, _joined(rest) if "transfer-encoding: chunked" in head else rest


def _joined(chunked: bytes) -> bytes:
    whole = b""
    while chunked:
        size, _, rest = chunked.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if not length:
            break
        whole, chunked = whole + rest[:length], rest[length + 2 :]
    return whole
