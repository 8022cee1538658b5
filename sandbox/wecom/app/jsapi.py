"""Tickets for pages: of the corp and of the app, the same for 7200 s."""

from sandbox.wecom.endpoint import Call, Json, Table, get
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

_TTL_S = 7200


def _corp_ticket(world: World, _: Call) -> Json:
    return _ticket(world, "corp", 400)


def _app_ticket(world: World, call: Call) -> Json:
    if call.query.get("type") != "agent_config":
        raise Refused(40058, "type")
    return _ticket(world, "app", 100)


def _ticket(world: World, kind: str, per_hour: int) -> Json:
    now = world.clock.now()
    if world.settings.rate_limits:
        world.limits.count(f"jsapi_ticket {kind}", now, 3600, per_hour)
    text, until = world.app.tickets.get(kind, ("", 0.0))
    if now >= until:
        text, until = world.new_id(f"{kind}ticket"), now + _TTL_S
        world.app.tickets[kind] = (text, until)
    return {"ticket": text, "expires_in": int(until - now)}


ENDPOINTS: Table = {"get_jsapi_ticket": get("app", _corp_ticket), "ticket/get": get("app", _app_ticket)}
