"""service_state/get and trans (D/94669): who has the session, and what an API may change of it."""

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.kf.codes import state_code
from sandbox.wecom.kf.finding import session_of
from sandbox.wecom.kf.log import account_of
from sandbox.wecom.kf.state import Account, Session, State
from sandbox.wecom.world import World

_NEXT = {
    State.NEW: {State.ASSISTANT, State.POOL, State.HUMAN},
    State.ASSISTANT: {State.POOL, State.HUMAN},
    State.POOL: {State.HUMAN},
    State.HUMAN: {State.HUMAN, State.ENDED},
    State.ENDED: set[State](),
}


def _session(world: World, given: Json) -> tuple[Account, Session]:
    account = account_of(world, g.optional(given, "open_kfid"))
    customer = world.customer(g.optional(given, "external_userid"))
    return account, session_of(world, account.open_kfid, customer.external_userid)


def _get(world: World, call: Call) -> Json:
    _, session = _session(world, call.given)
    answer: Json = {"service_state": int(session.state)}
    if session.state is State.HUMAN:
        answer["servicer_userid"] = session.servicer
    return answer


def _trans(world: World, call: Call) -> Json:
    account, session = _session(world, call.given)
    to = State(g.number(call.given, "service_state", most=4))
    servicer = _servicer(account, g.text(call.given, "servicer_userid")) if to is State.HUMAN else ""
    if to not in _allowed(world, session.state) or (session.state is to and servicer == session.servicer):
        raise Refused(95016)
    session.state, session.servicer = to, servicer
    where = f"kf:{account.open_kfid}"
    if servicer:
        _tell(world, servicer, session, "kf_assigned")
    if to is State.POOL:
        for userid in account.servicers:
            _tell(world, userid, session, "kf_waiting")
    if to is State.ENDED:
        world.phones.show(f"customer:{session.external_userid}", world.clock.seconds(), "kf_ended", where=where, by="system")
    if to is State.ENDED or (to in (State.POOL, State.HUMAN) and to not in session.coded):
        session.coded.add(to)
        return {"msg_code": state_code(world, session)}
    return {}


def _allowed(world: World, state: State) -> set[State]:
    also = {State.ENDED} if world.settings.end_from_anywhere and state is not State.ENDED else set()
    return _NEXT[state] | also


def _servicer(account: Account, userid: str) -> str:
    servicer = account.servicers.get(userid)
    if servicer is None:
        raise Refused(95014)
    if servicer.stopped:
        raise Refused(95019)
    return servicer.userid


def _tell(world: World, userid: str, session: Session, kind: str) -> None:
    where = f"kf:{session.open_kfid}"
    world.phones.show(f"member:{userid}", world.clock.seconds(), kind, where=where, by="system", customer=session.external_userid)


ENDPOINTS: Table = {
    "kf/service_state/get": post("kf", _get),
    "kf/service_state/trans": post("kf", _trans),
}
