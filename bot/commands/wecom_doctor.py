"""`wecom doctor`: whether what is set up of WeCom works, and what is missing (docs/wecom.md)."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.app import App, build
from bot.commands.options import add_json, print_json
from config.settings import Settings
from domain.errors import BadSettings

if TYPE_CHECKING:
    from bot.channels.wecom.doctor import Check


def add_doctor(what: Any) -> None:
    """Set the options of the subcommand; `what` is the set of subcommands."""
    doctor = what.add_parser("doctor", help="check token, rights, accounts, servicers, members with contacts, callback addresses, clock")
    add_json(doctor)


def run_doctor(given: argparse.Namespace, settings: Settings) -> int:
    """Check and tell, each line as it is known. Exit code 1 when something is missing."""
    kf = settings.wecom_corp_id and settings.wecom_secret.get_secret_value()
    if not kf and not settings.wecom_contacts_secret.get_secret_value() and not settings.wecom_aibot_id:
        raise BadSettings("PEIBAN_WECOM_CORP_ID and PEIBAN_WECOM_SECRET are not set: there is no customer service yet; see docs/wecom.md")
    from bot.channels.wecom.doctor import Outcome

    marks = {Outcome.GOOD: "通过", Outcome.NOTE: "提示", Outcome.MISSING: "缺失"}
    lacking = 0
    with build(settings) as app:
        for check in _checks(app):
            lacking += check.outcome is Outcome.MISSING
            if given.json:
                print_json({"title": check.title, "outcome": check.outcome.value, "found": check.found, "to_do": check.to_do})
            else:
                print(f"{marks[check.outcome]}  {check.title}：{check.found}{f'。{check.to_do}' if check.to_do else ''}", flush=True)
    if not given.json:
        print(f"缺 {lacking} 项，见上。" if lacking else "都齐了。")
    return 1 if lacking else 0


def _checks(app: App) -> "Iterator[Check]":
    """Customer service, contacts, the smart robot: each where it is set up."""
    from bot.channels.wecom.contacts import wiring as contacts_wiring
    from bot.channels.wecom.contacts.channel import ContactsChannel
    from bot.channels.wecom.contacts.doctor import ContactsDoctor
    from bot.channels.wecom.doctor import Doctor
    from bot.channels.wecom.kf.channel import KfChannel
    from bot.channels.wecom.mass.checks import check_reach
    from bot.channels.wecom.people import WeComPeople
    from bot.channels.wecom.wiring import envelope_of

    settings, people = app.settings, WeComPeople(app.settings.wecom_people)
    kf, contacts, url = app.channels.get("kf"), app.channels.get("wecom_contacts"), settings.wecom_callback_url
    if isinstance(kf, KfChannel):
        envelope = envelope_of(settings)
        yield from Doctor(app.store, kf.client, people=people, envelope=envelope, callback_url=url, clock=app.clock).checks()
    if isinstance(contacts, ContactsChannel):
        envelope = contacts_wiring.envelope_of(settings)
        yield from ContactsDoctor(app.store, contacts.client, people=people, envelope=envelope, callback_url=url, clock=app.clock).checks()
    if "wecom_mass" in app.channels:
        yield check_reach(app.store)
    if settings.wecom_aibot_id:
        from bot.channels.wecom.aibot.doctor import check_aibot

        yield check_aibot(settings.wecom_aibot_url)
