"""Accounts, their contact ways, their servicers, and what is known of the customers who came."""

import re

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Call, Json, Table, get, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.kf.log import account_of
from sandbox.wecom.kf.state import Account, Servicer
from sandbox.wecom.world import World

_MOST_ACCOUNTS = 5000


def add_account(world: World, name: str) -> Account:
    """A new account."""
    account = Account(world.new_id("wk"), name)
    world.kf.accounts[account.open_kfid] = account
    return account


def _list(world: World, call: Call) -> Json:
    offset, limit = g.number(call.given, "offset", 0), g.number(call.given, "limit", 100, least=1, most=100)
    accounts = list(world.kf.accounts.values())[offset : offset + limit]
    return {
        "account_list": [
            {"open_kfid": account.open_kfid, "name": account.name, "avatar": account.avatar, "manage_privilege": True}
            for account in accounts
        ]
    }


def _name(given: Json) -> str:
    name = g.text(given, "name", code=95006)
    if len(name) > 16:
        raise Refused(95006)
    return name


def _avatar(world: World, given: Json) -> str:
    media_id = g.optional(given, "media_id")
    if media_id:
        world.media.find(media_id, world.clock.now(), "image")
    return f"https://sandbox.invalid/avatar/{media_id}" if media_id else ""


def _add(world: World, call: Call) -> Json:
    if len(world.kf.accounts) >= _MOST_ACCOUNTS:
        raise Refused(95005)
    name, avatar = _name(call.given), _avatar(world, call.given)
    account = add_account(world, name)
    account.avatar = avatar
    return {"open_kfid": account.open_kfid}


def _update(world: World, call: Call) -> Json:
    account = account_of(world, g.optional(call.given, "open_kfid"))
    name = _name(call.given) if "name" in call.given else account.name
    account.avatar = _avatar(world, call.given) or account.avatar
    account.name = name
    return {}


def _delete(world: World, call: Call) -> Json:
    account = account_of(world, g.optional(call.given, "open_kfid"))
    del world.kf.accounts[account.open_kfid]
    return {}


def _contact_way(world: World, call: Call) -> Json:
    account = account_of(world, g.optional(call.given, "open_kfid"))
    scene = g.optional(call.given, "scene", most=32, too_long=40058)
    if not re.fullmatch(r"[0-9a-zA-Z_-]*", scene):
        raise Refused(40058, "scene")
    key = world.new_id("enc")
    world.kf.ways[key] = (account.open_kfid, scene)
    return {"url": f"https://work.weixin.qq.com/kf/{account.open_kfid}?enc_scene={key}"}


def _servicers(world: World, call: Call) -> Json:
    account = account_of(world, call.query.get("open_kfid", ""))
    people = [
        {"userid": servicer.userid, "status": int(servicer.stopped)} | ({"stop_type": servicer.stop_type} if servicer.stopped else {})
        for servicer in account.servicers.values()
    ]
    return {"servicer_list": [*people, *({"department_id": number} for number in account.departments)]}


def _changed_servicers(world: World, call: Call, *, adds: bool) -> Json:
    account = account_of(world, g.optional(call.given, "open_kfid"))
    users = g.texts(call.given, "userid_list", most=100, needed=False)
    departments = call.given.get("department_id_list") or []
    if not isinstance(departments, list) or not all(isinstance(number, int) for number in departments) or len(departments) > 20:
        raise Refused(40058, "department_id_list")
    if not users and not departments:
        raise Refused(40063)
    results: list[Json] = [{"userid": userid} | _one_servicer(world, account, userid, adds) for userid in users]
    results += [{"department_id": number} | _one_department(account, number, adds) for number in departments]
    return {"result_list": results}


