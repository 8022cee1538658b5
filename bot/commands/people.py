"""`customers` and `people`: whom somebody may list, and the staff of the bank."""

import argparse
from collections.abc import Callable

from bot.app import build
from bot.commands.options import add_as, add_at, add_json, clock_of, party_of, print_json
from config.settings import Settings
from domain.message import conversation_id


def configure(parser: argparse.ArgumentParser, name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    add_json(parser)
    add_at(parser)
    if name == "customers":
        add_as(parser)
        return _customers
    return _people


def _customers(given: argparse.Namespace, settings: Settings) -> int:
    with build(settings, clock=clock_of(given)) as app:
        party = app.known(party_of(given))
        with app.lookups.bound(app.store, party=party, conversation_id=conversation_id("console", party), at=app.clock()) as lookups:
            found = lookups.find_customers()
        for customer in found:
            body = {
                "id": customer.id,
                "name": customer.name,
                "kind": customer.kind,
                "segments": list(customer.segments),
            }
            print_json(body) if given.json else print(f"{customer.id}  {customer.name}  {'、'.join(customer.segments)}")
    return 0


def _people(given: argparse.Namespace, settings: Settings) -> int:
    with build(settings, clock=clock_of(given)) as app, app.store.reading() as records:
        on = app.clock().date()
        for member in records.book.people():
            body = {
                "party": f"{member.role.value}:{member.id}",
                "name": member.name,
                "role": member.role.value,
                "branch_id": member.branch_id,
                "on_leave": member.on_leave(on),
                "deputy_id": member.deputy_id,
                "active": member.active,
            }
            print_json(body) if given.json else print(f"{body['party']}  {member.name}{'（休假）' if body['on_leave'] else ''}")
    return 0
