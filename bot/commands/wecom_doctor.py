"""`wecom doctor`: whether WeChat customer service works with the settings in force, and what is missing (docs/wecom.md)."""

import argparse
from typing import Any

from bot.app import build
from bot.commands.options import add_json, print_json
from config.settings import Settings
from domain.errors import BadSettings


def add_doctor(what: Any) -> None:
    """Set the options of the subcommand; `what` is the set of subcommands."""
    doctor = what.add_parser("doctor", help="check token, rights, accounts, servicers, callback address, clock")
    add_json(doctor)


def run_doctor(given: argparse.Namespace, settings: Settings) -> int:
    """Check and tell, each line as it is known. Exit code 1 when something is missing."""
    if not settings.wecom_corp_id or not settings.wecom_secret.get_secret_value():
        raise BadSettings("PEIBAN_WECOM_CORP_ID and PEIBAN_WECOM_SECRET are not set: there is no customer service yet; see docs/wecom.md")
    from bot.channels.wecom.doctor import Doctor, Outcome
    from bot.channels.wecom.kf.channel import KfChannel
    from bot.channels.wecom.people import WeComPeople
    from bot.channels.wecom.wiring import envelope_of

    marks = {Outcome.GOOD: "通过", Outcome.NOTE: "提示", Outcome.MISSING: "缺失"}
    missing = 0
    with build(settings) as app:
        channel = app.channels["kf"]
        assert isinstance(channel, KfChannel)
        doctor = Doctor(
            app.store,
            channel.client,
            people=WeComPeople(settings.wecom_people),
            envelope=envelope_of(settings),
            callback_url=settings.wecom_callback_url,
            clock=app.clock,
        )
        for check in doctor.checks():
            missing += check.outcome is Outcome.MISSING
            if given.json:
                print_json({"title": check.title, "outcome": check.outcome.value, "found": check.found, "to_do": check.to_do})
            else:
                print(f"{marks[check.outcome]}  {check.title}：{check.found}{f'。{check.to_do}' if check.to_do else ''}", flush=True)
    if not given.json:
        print(f"缺 {missing} 项，见上。" if missing else "都齐了。")
    return 1 if missing else 0
