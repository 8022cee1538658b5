"""`totp`: the current one-time code of a sandbox person, who has no telephone."""

import argparse
from collections.abc import Callable

from bot.app import build
from bot.commands.options import add_at, clock_of
from compliance.stepup import code_at
from config.settings import Settings
from domain.errors import BadInput
from domain.party import Party


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("who", metavar="rm:ID")
    add_at(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Print the code. Raises BadInput outside a sandbox bank and for people without a second factor."""
    with build(settings, clock=clock_of(given)) as app, app.store.reading() as records:
        secret = records.stepups.sandbox_secret(Party.parse(given.who).id)
        if secret is None:
            raise BadInput(f"{given.who} is nobody of a sandbox bank: only a person's own telephone knows the code")
        print(code_at(secret, app.clock()))
    return 0