def _one_servicer(world: World, account: Account, userid: str, adds: bool) -> Json:
    member = world.directory.member(userid)
    if member is None or not member.visible:
        return {"errcode": 60111 if member is None else 60011, "errmsg": "fail"}
    if adds == (member.userid in account.servicers):
        return {"errcode": 0, "errmsg": "ignored"}
    if adds and len(account.servicers) >= 2000:
        return {"errcode": 95014, "errmsg": "fail"}
    if adds:
        account.servicers[member.userid] = Servicer(member.userid)
    else:
        del account.servicers[member.userid]
    return {"errcode": 0, "errmsg": "success"}


def _one_department(account: Account, number: int, adds: bool) -> Json:
    if adds == (number in account.departments):
        return {"errcode": 0, "errmsg": "ignored"}
    if adds and len(account.departments) >= 20:
        return {"errcode": 40058, "errmsg": "fail"}
    if adds:
        account.departments.append(number)
    else:
        account.departments.remove(number)
    return {"errcode": 0, "errmsg": "success"}


def _customers(world: World, call: Call) -> Json:
    asked = g.texts(call.given, "external_userid_list", most=100)
    context = g.number(call.given, "need_enter_session_context", 0, most=1)
    known = [world.directory.customers[name] for name in asked if name in world.directory.customers]
    found: list[Json] = []
    for customer in known:
        shown: Json = {"external_userid": customer.external_userid, "nickname": customer.name, "avatar": customer.avatar}
        shown |= {"gender": customer.gender, "unionid": customer.unionid}
        if context:
            shown |= _context(world, customer.external_userid)
        found.append(shown)
    return {"customer_list": found, "invalid_external_userid": [name for name in asked if name not in world.directory.customers]}


def _context(world: World, external_userid: str) -> Json:
    contexts = [session.context for (_, customer), session in world.kf.sessions.items() if customer == external_userid and session.context]
    return {"enter_session_context": contexts[-1]} if contexts else {}


def _upgrade_config(world: World, _: Call) -> Json:
    return {
        "member_range": {"userid_list": world.kf.upgrade_members, "department_id_list": []},
        "groupchat_range": {"chat_id_list": world.kf.upgrade_chats},
    }


def _upgrade(world: World, call: Call) -> Json:
    account = account_of(world, g.optional(call.given, "open_kfid"))
    customer = world.customer(g.optional(call.given, "external_userid"))
    kind = g.number(call.given, "type", least=1, most=2)
    body = g.part(call.given, "member" if kind == 1 else "groupchat")
    target = g.text(body, "userid" if kind == 1 else "chat_id")
    if target not in (world.kf.upgrade_members if kind == 1 else world.kf.upgrade_chats):
        raise Refused(95021)
    session = world.kf.sessions.get((account.open_kfid, customer.external_userid))
    if session and session.servicer:
        owner, where = f"member:{session.servicer}", f"kf:{account.open_kfid}"
        hint = {"target": target, "wording": g.optional(body, "wording")}
        world.phones.show(owner, world.clock.seconds(), "kf_upgrade", where=where, by="api", customer=customer.external_userid, body=hint)
    return {}


def _cancel_upgrade(world: World, call: Call) -> Json:
    account_of(world, g.optional(call.given, "open_kfid"))
    world.customer(g.optional(call.given, "external_userid"))
    return {}


ENDPOINTS: Table = {
    "kf/account/list": post("kf", _list),
    "kf/account/add": post("kf", _add),
    "kf/account/update": post("kf", _update),
    "kf/account/del": post("kf", _delete),
    "kf/add_contact_way": post("kf", _contact_way),
    "kf/servicer/list": get("kf", _servicers),
    "kf/servicer/add": post("kf", lambda world, call: _changed_servicers(world, call, adds=True)),
    "kf/servicer/del": post("kf", lambda world, call: _changed_servicers(world, call, adds=False)),
    "kf/customer/batchget": post("kf", _customers),
    "kf/customer/get_upgrade_service_config": get("kf", _upgrade_config),
    "kf/customer/upgrade_service": post("kf", _upgrade),
    "kf/customer/cancel_upgrade_service": post("kf", _cancel_upgrade),
}
