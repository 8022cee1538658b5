"""`wecom`: what an administrator does with WeCom. One subcommand a file."""

import argparse
from collections.abc import Callable

from bot.commands.wecom_contacts import add_contacts, run_qr, run_sync, run_transfer, run_transfers
from bot.commands.wecom_doctor import add_doctor, run_doctor
from bot.commands.wecom_menu import add_menu, run_menu
from bot.commands.wecom_moment import add_moment, run_moment
from config.settings import Settings

_RUN = {
    "doctor": run_doctor,
    "menu": run_menu,
    "moment": run_moment,
    "qr": run_qr,
    "sync": run_sync,
    "transfer": run_transfer,
    "transfers": run_transfers,
}


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    add_doctor(what)
    add_menu(what)
    add_contacts(what)
    add_moment(what)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Run the subcommand."""
    return _RUN[given.what](given, settings)
