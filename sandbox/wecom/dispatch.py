"""From a request to an answer: faults, token, limits, the endpoint, the log."""

import asyncio
import json
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.wecom.endpoint import Call, Endpoint, Json
from sandbox.wecom.errors import Refused
from sandbox.wecom.faults import Fault, Faults
from sandbox.wecom.http import HANG_UP, Answer, Request, form_file
from sandbox.wecom.tables import ENDPOINTS
from sandbox.wecom.world import World

_ROOT = "/cgi-bin/"


@dataclass
class Api:
    """`/cgi-bin/…`. `counters` by path; `calls` in order, without tokens and secrets."""

    world: World
    faults: Faults = field(default_factory=Faults)
    counters: Counter[str] = field(default_factory=Counter)
    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=20_000))
    answered: int = 0

    async def answer(self, request: Request) -> Answer:
        """One call."""
        path = request.path.removeprefix(_ROOT).strip("/")
        endpoint = ENDPOINTS.get(path)
        if endpoint is None:
            return Answer(404, b"", "text/plain")
        self.counters[path] += 1
        fault = self.faults.take(path)
        if fault.drop == "before":
            return HANG_UP
        if fault.http:
            return Answer(fault.http, b"<html><body>sandbox fault</body></html>", "text/html")
        answer = self._done(path, endpoint, request, fault)
        if fault.slow_s:
            await asyncio.sleep(fault.slow_s)
        return HANG_UP if fault.drop else answer

    def _done(self, path: str, endpoint: Endpoint, request: Request, fault: Fault) -> Answer:
        given, warning = _read(request)
        try:
            if fault.errcode is not None:
                raise Refused(fault.errcode)
            result = self._called(path, endpoint, request, given)
            if isinstance(result, Answer):
                self._note(path, request, given, 0)
                return result
            code, words, fields = 0, "ok", result
        except Refused as refused:
            code, words, fields = refused.code, str(refused), refused.fields
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Something had another shape than the page says, deeper than the checks look.
            code, words, fields = 40058, f"invalid Request Parameter, {type(error).__name__}: {error}", {}
        self._note(path, request, given, code)
        whole = {"errcode": code, "errmsg": warning + words, **fields}
        return json_answer(_bare(whole) if self.world.settings.bare else whole)

    def _called(self, path: str, endpoint: Endpoint, request: Request, given: Json) -> Json | Answer:
        world, kind = self.world, ""
        if endpoint.right != "-":
            kind = world.tokens.kind_of(request.query.get("access_token", ""), world.clock.now())
            if endpoint.right and endpoint.right not in world.options.rights[kind]:
                raise Refused(48002)
        if request.method != endpoint.method:
            raise Refused(43001 if endpoint.method == "GET" else 43002)
        if world.settings.rate_limits:
            world.limits.api(path, world.clock.now())
        upload = form_file(request, "media") if endpoint.method == "POST" else None
        return endpoint.do(world, Call(path, request.query, given, kind, upload))

    def _note(self, path: str, request: Request, given: Json, code: int) -> None:
        self.answered += 1
        query = {name: value for name, value in request.query.items() if name not in ("access_token", "corpsecret")}
        self.calls.append({"n": self.answered, "path": path, "query": query, "given": given, "errcode": code})


def _read(request: Request) -> tuple[Json, str]:
    """The JSON body, whatever type it says it has. A body that is none is warned of and taken as empty."""
    if not request.body or "multipart/" in request.headers.get("content-type", ""):
        return {}, ""
    try:
        given = json.loads(request.body)
    except ValueError:
        given = None
    return (given, "") if isinstance(given, dict) else ({}, "Warning: wrong json format. ")


def json_answer(value: Any, status: int = 200) -> Answer:
    """As JSON."""
    return Answer(status, json.dumps(value, ensure_ascii=False).encode())


def _bare(value: Any) -> Any:
    """Without errmsg and without whatever is empty."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _bare(item) for name, item in value.items() if name != "errmsg" and item not in ("", [], {}, None)}
