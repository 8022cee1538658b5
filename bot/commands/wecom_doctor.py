"""`wecom doctor`: whether WeChat customer service works with the settings in force, and what is missing (docs/wecom.md)."""

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
    doctor = what.add_parser("doctor", help="check token, rights, accounts, servicers, callback address, clock")
    add_json(doctor)


def run_doctor(given: argparse.Namespace, settings: Settings) -> int:
    """Check and tell, each line as it is known. Exit code 1 when something is missing."""
    service = bool(settings.wecom_secret.get_secret_value())
    if not settings.wecom_corp_id or not (service or settings.wecom_contacts_secret.get_secret_value()):
        raise BadSettings("PEIBAN_WECOM_CORP_ID and PEIBAN_WECOM_SECRET are not set: there is no customer service yet; see docs/wecom.md")
    from bot.channels.wecom.doctor import Outcome

    marks = {Outcome.GOOD: "通过", Outcome.NOTE: "提示", Outcome.MISSING: "缺失"}
    missing = 0
    with build(settings) as app:
        for check in _checks(app):
            missing += check.outcome is Outcome.MISSING
            if given.json:
                print_json({"title": check.title, "outcome": check.outcome.value, "found": check.found, "to_do": check.to_do})
            else:
                print(f"{marks[check.outcome]}  {check.title}：{check.found}{f'。{check.to_do}' if check.to_do else ''}", flush=True)
    if not given.json:
        print(f"缺 {missing} 项，见上。" if missing else "都齐了。")
    return 1 if missing else 0


def _checks(app: App) -> "Iterator[Check]":
    """Of customer service and of contacts, as far as they are set up."""
    from bot.channels.wecom.doctor import Doctor
    from bot.channels.wecom.kf.channel import KfChannel
    from bot.channels.wecom.mass.channel import MassChannel
    from bot.channels.wecom.mass.checks import mass_checks
    from bot.channels.wecom.people import WeComPeople
    from bot.channels.wecom.wiring import envelope_of

    settings, people = app.settings, WeComPeople(app.settings.wecom_people)
    if isinstance(service := app.channels.get("kf"), KfChannel):
        yield from Doctor(
            app.store,
            service.client,
            people=people,
            envelope=envelope_of(settings),
            callback_url=settings.wecom_callback_url,
            clock=app.clock,
        ).checks()
    if isinstance(mass := app.channels.get("wecom_mass"), MassChannel):
        yield from mass_checks(app.store, mass.client, people)
