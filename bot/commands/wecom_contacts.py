"""`wecom qr`, `wecom sync`, `wecom transfer`, `wecom transfers`: what is done with contacts (客户联系) by hand (docs/wecom.md)."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console

from bot.app import App, build
from bot.commands.options import add_as, add_at, add_json, clock_of, party_of, print_json
from bot.progress import member_bar
from config.settings import Settings
from domain.errors import BadInput, BadSettings
from domain.party import SYSTEM, Party, Role

if TYPE_CHECKING:
    from bot.channels.wecom.contacts.transfers import HandingOver
    from bot.channels.wecom.contacts.wiring import Contacts


def add_contacts(what: Any) -> None:
    """Set the options of the subcommands; `what` is the set of subcommands."""
    qr = what.add_parser("qr", help="the code by which customers add a relationship manager, made once and kept")
    add_as(qr)
    qr.add_argument("--state", default="", help="where the code is put up, at most 30 characters; it is kept with who comes by it")
    sync = what.add_parser("sync", help="look at all contacts of all members now; a running Peiban does it once a day")
    transfer = what.add_parser("transfer", help="hand the contacts of a member over to another; tells first, does it with --yes")
    transfer.add_argument("--from", dest="giver", required=True, metavar="ROLE:ID", help="whose contacts, as rm:S0001")
    transfer.add_argument("--to", dest="taker", metavar="ROLE:ID", help="who takes them; without it the deputy")
    transfer.add_argument("--leaver", action="store_true", help="the first has left the bank")
    transfer.add_argument("--yes", action="store_true", help="do it")
    results = what.add_parser("transfers", help="what became of those that are under way")
    for parser in (qr, sync, transfer, results):
        add_json(parser)
        add_at(parser)


def run_qr(given: argparse.Namespace, settings: Settings) -> int:
    """Print the address of the code."""
    from bot.channels.wecom.contacts.ways import contact_way, state_of

    with _house(given, settings) as (app, contacts):
        party = app.known(party_of(given))
        if not party.role.is_staff:
            raise BadInput("--as: a code belongs to a member of staff, as rm:S0003")
        state = state_of(party.id, given.state)
        way = contact_way(app.store, contacts.client, userid=contacts.people.userid(party.id), state=state, at=app.clock())
    if given.json:
        print_json({"url": way.url, "state": way.state, "config_id": way.config_id, "new": way.new})
    else:
        print(f"{way.url}\n{'新建' if way.new else '沿用'}，渠道标记 {way.state}")
    return 0


def run_sync(given: argparse.Namespace, settings: Settings) -> int:
    """Look and say what was found."""
    with _house(given, settings) as (_, contacts), member_bar(Console(stderr=True)) as heard:
        found = contacts.sync.run(heard)
    if given.json:
        print_json({"members": found.members, "contacts": found.contacts, "ended": found.ended, "marked": found.marked})
    else:
        print(f"{found.members} 位成员，{found.contacts} 位联系人；{found.ended} 位已不再是联系人，更新了 {found.marked} 位的标签或备注。")
    return 0


def run_transfer(given: argparse.Namespace, settings: Settings) -> int:
    """Say what would be done; with --yes do it and say what became of each. Exit code 1 when some could not be begun."""
    from bot.channels.wecom.contacts.wording import words_of_code

    with _house(given, settings) as (app, contacts):
        handing = _handing(app, contacts, given)
        who = contacts.transfers.contacts(handing)
        if not given.yes:
            body = {"from": handing.handover, "to": handing.takeover, "leaver": handing.leaver, "contacts": len(who)}
            asked = (
                f"{handing.handover} 的 {len(who)} 位联系人将由 {handing.takeover} 接替；客户会看到企业微信的默认提示，24 小时内可以拒绝。"
            )
            print_json(body) if given.json else print(f"{asked}\n确认无误后加 --yes 执行。")
            return 0
        told = contacts.transfers.begin(handing, who, by=str(SYSTEM))
    for code, count in sorted(told.items()):
        text = words_of_code("begun", code)
        print_json({"code": code, "count": count, "meaning": text}) if given.json else print(f"{count} 位：{text}")
    return 1 if set(told) - {0} else 0


def run_transfers(given: argparse.Namespace, settings: Settings) -> int:
    """Say how far each is, by WeCom's word."""
    from collections import Counter

    from bot.channels.wecom.contacts.wording import words_of_code

    with _house(given, settings) as (_, contacts):
        found = [(handing, Counter(contacts.transfers.results(handing).values())) for handing in contacts.transfers.open()]
        contacts.transfers.look()
    for handing, counts in found:
        for status, count in sorted(counts.items()):
            text = words_of_code("transfer", status)
            body = {"from": handing.handover, "to": handing.takeover, "status": status, "count": count, "meaning": text}
            print_json(body) if given.json else print(f"{handing.handover} → {handing.takeover}  {count} 位：{text}")
    if not found and not given.json:
        print("没有进行中的接替。")
    return 0


@contextmanager
def _house(given: argparse.Namespace, settings: Settings) -> "Iterator[tuple[App, Contacts]]":
    if not settings.wecom_contacts_secret.get_secret_value():
        raise BadSettings("PEIBAN_WECOM_CONTACTS_SECRET is not set: there are no contacts yet; see docs/wecom.md")
    from bot.channels.wecom.contacts.channel import ContactsChannel
    from bot.channels.wecom.contacts.wiring import attach_contacts

    with build(settings, clock=clock_of(given)) as app:
        channel = app.channels["wecom_contacts"]
        assert isinstance(channel, ContactsChannel)
        yield app, attach_contacts(app, channel)


def _handing(app: App, contacts: "Contacts", given: argparse.Namespace) -> "HandingOver":
    """Who gives and who takes. Raises BadInput for whom the book does not have, or where nobody is there to take."""
    from bot.channels.wecom.contacts.transfers import HandingOver

    giver = Party.parse(given.giver)
    with app.store.reading() as records:
        member = records.book.staff(giver.id)
    if member is None or member.role is not giver.role:
        raise BadInput(f"--from: the bank knows no {giver}")
    if not given.leaver and not member.active:
        raise BadInput(f"--from: {giver} has left; add --leaver")
    taker = app.known(Party.parse(given.taker or f"{Role.RM.value}:{member.deputy_id or ''}"))
    if taker.id == giver.id:
        raise BadInput("--to: that is the same person")
    return HandingOver(handover=contacts.people.userid(giver.id), takeover=contacts.people.userid(taker.id), leaver=given.leaver)
