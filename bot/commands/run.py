"""`run`: serve web chat and workbench, move inbox and outbox, tick."""

import argparse
from collections.abc import Callable

from bot.app import build
from bot.assessing import judging
from bot.channels.listening import listening
from bot.commands.options import add_at, clock_of
from bot.demonstration import environment, prepare
from bot.observe import setup_logging
from bot.own_wecom import OwnWecom, own_wecom
from bot.rig import rig_settings
from config.settings import Settings


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("--sandbox", action="store_true", help="with a simulated bank, made if missing")
    parser.add_argument("--port", type=int, help="port to listen on")
    parser.add_argument("--no-wecom", action="store_true", help="a sandbox without its WeCom (docs/sandbox-wecom.md)")
    parser.add_argument("--rig", choices=["echo"], help="an echo in place of the dialogue, for servers that test a channel (docs/wecom.md)")
    add_at(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Serve until interrupted."""
    changed = {"sandbox": True} if given.sandbox else {}
    if given.port:
        changed["port"] = given.port
    settings = settings.model_copy(update=changed)
    if given.rig or settings.rig:
        settings = rig_settings(settings, given.rig or settings.rig)
    setup_logging(settings.log_level)
    with own_wecom(settings, wanted=not given.no_wecom, say=print) as own:
        _serve(given, own.settings if own else settings, own)
    return 0


def _serve(given: argparse.Namespace, settings: Settings, own: OwnWecom | None) -> None:
    with build(settings, clock=clock_of(given), index=settings.dense) as app:
        if not settings.rig:
            prepare(app)
        if own:
            own.begin(app)
        from bot.web.server import serve

        with listening(app) as routes, judging(settings.data, environment=environment(app), wanted=settings.assess and not settings.rig):
            app.start()
            print(f"陪伴在 http://{settings.host}:{settings.port} ，按 Ctrl-C 停止。", flush=True)
            if own:
                print(f"微信里的样子在 {own.phones}", flush=True)
            serve(app, routes=routes, phones=own.phones if own else "")
