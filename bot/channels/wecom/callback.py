"""The edge that WeCom calls: verify, open, mark, answer. Nothing is worked on here, so a call is answered at once whatever else happens.

What was refused is counted by reason and logged without content.
"""

from collections import Counter
from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bot.channels.body import body_of
from bot.channels.wecom.envelope import MAX_BODY, Envelope, fields_of, sealed_of
from bot.clock import Clock
from bot.observe import event, fault
from domain.errors import BadInput, BadSignature

Take = Callable[[dict[str, str]], None]


class Callback:
    """One address that WeCom calls. `take` gets the opened fields and returns once what they mean cannot be lost."""

    def __init__(self, envelope: Envelope, take: Take, clock: Clock) -> None:
        self._envelope = envelope
        self._take = take
        self._clock = clock
        self.refused: Counter[str] = Counter()

    def echo(self, query: dict[str, str]) -> str:
        """What proves to WeCom that this address is ours. Raises BadSignature or BadInput."""
        return self._open(query.get("echostr", ""), query)

    def hear(self, body: bytes, query: dict[str, str]) -> None:
        """Take one call in. Raises BadSignature or BadInput for what must not be believed."""
        try:
            sealed = sealed_of(body)
        except BadInput:
            self._refuse("body")
            raise
        try:
            fields = fields_of(self._open(sealed, query))
        except BadInput:
            self._refuse("content")
            raise
        self._take(fields)

    def _open(self, sealed: str, query: dict[str, str]) -> str:
        try:
            return self._envelope.open(
                sealed,
                signature=query.get("msg_signature", ""),
                timestamp=query.get("timestamp", ""),
                nonce=query.get("nonce", ""),
                at=self._clock(),
            )
        except BadSignature as error:
            self._refuse(str(error))
            raise

    def _refuse(self, reason: str) -> None:
        self.refused[reason] += 1
        event("wecom.callback.refused", reason=reason)


def callback_route(callback: Callback, path: str) -> APIRouter:
    """The route: GET when an administrator saves the address, POST whenever something happened."""
    router = APIRouter()

    async def verify(request: Request) -> Response:
        try:
            return Response(callback.echo(dict(request.query_params)), media_type="text/plain")
        except BadSignature:
            return Response(status_code=403)
        except BadInput:
            return Response(status_code=400)

    async def hear(request: Request) -> Response:
        body = await body_of(request, most=MAX_BODY)
        if body is None:
            callback.refused["size"] += 1
            return Response(status_code=413)
        try:
            await run_in_threadpool(callback.hear, body, dict(request.query_params))
        except BadSignature:
            return Response(status_code=403)
        except BadInput:
            return Response(status_code=400)
        except Exception as error:  # the edge's boundary: nothing was kept, so WeCom shall call again
            fault("wecom.callback.failed", error)
            return Response(status_code=503)
        return Response(status_code=200)

    # Plain routes: nothing here is for FastAPI to read out of a signature, and it would look for it at every call.
    router.add_route(path, verify, methods=["GET"], include_in_schema=False)
    router.add_route(path, hear, methods=["POST"], include_in_schema=False)
    return router
