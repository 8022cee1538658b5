"""`link`: a signed link into the web chat or the workbench, for a bank's own login to hand out."""

import argparse
from collections.abc import Callable

from bot.app import build
from bot.web.identity import sign
from config.settings import Settings
from domain.errors import BadInput
from domain.party import Party, Role


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("who", metavar="ROLE:ID")
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Print the link. It is good for ten minutes."""
    secret = settings.secret_key.get_secret_value()
    if len(secret) < 32:
        raise BadInput("set PEIBAN_SECRET_KEY to at least 32 characters: it signs the link")
    with build(settings) as app:
        party = app.known(Party.parse(given.who))
        page = "chat" if party.role is Role.CUSTOMER else "workbench"
        print(f"http://{settings.host}:{settings.port}/{page}?t={sign(party, secret, app.clock())}")
    return 0
