"""What 微信客服 remembers."""

from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

Json = dict[str, Any]
SESSION_S = 48 * 3600


class State(IntEnum):
    """Who has the session (D/94669)."""

    NEW = 0
    ASSISTANT = 1
    POOL = 2
    HUMAN = 3
    ENDED = 4


@dataclass
class Servicer:
    """Somebody who may serve an account. `stop_type` counts only while stopped: 0 stopped, 1 suspended."""

    userid: str
    stopped: bool = False
    stop_type: int = 0


@dataclass
class Account:
    """A kf account with its log. `log` is what sync_msg reads, in order."""

    open_kfid: str
    name: str
    avatar: str = ""
    servicers: dict[str, Servicer] = field(default_factory=dict)
    departments: list[int] = field(default_factory=list)
    log: list[Json] = field(default_factory=list)
    used_msgids: set[str] = field(default_factory=set)


@dataclass
class Session:
    """One customer with one account. `coded` holds the states whose reply code was given in this session."""

    open_kfid: str
    external_userid: str
    state: State = State.ENDED
    servicer: str = ""
    written_at: float = 0
    sent: int = 0
    welcomed_at: float = 0
    coded: set[State] = field(default_factory=set)
    context: Json | None = None


@dataclass
class Code:
    """A reply code of send_msg_on_event. `state` is the one in which it is good; None is any."""

    text: str
    open_kfid: str
    external_userid: str
    until: float
    types: tuple[str, ...]
    state: State | None
    used: bool = False


@dataclass
class KfState:
    """All accounts. `tokens` of callbacks: whose, and since when. `failing`: sends that will fail later, by who and how."""

    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    ways: dict[str, tuple[str, str]] = field(default_factory=dict)
    empty_pages: Counter[str] = field(default_factory=Counter)
    failing: list[tuple[str, str, int]] = field(default_factory=list)
    upgrade_members: list[str] = field(default_factory=list)
    upgrade_chats: list[str] = field(default_factory=list)
