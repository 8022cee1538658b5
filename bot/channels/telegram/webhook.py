"""The webhook's route: secret, size, store, commit, 200. Telegram brings again whatever was not answered with 200."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bot.channels.body import body_of
from bot.channels.telegram.reception import MAX_BODY, Reception
from bot.observe import fault
from domain.errors import BadInput, BadSignature

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of a header


def webhook_route(reception: Reception, webhook_url: str) -> APIRouter:
    """Make the route at the path of the public address."""
    router = APIRouter()

    async def take(request: Request) -> Response:
        try:
            reception.admit(request.headers.get(_SECRET_HEADER, ""))
            body = await body_of(request, most=MAX_BODY)
            if body is None:
                return Response(status_code=413)
            await run_in_threadpool(reception.deliver, body)
        except BadSignature:
            return Response(status_code=403)
        except BadInput:
            return Response(status_code=400)
        except Exception as error:  # the edge's boundary: not stored, so Telegram shall bring it again
            fault("telegram.store.failed", error)
            return Response(status_code=503, headers={"Retry-After": "5"})
        return Response(status_code=200)

    router.add_api_route(urlsplit(webhook_url).path or "/", take, methods=["POST"], include_in_schema=False)
    return router
