"""`python -m sandbox.wecom`: a WeCom of your own. Prints one line of JSON and serves until SIGTERM."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from sandbox.wecom.clock import Clock
from sandbox.wecom.led import serve_led
from sandbox.wecom.options import KINDS, Options, Settings
from sandbox.wecom.saving import load, save
from sandbox.wecom.server import WecomServer


def main() -> int:
    """Serve."""
    given = _arguments()
    if given.led is not None:
        serve_led(given.led)
        return 0
    defaults = Options()
    rights = {kind: frozenset({kind}) for kind in KINDS}
    for grant in given.grant:
        kind, _, more = grant.partition(":")
        if kind not in KINDS or not set(more.split(",")) <= set(KINDS):
            sys.stderr.write(f"--grant: {grant} is not of the form app:kf,contacts\n")
            return 2
        rights[kind] |= set(more.split(","))
    options = Options(
        corp_id=given.corp_id,
        agent_id=given.agent_id,
        secrets={kind: getattr(given, f"secret_{kind}") or defaults.secrets[kind] for kind in KINDS},
        rights=rights,
        token=given.token,
        aes_key=given.aes_key,
        seeded=not given.empty,
    )
    clock = Clock()
    if given.clock:
        clock.set(given.clock)
    settings = Settings(bare=given.bare, rate_limits=not given.unlimited, end_from_anywhere=given.end_from_anywhere)
    world = load(Path(given.state)) if given.state and Path(given.state).exists() else None
    server = WecomServer(options, settings, port=given.port, clock=clock, world=world, callback=given.callback)
    asyncio.run(_serve(server))
    if given.state:
        save(server.world, Path(given.state))
    return 0


async def _serve(server: WecomServer) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    serving = asyncio.create_task(server.serve())
    await server.up()
    about = {"url": server.url, "phones": f"{server.url}/phones", **server.admin.about()}
    sys.stdout.write(json.dumps(about, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    await serving


def _arguments() -> argparse.Namespace:
    defaults = Options()
    parser = argparse.ArgumentParser(prog="python -m sandbox.wecom", description=__doc__)
    parser.add_argument("--port", type=int, default=8082)
    parser.add_argument("--callback", default="", help="the address that callbacks are pushed to")
    parser.add_argument("--clock", default="real", help="an instant at which the clock stands, or real")
    parser.add_argument("--state", default="", help="a file that is read at the start and written at the end; only from this machine")
    parser.add_argument("--corp-id", default=defaults.corp_id)
    parser.add_argument("--agent-id", type=int, default=defaults.agent_id)
    for kind in KINDS:
        parser.add_argument(f"--secret-{kind}", default="")
    parser.add_argument("--grant", action="append", default=[], help="app:kf,contacts lets the app's secret do the work of others")
    parser.add_argument("--token", default=defaults.token)
    parser.add_argument("--aes-key", default=defaults.aes_key)
    parser.add_argument("--bare", action="store_true", help="answers without errmsg and without empty fields")
    parser.add_argument("--unlimited", action="store_true", help="no rate limits")
    parser.add_argument("--end-from-anywhere", action="store_true", help="kf sessions may be ended by API from every state")
    parser.add_argument("--led", type=int, metavar="FD", help="serve on this open socket, told on standard input; see sandbox/wecom/led.py")
    parser.add_argument("--empty", action="store_true", help="without the invented people and their kf account")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
