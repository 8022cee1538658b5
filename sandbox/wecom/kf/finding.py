"""Finding the session of a customer with an account, as old as it is now."""

from sandbox.wecom.kf.state import SESSION_S, Session, State
from sandbox.wecom.world import World


def session_of(world: World, open_kfid: str, external_userid: str) -> Session:
    """The session; 48 h after the customer's latest message it has ended by itself."""
    key = (open_kfid, external_userid)
    session = world.kf.sessions.setdefault(key, Session(open_kfid, external_userid))
    if session.state is not State.ENDED and world.clock.now() > session.written_at + SESSION_S:
        session.state, session.servicer = State.ENDED, ""
    return session
