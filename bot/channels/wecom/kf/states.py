"""What WeCom says of a session when it does not take what we want: asked, and kept."""

from dataclasses import replace
from datetime import datetime

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.kf.names import address_of
from bot.channels.wecom.kf.sessions import session_of
from domain.customer_service import ServiceState
from domain.ports import Store


def state_now(store: Store, client: WeComClient, conversation_id: str, *, at: datetime) -> ServiceState | None:
    """Ask for the state and keep it. None when WeCom does not say. Raises as `WeComClient.call` for a server that is not reached."""
    address = address_of(conversation_id)
    if address is None:
        return None
    try:
        answer = client.call("kf/service_state/get", {"open_kfid": address[0], "external_userid": address[1]})
        state = ServiceState(answer.get("service_state", -1))
    except (WeComRefused, ValueError):
        return None
    servicer = answer.get("servicer_userid")
    with store.writing() as records:
        session = session_of(records, conversation_id, at=at)
        if session.state is not state:
            after = replace(session, state=state, servicer=servicer if isinstance(servicer, str) else "", changed_at=at)
            records.links.keep_session(after)
    return state
