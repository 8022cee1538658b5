"""Codes by which customers add one member (联系我, document/path/92572). One for each member and purpose, made once and kept.

The state that goes with a code comes back when somebody is added by it, and says where they came from.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.wecom.client import WeComClient
from domain.errors import BadInput
from domain.ports import Store

_PATH = "externalcontact/add_contact_way"
_ONE_MEMBER, _BY_CODE = 1, 2
_MOST = 30  # characters of a state
_KEPT_FOR = timedelta(days=36_500)  # a code lasts until it is deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactWay:
    """A code. `config_id` is WeCom's name for it."""

    config_id: str
    url: str
    state: str
    new: bool


def state_of(staff_id: str, purpose: str) -> str:
    """The same for the same member and purpose. Raises BadInput for a purpose that is too long."""
    if len(purpose) > _MOST:
        raise BadInput(f"--state: {_MOST} characters at most")
    state = purpose or f"qr-{staff_id}"
    return state if len(state) <= _MOST else f"qr-{hashlib.blake2s(state.encode(), digest_size=10).hexdigest()}"


def contact_way(store: Store, client: WeComClient, *, userid: str, state: str, at: datetime) -> ContactWay:
    """The code that is kept, or a new one. Raises as `WeComClient.call`."""
    name = f"wecom-way:{hashlib.blake2s(f'{userid.casefold()}/{state}'.encode(), digest_size=16).hexdigest()}"
    with store.reading() as records:
        kept = records.links.token(name)
    if kept is not None:
        known = json.loads(kept[0])
        return ContactWay(config_id=known["config_id"], url=known["url"], state=state, new=False)
    answer = client.call(_PATH, {"type": _ONE_MEMBER, "scene": _BY_CODE, "state": state, "user": [userid]})
    made = ContactWay(config_id=str(answer.get("config_id", "")), url=str(answer.get("qr_code", "")), state=state, new=True)
    with store.writing() as records:
        records.links.keep_token(name, json.dumps({"config_id": made.config_id, "url": made.url}), until=at + _KEPT_FOR)
    return made
