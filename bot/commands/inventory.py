"""`inventory`: everything that was discovered: handlers, forms, rules, touches, channels, cards, and who may answer when."""

import argparse
from collections import Counter
from collections.abc import Callable

from bot.app import App, build
from bot.commands.options import add_json, print_json
from bot.report import Json
from compliance.describe import rules_table
from config.settings import Settings
from domain.conversation import TRANSITIONS
from handlers.discovery import all_handlers
from handlers.forms.spec import all_forms
from scheduler.touches import load_touches


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    add_json(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """List what there is."""
    with build(settings) as app:
        body = contents(app)
    if given.json:
        print_json(body)
        return 0
    for title, rows in body.items():
        print(f"{title} ({len(rows)})")
        for row in rows:
            print("  " + "  ".join(str(value) for value in row.values() if value not in ("", None, [])))
    return 0


def contents(app: App) -> dict[str, list[Json]]:
    """The whole catalogue."""
    cards = Counter((card.kind.value, *sorted(role.value for role in card.audience)) for card in app.knowledge.catalogue)
    return {
        "handlers": [
            {"intent": handler.intent, "title": handler.title, "audience": sorted(role.value for role in handler.audience)}
            for handler in all_handlers()
        ],
        "forms": [{"form": name, "slots": [slot.name for slot in form.slots]} for name, form in sorted(all_forms().items())],
        "rules": [
            {
                "rule": rule.id,
                "title": rule.title,
                "severity": rule.severity,
                "from": rule.effective_from,
                "until": rule.effective_until,
                "reference": rule.reference,
            }
            for rule in rules_table()
        ],
        "touches": [
            {"touch": touch.id, "title": touch.title, "purpose": touch.purpose.value, "consent": touch.consent, "cards": len(touch.cards)}
            for touch in load_touches()
        ],
        "channels": [{"channel": name, "idempotent": channel.idempotent} for name, channel in sorted(app.channels.items())],
        "cards": [{"kind": key[0], "audience": list(key[1:]), "count": count} for key, count in sorted(cards.items())],
        "transitions": [{"owner": owner.value, "event": event.value, "then": then.value} for (owner, event), then in TRANSITIONS.items()],
    }
