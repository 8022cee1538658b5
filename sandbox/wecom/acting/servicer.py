"""A servicer's WeCom: take from the queue, reply, hand on, end, go off duty. Only these make session_status_change."""

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Json
from sandbox.wecom.errors import Impossible
from sandbox.wecom.kf.codes import state_code
from sandbox.wecom.kf.finding import session_of
from sandbox.wecom.kf.log import account_of, log_event, log_message
from sandbox.wecom.kf.state import Account, Servicer, Session, State
from sandbox.wecom.world import World

_PICKED, _TRANSFERRED, _ENDED, _REOPENED = 1, 2, 3, 4


def _at_work(world: World, given: Json) -> tuple[Account, Servicer]:
    account = account_of(world, str(given.get("open_kfid", "")))
    servicer = account.servicers.get(str(given.get("member", "")))
    if servicer is None:
        raise Impossible("not a servicer of this account", 404)
    return account, servicer


def _session(world: World, given: Json) -> tuple[Account, Servicer, Session]:
    account, servicer = _at_work(world, given)
    customer = str(given.get("customer", ""))
    if customer not in world.directory.customers:
        raise Impossible("there is no such customer", 404)
    return account, servicer, session_of(world, account.open_kfid, customer)


def _changed(world: World, account: Account, session: Session, change: int, **fields: str) -> Json:
    return log_event(world, account, "session_status_change", session.external_userid, change_type=change, **fields)


def queue(world: World, given: Json) -> Json:
    """Who waits in the pool, and whom this servicer serves."""
    account, servicer = _at_work(world, given)
    sessions = [session_of(world, kfid, name) for kfid, name in list(world.kf.sessions) if kfid == account.open_kfid]
    return {
        "waiting": [session.external_userid for session in sessions if session.state is State.POOL],
        "mine": [session.external_userid for session in sessions if session.state is State.HUMAN and session.servicer == servicer.userid],
    }


def take(world: World, given: Json) -> Json:
    """Pick a customer from the pool."""
    account, servicer, session = _session(world, given)
    if session.state is not State.POOL:
        raise Impossible("the customer does not wait")
    session.state, session.servicer = State.HUMAN, servicer.userid
    session.coded.add(State.HUMAN)
    return _changed(world, account, session, _PICKED, new_servicer_userid=servicer.userid, msg_code=state_code(world, session))


def transfer(world: World, given: Json) -> Json:
    """Hand the customer on to another servicer (`to`)."""
    account, servicer, session = _serving(world, given)
    other = account.servicers.get(str(given.get("to", "")))
    if other is None or other.stopped or other.userid == servicer.userid:
        raise Impossible("the other does not serve")
    session.servicer = other.userid
    return _changed(world, account, session, _TRANSFERRED, old_servicer_userid=servicer.userid, new_servicer_userid=other.userid)


def end(world: World, given: Json) -> Json:
    """End the session."""
    account, servicer, session = _serving(world, given)
    session.state, session.servicer = State.ENDED, ""
    world.phones.show(
        f"customer:{session.external_userid}", world.clock.seconds(), "kf_ended", where=f"kf:{account.open_kfid}", by="system"
    )
    return _changed(world, account, session, _ENDED, old_servicer_userid=servicer.userid, msg_code=state_code(world, session))


def say(world: World, given: Json) -> Json:
    """Write to the customer. In an ended session it is opened again."""
    account, servicer, session = _session(world, given)
    body = {"msgtype": "text", "text": {"content": g.text(given, "text")}}
    if session.state is State.ENDED and session.written_at:
        old, session.state, session.servicer = session.servicer or servicer.userid, State.HUMAN, servicer.userid
        # The window of 48 h runs from the customer's message; reopening does not make it longer.
        if session_of(world, session.open_kfid, session.external_userid).state is not State.HUMAN:
            raise Impossible("the customer wrote more than 48 hours ago")
        _changed(world, account, session, _REOPENED, old_servicer_userid=old, new_servicer_userid=servicer.userid)
    if session.state is not State.HUMAN or session.servicer != servicer.userid:
        raise Impossible("somebody else has the session")
    item = log_message(world, account, session.external_userid, body, servicer.userid)
    where, at = f"kf:{account.open_kfid}", world.clock.seconds()
    who = session.external_userid
    world.phones.show(f"customer:{who}", at, "text", where=where, by=servicer.userid, msgid=item["msgid"], body=body)
    world.phones.show(f"member:{servicer.userid}", at, "text", where=where, by="me", customer=who, msgid=item["msgid"], body=body)
    return item


def recall(world: World, given: Json) -> Json:
    """Take back a message of one's own."""
    account, servicer, session = _session(world, given)
    msgid = str(given.get("msgid", ""))
    if not any(item["msgid"] == msgid and item.get("servicer_userid") == servicer.userid for item in account.log):
        raise Impossible("there is no such message", 404)
    for entry in world.phones.seen(f"customer:{session.external_userid}"):
        if entry.get("msgid") == msgid:
            entry["recalled"] = True
    return log_event(world, account, "servicer_recall_msg", session.external_userid, recall_msgid=msgid, servicer_userid=servicer.userid)


def duty(world: World, given: Json) -> Json:
    """Go off duty (`on` false, `suspended` for a pause) or come back."""
    account, servicer = _at_work(world, given)
    servicer.stopped = not given.get("on", True)
    servicer.stop_type = int(bool(given.get("suspended")))
    stop: Json = {"stop_type": servicer.stop_type} if servicer.stopped else {}
    return log_event(world, account, "servicer_status_change", servicer_userid=servicer.userid, status=1 + servicer.stopped, **stop)


def reject(world: World, given: Json) -> Json:
    """Refuse the customer's messages, or take them again (`on` false)."""
    account, servicer, session = _session(world, given)
    on = int(bool(given.get("on", True)))
    return log_event(
        world,
        account,
        "reject_customer_msg_switch_change",
        session.external_userid,
        servicer_userid=servicer.userid,
        reject_switch=on,
    )


def _serving(world: World, given: Json) -> tuple[Account, Servicer, Session]:
    account, servicer, session = _session(world, given)
    if session.state is not State.HUMAN or session.servicer != servicer.userid:
        raise Impossible("this servicer does not have the session")
    return account, servicer, session


ACTIONS = {
    "queue": queue,
    "take": take,
    "transfer": transfer,
    "end": end,
    "say": say,
    "recall": recall,
    "duty": duty,
    "reject": reject,
}
