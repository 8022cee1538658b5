"""What every secret needs: gettoken, and the addresses that callbacks come from."""

from sandbox.wecom.endpoint import Call, Endpoint, Json, Table, get
from sandbox.wecom.errors import Refused
from sandbox.wecom.tokens import TTL_S
from sandbox.wecom.world import World


def _gettoken(world: World, call: Call) -> Json:
    if call.query.get("corpid") != world.options.corp_id:
        raise Refused(40013)
    secret = call.query.get("corpsecret", "")
    kinds = [kind for kind, known in world.options.secrets.items() if known == secret]
    if not kinds:
        raise Refused(40001)
    if world.settings.rate_limits:
        world.limits.count(f"gettoken {kinds[0]}", world.clock.now(), 60, world.settings.gettoken_per_min)
    issued = world.tokens.get(kinds[0], world.clock.now())
    return {"access_token": issued.text, "expires_in": max(1, min(TTL_S, int(issued.until - world.clock.now())))}


ENDPOINTS: Table = {
    "gettoken": Endpoint("GET", "-", _gettoken),
    "getcallbackip": get("", lambda _world, _call: {"ip_list": ["127.0.0.1"]}),
}
