"""Signatures with which a page of ours may use WeCom's JS-SDK (developer.work.weixin.qq.com/document/path/90506).

Tickets are good for two hours, and a corp may ask 400 times an hour, an app 100 times (document/path/90312): they are kept like tokens.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.tokens import Fetch, Tokens
from bot.clock import Clock
from domain.ports import Store

_LASTS = timedelta(hours=2)
_CORP, _APP = "get_jsapi_ticket", "ticket/get"


def signature(ticket: str, *, nonce: str, stamp: int, url: str) -> str:
    """Sign an address; what follows a # is not part of it."""
    whole = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={stamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(whole.encode(), usedforsecurity=False).hexdigest()


class Tickets:
    """Signs for the corp and for the app."""

    def __init__(self, store: Store, client: WeComClient, clock: Clock, *, corp_id: str, secret: str) -> None:
        self._clock = clock
        self._corp = Tokens(store, corp_id=f"{corp_id}:ticket", secret=secret, fetch=_fetch(client, _CORP), clock=clock)
        self._app = Tokens(store, corp_id=f"{corp_id}:agent_ticket", secret=secret, fetch=_fetch(client, _APP), clock=clock)

    def sign(self, url: str) -> dict[str, dict[str, Any]]:
        """What the page tells WeCom's client, for the corp and for the app. Raises as `WeComClient.call`."""
        return {"config": self._signed(self._corp, url), "agent_config": self._signed(self._app, url)}

    def _signed(self, tickets: Tokens, url: str) -> dict[str, Any]:
        nonce, stamp = secrets.token_hex(8), int(self._clock().timestamp())
        return {"timestamp": stamp, "nonceStr": nonce, "signature": signature(tickets.current(), nonce=nonce, stamp=stamp, url=url)}


def _fetch(client: WeComClient, path: str) -> Fetch:
    def fetch() -> tuple[str, timedelta]:
        answer = client.call(path, query={"type": "agent_config"} if path == _APP else None)
        ticket, lasts = answer.get("ticket"), answer.get("expires_in")
        if not isinstance(ticket, str) or not ticket:
            raise WeComRefused(path, 0)
        return ticket, timedelta(seconds=lasts) if isinstance(lasts, int) and lasts > 0 else _LASTS

    return fetch
