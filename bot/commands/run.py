"""`run`: serve web chat and workbench, move inbox and outbox, tick."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import APIRouter

from bot.app import App, build
from bot.commands.options import add_at, clock_of
from bot.demonstration import prepare
from bot.observe import setup_logging
from bot.rig import rig_settings
from config.settings import Settings


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("--sandbox", action="store_true", help="with a simulated bank, made if missing")
    parser.add_argument("--port", type=int, help="port to listen on")
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
    with build(settings, clock=clock_of(given), index=settings.dense) as app:
        if not settings.rig:
            prepare(app)
        from bot.web.server import serve

        with telegram(app) as routes, wecom(app) as more, wecom_app(app) as others, wecom_mass(app):
            app.start()
            print(f"陪伴在 http://{settings.host}:{settings.port} ，按 Ctrl-C 停止。", flush=True)
            serve(app, routes=[*routes, *more, *others])
    return 0


@contextmanager
def telegram(app: App) -> Iterator[list[APIRouter]]:
    """Listen to Telegram while serving, where a token is set: by polling, or by the route that is given back."""
    channel = app.channels.get("telegram")
    if channel is None:
        yield []
        return
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.telegram.webhook import webhook_route
    from bot.channels.telegram.wiring import attach

    assert isinstance(channel, TelegramChannel)
    reception = attach(app, channel)
    reception.start()
    try:
        yield [webhook_route(reception, app.settings.telegram_webhook_url)] if app.settings.telegram_webhook_url else []
    finally:
        reception.stop()


@contextmanager
def wecom(app: App) -> Iterator[list[APIRouter]]:
    """Listen to WeChat customer service while serving, where a corp id is set."""
    channel = app.channels.get("kf")
    if channel is None:
        yield []
        return
    from bot.channels.wecom.kf.channel import KfChannel
    from bot.channels.wecom.wiring import attach

    assert isinstance(channel, KfChannel)
    reception = attach(app, channel)
    reception.start()
    try:
        yield reception.routes()
    finally:
        reception.stop()


@contextmanager
def wecom_app(app: App) -> Iterator[list[APIRouter]]:
    """Listen to WeCom's app of staff while serving, where it is set up."""
    channel = app.channels.get("wecom")
    if channel is None:
        yield []
        return
    from bot.channels.wecom.app.channel import AppChannel
    from bot.channels.wecom.wiring import attach_app, sidebar

    assert isinstance(channel, AppChannel)
    reception, routes = attach_app(app, channel)
    try:
        yield [*routes, sidebar(app, channel)]
    finally:
        reception.stop()


@contextmanager
def wecom_mass(app: App) -> Iterator[None]:
    """Ask relationship managers to confirm what goes to their contacts while serving, where contacts are set up."""
    channel = app.channels.get("wecom_mass")
    if channel is None:
        yield
        return
    from bot.channels.wecom.mass.channel import MassChannel
    from bot.channels.wecom.wiring import attach_mass

    assert isinstance(channel, MassChannel)
    poller = attach_mass(app, channel)
    poller.start()
    try:
        yield
    finally:
        poller.stop()
