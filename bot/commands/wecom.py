"""`wecom doctor`: whether WeChat customer service works with the settings in force, and what is missing (docs/wecom.md)."""

import argparse
from collections.abc import Callable

from bot.app import build
from bot.commands.options import add_json, print_json
from config.settings import Settings
from domain.errors import BadSettings


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    what = parser.add_subparsers(dest="what", required=True, metavar="doctor")
    doctor = what.add_parser("doctor", help="check token, rights, accounts, servicers, callback address, clock")
    add_json(doctor)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Check and tell, each line as it is known. Exit code 1 when something is missing."""
    if not settings.wecom_corp_id:
        raise BadSettings("PEIBAN_WECOM_CORP_ID is not set: there is no WeCom to look at; docs/wecom.md says how to set it up")
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
