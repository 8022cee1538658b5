"""A turn over HTTP: for scripts, for load, and for a bank's own front end. The same way in and the same door out as the chat page."""

import asyncio
import time
from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from bot.app import App, is_known, new_message_id
from bot.report import Json, turn_report
from bot.web.identity import verify
from domain.errors import BadInput, BadSignature
from domain.message import Inbound, conversation_id
from domain.party import Party


class Said(BaseModel):
    """One utterance. `message_id` makes a repeated request count once; `as` names the speaker, in a sandbox only."""

    model_config = ConfigDict(extra="forbid")

    who: str = Field("", alias="as", max_length=120)
    text: str = Field(max_length=100_000)
    message_id: str = Field("", max_length=60)


def api(app: App) -> APIRouter:
    """The routes. Outside a sandbox the speaker is whom the bearer token names."""
    router = APIRouter(prefix="/api")

    @router.post("/say")
    async def say(said: Said, request: Request) -> Json:
        party = _speaker(app, said.who, request.headers)
        return await asyncio.to_thread(_turn, app, party, said)

    return router


def _speaker(app: App, who: str, headers: Mapping[str, str]) -> Party:
    token = headers.get("authorization", "").removeprefix("Bearer ").strip()
    try:
        if token:
            return verify(token, app.settings.secret_key.get_secret_value(), app.clock())
        if app.settings.sandbox and who:
            return Party.parse(who)
    except BadSignature as fault:
        raise HTTPException(401, str(fault)) from None
    except BadInput as fault:
        raise HTTPException(422, str(fault)) from None
    raise HTTPException(401, "a bearer token is needed; 'python -m bot link' makes one")


def _turn(app: App, party: Party, said: Said) -> Json:
    with app.store.reading() as records:
        if not is_known(records, party):
            raise HTTPException(404, "the bank knows no such person")
    started = time.perf_counter()
    # The pages share the channel: an id counts within one person's conversation only.
    message_id = f"{conversation_id('web', party)}/{said.message_id or new_message_id()}"
    inbound = Inbound(channel="web", message_id=message_id, sender=party, text=said.text, received_at=app.clock())
    outcome, dispatches = app.converse(inbound)
    return turn_report(outcome, dispatches, ms=(time.perf_counter() - started) * 1000)
