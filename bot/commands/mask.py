"""`mask`: personal data found in texts, a line each."""

import argparse
from collections.abc import Callable

from bot.commands.options import add_json, lines_in, print_json
from compliance.masking import mask
from config.settings import Settings


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    add_json(parser)
    return run


def run(given: argparse.Namespace, _settings: Settings) -> int:
    """Mask every line of standard input."""
    for line in lines_in():
        masked = mask(line)
        if given.json:
            print_json({"text": masked.text, "spans": [{"kind": span.kind, "start": span.start, "end": span.end} for span in masked.spans]})
        else:
            print(masked.text, flush=True)
    return 0
