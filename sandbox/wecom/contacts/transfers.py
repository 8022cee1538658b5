"""Handing customers over, from who is here (D/92125, 94088) and from who left (D/92124, 94081, 94082)."""

from sandbox.wecom import given as g
from sandbox.wecom.contacts.finding import follower, relation_of, relations_of_member, tell
from sandbox.wecom.contacts.state import Relation, Transfer
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.people import Member
from sandbox.wecom.world import World

_WAIT_S = 86400
_NINETY_DAYS_S = 90 * 86400
_DONE, _WAITING, _REFUSED, _LIMIT, _NONE = 1, 2, 3, 4, 5


def settle(world: World) -> None:
    """Whatever has waited for 24 hours takes effect. Called whenever the clock may have moved."""
    due = [transfer for transfer in world.contacts.waiting if world.clock.now() >= transfer.began + _WAIT_S]
    for transfer in due:
        world.contacts.waiting.remove(transfer)
        _take_effect(world, transfer)


def refuse(world: World, transfer: Transfer) -> None:
    """The customer does not want to."""
    transfer.status = _REFUSED
    world.contacts.waiting.remove(transfer)
    tell(world, "transfer_fail", transfer.takeover, transfer.external_userid, FailReason="customer_refused")


def _take_effect(world: World, transfer: Transfer) -> None:
    before = world.contacts.relations.pop((transfer.handover, transfer.external_userid), None)
    transfer.status, transfer.done_at = _DONE, int(transfer.began + _WAIT_S)
    if before is None:
        return
    key = (transfer.takeover, transfer.external_userid)
    if key not in world.contacts.relations:
        after = Relation(
            transfer.takeover, transfer.external_userid, transfer.done_at, world.clock.now(), before.remark, before.description
        )
        after.tags, after.oper_userid, after.add_way = list(before.tags), transfer.handover, 202
        world.contacts.relations[key] = after
        tell(world, "add_external_contact", transfer.takeover, transfer.external_userid)
    tell(world, "del_external_contact", transfer.handover, transfer.external_userid, Source="DELETE_BY_TRANSFER")


def _begin(world: World, call: Call, *, resigned: bool) -> Json:
    given = call.given
    handover = _handover(world, g.text(given, "handover_userid", code=40003), resigned=resigned)
    takeover = follower(world, g.text(given, "takeover_userid", code=40003))
    if not takeover.verified:
        raise Refused(40098)
    if not resigned:
        g.characters(given, "transfer_success_msg", 200)
    names = g.texts(given, "external_userid", most=100)
    return {
        "customer": [
            {"external_userid": name, "errcode": begin_one(world, handover.userid, takeover.userid, name, resigned)} for name in names
        ]
    }


def _handover(world: World, userid: str, *, resigned: bool) -> Member:
    member = world.directory.members.get(userid.lower())
    if member is None:
        raise Refused(60111)
    if bool(member.left_at) is not resigned:
        raise Refused(40003, "has left" if member.left_at else "has not left")
    return member


def begin_one(world: World, handover: str, takeover: str, name: str, resigned: bool) -> int:
    """Start to hand one customer over. Returns the errcode of this customer."""
    try:
        relation_of(world, handover, name)
    except Refused as refused:
        return refused.code
    now = world.clock.now()
    of_customer = [transfer for transfer in world.contacts.transfers if transfer.external_userid == name]
    if any(transfer.status == _WAITING for transfer in of_customer):
        return 40100
    transfer = Transfer(handover, takeover, name, now, resigned)
    recent = [before for before in of_customer if before.status in (_DONE, _WAITING) and before.began > now - _NINETY_DAYS_S]
    world.contacts.transfers.append(transfer)
    if len(recent) >= 2:
        transfer.status = _LIMIT
        tell(world, "transfer_fail", takeover, name, FailReason="customer_limit_exceed")
    else:
        world.contacts.waiting.append(transfer)
        text = {"from": handover, "to": takeover}
        world.phones.show(f"customer:{name}", world.clock.seconds(), "transfer", where=f"member:{handover}", by="system", body=text)
    return 0


def _result(world: World, call: Call, *, resigned: bool) -> Json:
    given = call.given
    pair = tuple(_spelled(world, g.text(given, name, code=40003)) for name in ("handover_userid", "takeover_userid"))
    latest: dict[str, Transfer] = {}
    for transfer in world.contacts.transfers:
        if (transfer.handover, transfer.takeover) == pair and transfer.resigned is resigned:
            latest[transfer.external_userid] = transfer
    shown, following = g.page(list(latest.values()), given, default=1000, most=1000)
    listed = [{"external_userid": t.external_userid, "status": t.status, "takeover_time": t.done_at} for t in shown]
    return {"customer": listed, "next_cursor": following}


def _spelled(world: World, userid: str) -> str:
    """WeCom does not mind the case; also who left is known."""
    member = world.directory.members.get(userid.lower())
    return userid if member is None else member.userid


def _unassigned(world: World, call: Call) -> Json:
    left = [member for member in world.directory.members.values() if member.left_at]
    going = {(t.handover, t.external_userid) for t in world.contacts.transfers if t.status == _WAITING}
    rows = [
        {"handover_userid": member.userid, "external_userid": relation.external_userid, "dimission_time": member.left_at}
        for member in left
        for relation in relations_of_member(world, member.userid)
        if (member.userid, relation.external_userid) not in going
    ]
    size = g.number(call.given, "page_size", 1000, least=1, most=1000)
    number = g.number(call.given, "page_id", 0)
    if number * size >= 50_000:
        raise Refused(40058, "page_id times page_size is below 50000; use cursor")
    cursor = g.optional(call.given, "cursor") or str(number * size)
    shown, following = g.page(rows, {"cursor": cursor, "limit": size}, default=size, most=1000)
    return {"info": shown, "is_last": not following, "next_cursor": following}


ENDPOINTS: Table = {
    "externalcontact/transfer_customer": post("contacts", lambda world, call: _begin(world, call, resigned=False)),
    "externalcontact/transfer_result": post("contacts", lambda world, call: _result(world, call, resigned=False)),
    "externalcontact/get_unassigned_list": post("contacts", _unassigned),
    "externalcontact/resigned/transfer_customer": post("contacts", lambda world, call: _begin(world, call, resigned=True)),
    "externalcontact/resigned/transfer_result": post("contacts", lambda world, call: _result(world, call, resigned=True)),
}
