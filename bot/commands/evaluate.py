"""`evaluate`: quality on anyone's labelled file."""

import argparse
from collections.abc import Callable
from pathlib import Path

from bot.app import App, build
from bot.commands.options import add_at, add_json, clock_of, print_json
from bot.inbound import fresh_conversation
from bot.knowledge_base import KnowledgeBase
from bot.report import Json
from compliance.days import bank_day
from config.settings import Settings
from domain.message import Inbound
from domain.party import Party, Role
from domain.ports import InboxRow
from handlers.routing import BLANK, FALLBACK, OUT_OF_SCOPE, STAFF_FALLBACK


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument(
        "what",
        choices=["questions", "intents", "faq", "bank"],
        help="questions: {question, card_ids} a line; intents: {text, intent} a line; faq: documents and queries of a foreign base; "
        "bank: a folder of the data contract with its truth/, judged and measured",
    )
    parser.add_argument("file", type=Path, help="the file, or the folder of the bank")
    parser.add_argument(
        "--past", type=int, default=6, metavar="N", help="bank: also judge N earlier days, two weeks apart, for lead times (6)"
    )
    add_at(parser)
    add_json(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Measure and print. A bank whose figures are too good to be true ends with 1."""
    if given.what == "bank":
        from bot.commands.evaluate_bank import run as evaluate_bank

        return evaluate_bank(given.file, past=given.past, as_json=given.json)
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
        return evaluate_faq(given.file, off_topic=KnowledgeBase(settings, index="numpy").off_topic()).as_record()
    with build(settings, clock=clock_of(given)) as app:
        if given.what == "questions":
            return evaluate_questions(given.file, app.knowledge.search, on=bank_day(app.clock())).as_record()
        from handlers.evaluate import evaluate_intents

        return dict(evaluate_intents(given.file, lambda text, role: first_intent(app, text, role)).as_record())


def first_intent(app: App, text: str, role: Role) -> str:
    """Where a text goes as the first thing that somebody in that role says; the fallback counts as out of scope."""
    party = Party(role, "nobody")
    inbound = Inbound(channel="console", message_id="evaluate", sender=party, text=text, received_at=app.clock())
    row = InboxRow(id=0, seq=1, attempts=1, inbound=inbound)
    with app.store.reading() as records:
        intent = app.dialogue.decide(records, fresh_conversation(inbound), row, at=app.clock()).intent
    return OUT_OF_SCOPE if intent in (*FALLBACK.values(), *BLANK.values(), STAFF_FALLBACK) else intent
