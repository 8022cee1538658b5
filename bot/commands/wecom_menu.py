"""`wecom menu`: put the menu under the chat of the app of staff."""

import argparse
from typing import Any

from bot.app import build
from config.settings import Settings
from domain.errors import BadInput


def add_menu(what: Any) -> None:
    """Add the subcommand to the subparsers of `wecom`."""
    what.add_parser("menu", help="set the menu of the app of staff")


def run_menu(_given: argparse.Namespace, settings: Settings) -> int:
    """Set it and say what stands in it."""
    if not settings.wecom_app_agent_id:
        raise BadInput("set PEIBAN_WECOM_APP_AGENT_ID and what belongs to it (docs/wecom.md): there is no app of staff yet")
    from bot.channels.wecom.app.channel import AppChannel
    from bot.channels.wecom.app.menu import set_menu

    with build(settings) as app:
        channel = app.channels["wecom"]
        assert isinstance(channel, AppChannel)
        names = set_menu(channel.client, agent_id=channel.agent_id, public_url=settings.wecom_public_url)
    print(f"菜单已设置：{'、'.join(names)}")
    if not settings.wecom_public_url:
        print("没有“工作台”：先设置 PEIBAN_WECOM_PUBLIC_URL，再运行一次。")
    return 0
