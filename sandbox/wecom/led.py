"""A WeCom that another process leads: it is told on its standard input whom there is, and ends when that closes.

The first line is JSON: `options` (fields of `Options`), `callbacks` (address by kind), `account` (`name` and `servicers`), `members` and
`customers` (lists of `userid` or nothing, and `name`), `menu` (of the app), `state` (a file, or empty). Ids of the account and of customers
are invented anew with each new world: who leads may remember those of an older one. A state is taken away when it is read, so that none
is left of which part has happened since.
"""

import asyncio
import json
import secrets
import socket
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.wecom.clock import Clock
from sandbox.wecom.kf.state import Account, Servicer
from sandbox.wecom.options import Options
from sandbox.wecom.people import Customer, Member
from sandbox.wecom.saving import load, save
from sandbox.wecom.server import WecomServer
from sandbox.wecom.world import World

Json = dict[str, Any]


def serve_led(listening: int) -> None:
    """Serve on a socket that was opened by who leads, until standard input closes."""
    line = sys.stdin.readline()
    if not line.strip():
        return  # whoever began has ended already
    told = json.loads(line)
    state = Path(told["state"]) if told.get("state") else None
    world = _kept(state, told) or _new(told)
    server = WecomServer(world=world, listening=socket.socket(fileno=listening), callbacks=told["callbacks"])
    asyncio.run(_until_closed(server))
    if state:
        save(server.world, state)


async def _until_closed(server: WecomServer) -> None:
    loop = asyncio.get_running_loop()

    def watch() -> None:
        while sys.stdin.readline():
            pass
        loop.call_soon_threadsafe(server.stop)

    threading.Thread(target=watch, daemon=True).start()
    await server.serve()


def _kept(state: Path | None, told: Json) -> World | None:
    """The world of last time, where it can be read and has the same keys."""
    if state is None or not state.exists():
        return None
    try:
        world = load(state)
    except Exception as error:  # a pickle of an older version may fail with anything: then begin anew
        sys.stderr.write(f"the sandbox WeCom begins anew: its state of last time cannot be read ({type(error).__name__})\n")
        return None
    finally:
        state.unlink()
    return world if world.options == _options(told) else None


def _new(told: Json) -> World:
    world = World(options=_options(told), clock=Clock())
    for one in told["members"]:
        world.directory.add_member(Member(one["userid"], one["name"]))
    for one in told["customers"]:
        world.directory.add_customer(Customer(f"wm{secrets.token_hex(15)}", one["name"]))
    account = Account(f"wk{secrets.token_hex(15)}", told["account"]["name"])
    account.servicers = {userid: Servicer(userid) for userid in told["account"]["servicers"]}
    world.kf.accounts[account.open_kfid] = account
    world.app.menu = told["menu"]
    return world


def _options(told: Json) -> Options:
    return replace(Options(), **told["options"])
