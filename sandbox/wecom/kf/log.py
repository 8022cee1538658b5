"""The log of an account: what customers, servicers and the system did, and how sync_msg reads it (D/94670)."""

from bisect import bisect_left

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.kf.state import Account
from sandbox.wecom.world import World

_HORIZON_S = 3 * 86400
_TOKEN_S = 600
_CUSTOMER, _SYSTEM, _SERVICER = 3, 4, 5


def account_of(world: World, open_kfid: str) -> Account:
    """Refused 95000 for no id at all, 95004 for one that nobody has."""
    if not open_kfid:
        raise Refused(95000)
    found = world.kf.accounts.get(open_kfid)
    if found is None:
        raise Refused(95004)
    return found


def log_message(world: World, account: Account, customer: str, body: Json, servicer: str = "") -> Json:
    """Somebody wrote in a client; `body` has msgtype and its content. Returns the item."""
    ids = {"open_kfid": account.open_kfid, "external_userid": customer}
    origin = {"origin": _SERVICER, "servicer_userid": servicer} if servicer else {"origin": _CUSTOMER}
    return _append(world, account, ids | origin | body)


def log_event(world: World, account: Account, event_type: str, customer: str = "", **fields: object) -> Json:
    """Something happened. The ids stand inside of the event and nowhere else."""
    event: Json = {"event_type": event_type, "open_kfid": account.open_kfid}
    if customer:
        event["external_userid"] = customer
    return _append(world, account, {"origin": _SYSTEM, "msgtype": "event", "event": event | fields})


def _append(world: World, account: Account, body: Json) -> Json:
    item = {"msgid": world.new_id("msg"), "send_time": world.clock.seconds(), **body}
    account.log.append(item)
    token = world.new_id("ENC")
    world.kf.tokens[token] = (account.open_kfid, world.clock.now())
    event = [("MsgType", "event"), ("Event", "kf_msg_or_event"), ("Token", token), ("OpenKfId", account.open_kfid)]
    world.push("kf", event, about=account.open_kfid)
    return item


def _sync(world: World, call: Call) -> Json:
    given, now = call.given, world.clock.now()
    account = account_of(world, g.optional(given, "open_kfid"))
    g.number(given, "voice_format", 0, most=1)
    limit = g.number(given, "limit", 1000, most=1000) or 1000
    _check_token(world, account, g.optional(given, "token", most=128, too_long=95007), now)
    begin = _begin(account, g.optional(given, "cursor", most=64, too_long=40058), now)
    if world.kf.empty_pages[account.open_kfid] > 0:
        world.kf.empty_pages[account.open_kfid] -= 1
        return {"next_cursor": _cursor(world, begin), "has_more": 1, "msg_list": []}
    items = account.log[begin : begin + limit]
    end = begin + len(items)
    return {"next_cursor": _cursor(world, end), "has_more": int(end < len(account.log)), "msg_list": items}


def _check_token(world: World, account: Account, token: str, now: float) -> None:
    if not token:
        if world.settings.rate_limits:
            key = f"sync_msg without token {account.open_kfid}"
            world.limits.count(key, now, 60, world.settings.sync_without_token_per_min)
        return
    whose, since = world.kf.tokens.get(token, ("", 0.0))
    if whose != account.open_kfid or now > since + _TOKEN_S:
        raise Refused(95007)


def _begin(account: Account, cursor: str, now: float) -> int:
    oldest = bisect_left(account.log, int(now) - _HORIZON_S, key=lambda item: int(item["send_time"]))
    if not cursor:
        return oldest
    number, _, stamp = cursor.removeprefix("4gw7").partition("x")
    if not cursor.startswith("4gw7") or not number.isdecimal() or not stamp.isdecimal() or int(number) > len(account.log):
        raise Refused(40058, "cursor")
    return max(oldest, int(number))


def _cursor(world: World, position: int) -> str:
    # No two cursors are alike, so that a caller who does not keep the newest is seen in the log of calls.
    world.numbers["cursor"] += 1
    return f"4gw7{position}x{world.numbers['cursor']}"


ENDPOINTS: Table = {"kf/sync_msg": post("kf", _sync)}
