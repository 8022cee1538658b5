"""`run`: serve web chat and workbench, move inbox and outbox, tick."""

import argparse
from collections.abc import Callable

from bot.app import build
from bot.commands.options import add_at, clock_of
from bot.demonstration import prepare
from bot.observe import setup_logging
from config.settings import Settings


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("--sandbox", action="store_true", help="with a simulated bank, made if missing")
    parser.add_argument("--port", type=int, help="port to listen on")
    add_at(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Serve until interrupted."""
    changed = {"sandbox": True} if given.sandbox else {}
    if given.port:
        changed["port"] = given.port
    settings = settings.model_copy(update=changed)
    setup_logging(settings.log_level)
    with build(settings, clock=clock_of(given), index=settings.dense) as app:
        prepare(app)
        from bot.web.server import serve

        app.start()
        print(f"陪伴在 http://{settings.host}:{settings.port} ，按 Ctrl-C 停止。", flush=True)
        serve(app)
    return 0
