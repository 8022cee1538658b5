"""Ways in which a call can go wrong, switched on for the next calls of a path."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.wecom.errors import Impossible

DROPS = ("", "before", "after")


@dataclass(frozen=True)
class Fault:
    """What happens. `errcode` and `http`: nothing is done. `slow_s`: done, answered later. `drop`: hung up, before or after doing it."""

    errcode: int | None = None
    http: int = 0
    slow_s: float = 0
    drop: str = ""


@dataclass
class Faults:
    """Faults by path (`kf/send_msg`), or by `*` for every path; in order."""

    coming: dict[str, deque[Fault]] = field(default_factory=dict)

    def add(self, given: dict[str, Any]) -> None:
        """As the admin API gives it: path, one of errcode, http, slow_s, drop, and `times`."""
        try:
            code = given.get("errcode")
            fault = Fault(
                None if code is None else int(code), int(given.get("http", 0)), float(given.get("slow_s", 0)), given.get("drop", "")
            )
            path, times = str(given["path"]), int(given.get("times", 1))
        except (KeyError, TypeError, ValueError) as error:
            raise Impossible(f"a fault has a path and one of errcode, http, slow_s, drop: {error}", 400) from error
        if fault == Fault() or fault.drop not in DROPS:
            raise Impossible("one of errcode, http, slow_s, drop (before, after) is needed", 400)
        self.coming.setdefault(path.removeprefix("/cgi-bin/"), deque()).extend([fault] * times)

    def take(self, path: str) -> Fault:
        """The fault of this call; an empty one for none."""
        for key in (path, "*"):
            coming = self.coming.get(key)
            if coming:
                return coming.popleft()
        return Fault()
