"""What somebody said and may still be answered directly: the id of the callback, good once, on the connection on which it came."""

import threading
import time
from dataclasses import dataclass

_REPLY_S = 540.0  # a reply that streams may last ten minutes
_WELCOME_S = 4.0  # five, less the way


@dataclass(frozen=True, slots=True)
class Opening:
    """A callback that waits for its answer."""

    req_id: str
    round: int
    until: float
    welcome: bool = False


class Openings:
    """The latest of each member. In memory: after a restart answers go out as messages of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, Opening] = {}

    def note(self, userid: str, req_id: str, *, round: int, welcome: bool = False) -> None:  # noqa: A002  of the connection
        """Somebody waits."""
        until = time.monotonic() + (_WELCOME_S if welcome else _REPLY_S)
        with self._lock:
            self._open = {who: one for who, one in self._open.items() if one.until > time.monotonic()}
            if req_id:
                self._open[userid.casefold()] = Opening(req_id, round, until, welcome)

    def take(self, userid: str, *, round: int) -> Opening | None:  # noqa: A002
        """Use it up, None where there is none that is still good."""
        with self._lock:
            found = self._open.pop(userid.casefold(), None)
        return found if found and found.round == round and found.until > time.monotonic() else None
