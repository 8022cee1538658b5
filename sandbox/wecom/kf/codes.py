"""Reply codes and send_msg_on_event (D/95122): each once, 20 s or 48 h, mostly only while the state lasts."""

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.kf.content import checked
from sandbox.wecom.kf.finding import session_of
from sandbox.wecom.kf.log import account_of
from sandbox.wecom.kf.msgids import new_msgid
from sandbox.wecom.kf.state import SESSION_S, Code, Session, State
from sandbox.wecom.world import World

_SHORT_S = 20
_LONG = (SESSION_S, ("text",))
_SHORT = (_SHORT_S, ("text", "msgmenu"))
_BY_STATE = {State.POOL: _LONG, State.HUMAN: _LONG, State.ENDED: _SHORT}


def welcome_code(world: World, session: Session) -> str:
    """For who enters: 20 s, whatever the state."""
    return _issue(world, session, *_SHORT, state=None)


def state_code(world: World, session: Session) -> str:
    """For the state that the session has just come into."""
    return _issue(world, session, *_BY_STATE[session.state], state=session.state)


def _issue(world: World, session: Session, lasts_s: float, types: tuple[str, ...], *, state: State | None) -> str:
    code = Code(world.new_id("code"), session.open_kfid, session.external_userid, world.clock.now() + lasts_s, types, state)
    world.kf.codes[code.text] = code
    return code.text


def _send_on_event(world: World, call: Call) -> Json:
    code = world.kf.codes.get(g.text(call.given, "code", code=40058))
    if code is None or code.used or world.clock.now() > code.until:
        raise Refused(40058, "code is unknown, used or too old")
    session = session_of(world, code.open_kfid, code.external_userid)
    if code.state is not None and session.state is not code.state:
        raise Refused(95018)
    if call.given.get("msgtype") not in code.types:
        raise Refused(40008)
    account = account_of(world, code.open_kfid)
    body = checked(world, call.given)
    msgid = new_msgid(world, account, call.given)
    code.used = True
    if code.state is None:
        session.welcomed_at = world.clock.now()
    where = f"kf:{code.open_kfid}"
    world.phones.show(
        f"customer:{code.external_userid}", world.clock.seconds(), body["msgtype"], where=where, by="api", msgid=msgid, body=body
    )
    return {"msgid": msgid}


ENDPOINTS: Table = {"kf/send_msg_on_event": post("kf", _send_on_event)}
