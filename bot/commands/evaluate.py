"""`evaluate`: quality on anyone's labelled file."""

import argparse
from collections.abc import Callable
from pathlib import Path

from bot.app import build
from bot.commands.options import add_at, add_json, clock_of, print_json
from bot.report import Json
from compliance.days import bank_day
from config.settings import Settings
from handlers.discovery import all_handlers


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument(
        "what",
        choices=["questions", "intents", "faq"],
        help="questions: {question, card_ids} a line; intents: {text, intent} a line; faq: documents and queries of a foreign base",
    )
    parser.add_argument("file", type=Path)
    add_at(parser)
    add_json(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Measure and print."""
    body = _measured(given, settings)
    if given.json:
        print_json(body)
        return 0
    for name, value in body.items():
        print(f"{name:32} {value:.4f}" if isinstance(value, float) else f"{name:32} {value}")
    return 0


def _measured(given: argparse.Namespace, settings: Settings) -> Json:
    from retrieval.evaluate import evaluate_faq, evaluate_questions

    if given.what == "faq":
        return evaluate_faq(given.file).as_json()
    with build(settings, clock=clock_of(given)) as app:
        if given.what == "questions":
            return evaluate_questions(given.file, app.knowledge.search, on=bank_day(app.clock())).as_json()
        from handlers.evaluation import evaluate_intents

        return evaluate_intents(given.file, all_handlers(), app.knowledge).as_json()
