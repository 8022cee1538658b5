"""The body of a call from outside, at most as large as its sender ever makes one."""

from fastapi import Request


async def body_of(request: Request, *, most: int) -> bytes | None:
    """Read at most so many bytes. None for a body that is larger, or says so; no more of it is read."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
