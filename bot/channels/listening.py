"""Listening while the house serves: each channel that hears by itself gives a reception, and one loop begins and ends them all.

A channel that comes anew adds a line to `_ATTACH`: the module of its wiring and the function there that makes its reception.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from fastapi import APIRouter

if TYPE_CHECKING:
    from bot.app import App

_ATTACH = {  # by the name of the channel; imported by who has set it up
    "telegram": ("bot.channels.telegram.wiring", "attach"),
    "kf": ("bot.channels.wecom.wiring", "attach"),
    "wecom": ("bot.channels.wecom.wiring", "attach_app"),
    "wecom_contacts": ("bot.channels.wecom.contacts.wiring", "attach_contacts"),
    "wecom_mass": ("bot.channels.wecom.wiring", "attach_mass"),
    "wecom_aibot": ("bot.channels.wecom.aibot.wiring", "attach"),
}


class Reception(Protocol):
    """The receiving half of a channel."""

    def start(self) -> None:
        """Begin to hear. Returns at once."""

    def stop(self) -> None:
        """Take nothing more in. The channel can still send."""

    def routes(self) -> list[APIRouter]:
        """What the other side calls; empty where we ask."""


@contextmanager
def listening(app: "App") -> Iterator[list[APIRouter]]:
    """Hear on every channel that is set up, until the end of the block. Gives their routes. Raises BadSettings as the wirings do."""
    with ExitStack() as ends:
        routes: list[APIRouter] = []
        for name, (module, attach) in _ATTACH.items():
            if (channel := app.channels.get(name)) is not None:
                reception: Reception = getattr(import_module(module), attach)(app, channel)
                reception.start()
                ends.callback(reception.stop)
                routes += reception.routes()
        yield routes
