"""`say`: one turn."""

import argparse
from collections.abc import Callable

from bot.app import build
from bot.commands.chat import one_turn
from bot.commands.options import add_as, add_at, add_json, clock_of, party_of, print_json
from config.settings import Settings


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("text", help="what is said")
    add_as(parser)
    add_at(parser)
    add_json(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Say it and print the answer."""
    with build(settings, clock=clock_of(given)) as app:
        body = one_turn(app, app.known(party_of(given)), given.text)
    if given.json:
        print_json(body)
        return 0
    for reply in body["replies"]:
        print(reply["text"])
        for link in reply["links"]:
            print(f"  {link['label']}：{link['url']}")
        for number, button in enumerate(reply["buttons"], 1):
            print(f"  {number}. {button['label']}")
    if not body["replies"]:
        print("（没有马上发出的回复；原因见 --json 的 verdicts。）")
    return 0
