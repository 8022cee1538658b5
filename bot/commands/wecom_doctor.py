"""`wecom doctor`: whether WeChat customer service works with the settings in force, and what is missing (docs/wecom.md)."""

import argparse
from collections.abc import Iterator
from itertools import chain
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
    service = bool(settings.wecom_corp_id and settings.wecom_secret.get_secret_value())
    if not service and not settings.wecom_aibot_id:
        raise BadSettings("PEIBAN_WECOM_CORP_ID and PEIBAN_WECOM_SECRET are not set: there is no customer service yet; see docs/wecom.md")
    from bot.channels.wecom.doctor import Outcome

    marks = {Outcome.GOOD: "通过", Outcome.NOTE: "提示", Outcome.MISSING: "缺失"}
    missing = 0
    with build(settings) as app:
        for check in chain(_service(app) if service else (), _robot(settings)):
            missing += check.outcome is Outcome.MISSING
            if given.json:
                print_json({"title": check.title, "outcome": check.outcome.value, "found": check.found, "to_do": check.to_do})
            else:
                print(f"{marks[check.outcome]}  {check.title}：{check.found}{f'。{check.to_do}' if check.to_do else ''}", flush=True)
    if not given.json:
        print(f"缺 {missing} 项，见上。" if missing else "都齐了。")
    return 1 if missing else 0


def _service(app: App) -> "Iterator[Check]":
    from bot.channels.wecom.doctor import Doctor
    from bot.channels.wecom.kf.channel import KfChannel
    from bot.channels.wecom.people import WeComPeople
    from bot.channels.wecom.wiring import envelope_of

    channel, settings = app.channels["kf"], app.settings
    assert isinstance(channel, KfChannel)
    people, envelope = WeComPeople(settings.wecom_people), envelope_of(settings)
    return Doctor(
        app.store, channel.client, people=people, envelope=envelope, callback_url=settings.wecom_callback_url, clock=app.clock
    ).checks()


def _robot(settings: Settings) -> "Iterator[Check]":
    if settings.wecom_aibot_id:
        from bot.channels.wecom.aibot.doctor import check_aibot

        yield check_aibot(settings.wecom_aibot_url)
