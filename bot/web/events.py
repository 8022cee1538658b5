"""Events of the bank's app, the same moment: `POST /api/events` with the key of the settings. Kept, answered, then judged."""

import asyncio
import hmac
from collections.abc import Mapping
from dataclasses import asdict

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from bot.app import App
from bot.report import Json

MOST_ROWS = 1_000


class Events(BaseModel):
    """Rows of the feed `app_events`, by column. They are checked one by one, so that one bad row keeps no other from being taken."""

    model_config = ConfigDict(extra="forbid")

    events: list[object] = Field(min_length=1, max_length=MOST_ROWS)


def event_routes(app: App) -> APIRouter:
    """The route. The same rows sent again change nothing, so that a sender without an answer may send again."""
    router = APIRouter(prefix="/api")

    @router.post("/events", status_code=202)
    async def events(given: Events, request: Request) -> Json:
        _admit(app, request.headers)
        return await asyncio.to_thread(_take, app, given.events)

    return router


def _admit(app: App, headers: Mapping[str, str]) -> None:
    key = app.settings.events_key.get_secret_value()
    if not key and app.settings.sandbox:
        return
    given = headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not key or not hmac.compare_digest(given.encode(), key.encode()):
        raise HTTPException(401, "the key of PEIBAN_EVENTS_KEY is needed as a bearer token")


def _take(app: App, rows: list[object]) -> Json:
    received = app.triggers.receive(rows, at=app.clock())
    app.watcher.wake()
    return asdict(received)
