"""Connections that acknowledge the head of an answer at once.

A server that writes head and body apart and leaves Nagle's algorithm on sends the body when the head was acknowledged, which Linux puts
off by up to 40 ms: every call would cost that much, whatever the server itself needs (RFC 1122 section 4.2.3.2, tcp(7) TCP_QUICKACK).
"""

import socket
from contextlib import suppress

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

_QUICK = getattr(socket, "TCP_QUICKACK", None)  # Linux only


def _acknowledge(sock: socket.socket | None) -> None:
    if sock is not None and _QUICK is not None:
        with suppress(OSError):  # it was a favour: the answer comes without it too
            sock.setsockopt(socket.IPPROTO_TCP, _QUICK, 1)


class _Prompt(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 itself has it
        """Read the head. The socket is remembered: a server that will close takes it off the connection."""
        sock = self.sock
        answer = super().getresponse()
        _acknowledge(sock)
        return answer


class _PromptSecure(_Prompt, HTTPSConnection):
    """Under TLS the head may lie in the same record as the body, and then this costs nothing."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Prompt


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _PromptSecure


def acknowledge_at_once(adapter: HTTPAdapter) -> None:
    """Let the connections of an adapter be such. Those through a proxy stay as they are."""
    adapter.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
