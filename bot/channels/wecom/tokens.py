"""One access token per secret, shared over threads and processes: one refresh at a time, and none while the known one is good.

WeCom asks that tokens be kept and not be fetched again and again (document/path/91039).
"""

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from domain.ports import Store

_EARLY = timedelta(minutes=1)  # a token that ends soon is not begun with
Fetch = Callable[[], tuple[str, timedelta]]


class Tokens:
    """The token of one secret. `fetch` asks WeCom for one and says how long it is good."""

    def __init__(self, store: Store, *, corp_id: str, secret: str, fetch: Fetch, clock: Clock) -> None:
        # The secret itself is never stored; two secrets that begin alike have two names.
        self._name = f"wecom:{corp_id}:{hashlib.sha256(secret.encode()).hexdigest()[:16]}"
        self._store = store
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._known: tuple[str, datetime] | None = None

    def current(self, *, refused: str = "") -> str:
        """A token that is good now, and not the one that WeCom just refused. Raises what `fetch` raises."""
        known = self._known
        if known and self._good(known, refused):
            return known[0]
        with self._lock:
            known = self._known or None
            if known and self._good(known, refused):
                return known[0]
            with self._store.reading() as records:
                stored = records.links.token(self._name)
            if stored and self._good(stored, refused):
                self._known = stored
                return stored[0]
            token, lasts = self._fetch()
            self._known = (token, self._clock() + lasts)
            with self._store.writing(durable=False) as records:
                records.links.keep_token(self._name, token, until=self._known[1])
            return token

    def _good(self, known: tuple[str, datetime], refused: str) -> bool:
        return known[0] != refused and known[1] - _EARLY > self._clock()
