"""`review`: what the gate says of texts, a line each, as if each were to be sent now."""

import argparse
from collections.abc import Callable
from dataclasses import asdict

from bot.app import build
from bot.commands.options import add_at, add_json, clock_of, lines_in, print_json
from bot.report import Json
from compliance.gate import review
from config.settings import Settings
from domain.message import Approved, Deferred, Draft, NeedsReview, Purpose, Verdict, conversation_id
from domain.party import BOT, Party
from domain.ports import OutboxRow


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("--to", required=True, metavar="ROLE:ID", help="who would receive it")
    parser.add_argument("--purpose", choices=[purpose.value for purpose in Purpose], default=Purpose.REPLY.value)
    parser.add_argument("--author", metavar="ROLE:ID", help="who wrote it; the bot when left out")
    parser.add_argument("--ai", action="store_true", help="a model wrote it")
    parser.add_argument("--channel", default="web")
    add_at(parser)
    add_json(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Judge every line of standard input. A reply counts as the answer to a message that the recipient has just sent."""
    with build(settings, clock=clock_of(given)) as app:
        recipient = app.known(Party.parse(given.to))
        author = app.known(Party.parse(given.author)) if given.author else BOT
        purpose = Purpose(given.purpose)
        for line in lines_in():
            draft = Draft(
                text=line,
                to=recipient,
                purpose=purpose,
                author=author,
                ai_generated=given.ai,
                answers=0 if purpose is Purpose.REPLY else None,
            )
            at = app.clock()
            row = OutboxRow(
                id=0,
                key="review",
                conversation_id=conversation_id(given.channel, recipient),
                channel=given.channel,
                draft=draft,
                status="sending",
                attempts=1,
                created_at=at,
            )
            with app.store.reading() as records:
                verdict = review(draft, app.screening.context(records, row, at=at), app.rules)
            body = _verdict(verdict)
            if given.json:
                print_json(body)
            else:
                print(f"{body['verdict']}  {'；'.join(finding['reason'] for finding in body['findings'])}", flush=True)
    return 0


def _verdict(verdict: Verdict) -> Json:
    if isinstance(verdict, Approved):
        return {"verdict": "approved", "text": verdict.text, "findings": []}
    name = "deferred" if isinstance(verdict, Deferred) else "needs_review" if isinstance(verdict, NeedsReview) else "blocked"
    found = [asdict(finding) | {"until": finding.until.isoformat() if finding.until else None} for finding in verdict.findings]
    return {"verdict": name, "until": verdict.until.isoformat() if isinstance(verdict, Deferred) else None, "findings": found}
