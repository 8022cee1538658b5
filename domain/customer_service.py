"""Who answers on WeChat customer service, as WeCom keeps it (developer.work.weixin.qq.com/document/path/94669).

It is WeCom's own account of the conversation, beside ours (`domain.conversation`): while a person or the pool has it, WeCom takes no
message of the bot's.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class ServiceState(IntEnum):
    """WeCom's numbers."""

    NEW = 0
    ASSISTANT = 1
    POOL = 2
    PERSON = 3
    ENDED = 4

    @property
    def bot_may_speak(self) -> bool:
        """Whether kf/send_msg is taken."""
        return self in (ServiceState.NEW, ServiceState.ASSISTANT)


#: What the interface may change it to. From ENDED nothing: the customer's next message makes it NEW.
NEXT: dict[ServiceState, frozenset[ServiceState]] = {
    ServiceState.NEW: frozenset({ServiceState.ASSISTANT, ServiceState.POOL, ServiceState.PERSON}),
    ServiceState.ASSISTANT: frozenset({ServiceState.POOL, ServiceState.PERSON}),
    ServiceState.POOL: frozenset({ServiceState.PERSON}),
    ServiceState.PERSON: frozenset({ServiceState.PERSON, ServiceState.ENDED}),
    ServiceState.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What we know of WeCom's side. `code` is good for one message on an event, until `code_until`; `code_for` says of which event."""

    conversation_id: str
    state: ServiceState = ServiceState.NEW
    servicer: str = ""
    code: str = ""
    code_for: str = ""
    code_until: datetime | None = None
    changed_at: datetime

    def code_good(self, at: datetime) -> bool:
        """Whether there is a code that may still be used."""
        return bool(self.code) and self.code_until is not None and at < self.code_until
