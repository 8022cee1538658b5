"""send_msg (D/94677): the window, the count, the state, and failures that come later."""

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.kf.content import checked
from sandbox.wecom.kf.finding import session_of
from sandbox.wecom.kf.log import account_of, log_event
from sandbox.wecom.kf.msgids import new_msgid
from sandbox.wecom.kf.state import SESSION_S, Account, Session, State
from sandbox.wecom.world import World

_PER_MESSAGE = 5
_REFUSED_BY_USER = 10


def _send(world: World, call: Call) -> Json:
    account = account_of(world, g.optional(call.given, "open_kfid"))
    customer = world.customer(g.text(call.given, "touser", code=40096))
    body = checked(world, call.given)
    session = session_of(world, account.open_kfid, customer.external_userid)
    _check_window(world, session)
    msgid = new_msgid(world, account, call.given)
    session.sent += 1
    session.state = State.ASSISTANT  # whoever answers a new session by API counts as the assistant
    failure = _failure(world, account, session)
    if failure is not None:
        log_event(world, account, "msg_send_fail", session.external_userid, fail_msgid=msgid, fail_type=failure)
        return {"msgid": msgid}
    where, owner = f"kf:{account.open_kfid}", f"customer:{customer.external_userid}"
    world.phones.show(owner, world.clock.seconds(), body["msgtype"], where=where, by="api", msgid=msgid, body=body)
    return {"msgid": msgid}


def _check_window(world: World, session: Session) -> None:
    if session.written_at and world.clock.now() > session.written_at + SESSION_S:
        raise Refused(95002)
    if session.state not in (State.NEW, State.ASSISTANT):
        raise Refused(95018)
    if session.sent >= _PER_MESSAGE:
        raise Refused(95001)


def _failure(world: World, account: Account, session: Session) -> int | None:
    """How this message will turn out not to have arrived; None when it arrives."""
    for index, (open_kfid, customer, fail_type) in enumerate(world.kf.failing):
        if open_kfid in ("", account.open_kfid) and customer in ("", session.external_userid):
            del world.kf.failing[index]
            return fail_type
    return _REFUSED_BY_USER if world.customer(session.external_userid).refuses_kf else None


ENDPOINTS: Table = {"kf/send_msg": post("kf", _send)}
