"""What the app remembers."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Sent:
    """A message that was sent to members. `entries` are what their phones show."""

    msgid: str
    at: float
    kind: str
    entries: list[Json] = field(default_factory=list)
    task_id: str = ""
    closed_for: set[str] = field(default_factory=set)  # members whose card was answered and updated


@dataclass
class ResponseCode:
    """What lets a card be updated once."""

    text: str
    msgid: str
    until: float
    used: bool = False


@dataclass
class LoginCode:
    """An OAuth code. `who` is `member:<userid>` or `customer:<external_userid>`."""

    text: str
    who: str
    until: float
    private: bool
    used: bool = False


@dataclass
class AppState:
    """One app."""

    sent: dict[str, Sent] = field(default_factory=dict)
    task_ids: set[str] = field(default_factory=set)
    response_codes: dict[str, ResponseCode] = field(default_factory=dict)
    menu: list[Json] = field(default_factory=list)
    login_codes: dict[str, LoginCode] = field(default_factory=dict)
    tickets: dict[str, tuple[str, float]] = field(default_factory=dict)
    repeated: dict[str, float] = field(default_factory=dict)
