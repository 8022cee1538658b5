"""A call as the endpoints see it, and what an endpoint is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.wecom.http import Answer, Upload
from sandbox.wecom.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """`kind` is whose token it came with. `given` is the JSON body, {} when there was none that could be read."""

    path: str
    query: dict[str, str] = field(default_factory=dict)
    given: Json = field(default_factory=dict)
    kind: str = ""
    upload: Upload | None = None


Doing = Callable[[World, Call], Json | Answer]


@dataclass(frozen=True)
class Endpoint:
    """`right` is the kind of secret that may call it; empty lets every token in, `-` needs none."""

    method: str
    right: str
    do: Doing


Table = dict[str, Endpoint]


def get(right: str, do: Doing) -> Endpoint:
    """Called by GET."""
    return Endpoint("GET", right, do)


def post(right: str, do: Doing) -> Endpoint:
    """Called by POST."""
    return Endpoint("POST", right, do)
