"""`sandbox play`: days pass in the simulated bank; its people react to what the bot sends, and the bank delivers what happened."""

import argparse
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bot.app import build
from bot.channels.console import ConsoleChannel
from bot.channels.play import Delivered, PlayChannel
from bot.commands.options import print_json
from bot.playing.agenda import PlayClock
from bot.playing.audience import Audience, R
from bot.playing.checks import Ledger, check_all
from bot.playing.page import show
from bot.playing.stage import Stage
from bot.playing.summary import summary_of
from bot.report import Json
from compliance.days import at_hour, bank_day
from config.settings import Settings
from crm.importing.delivery import MANIFEST
from crm.importing.report import ImportReport
from crm.importing.run import finish_interrupted, import_folder
from domain.errors import BadInput
from domain.ports import Channel
from storage.book_import import SqlBookSink

_MOST_DAYS = 3660
_PLAYED = "played"  # folder of the days that the bank delivered


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Play, show the summary, and exit 1 when something does not hold that must."""
    from sandbox.players.players import Players

    if not 1 <= given.days <= _MOST_DAYS:
        raise BadInput(f"--days is 1 to {_MOST_DAYS}")
    bank = given.bank or settings.data / "sandbox-bank"
    if given.bank and not given.bank.is_dir():
        raise BadInput(f"there is no folder {given.bank}; --bank is the folder that 'sandbox --out' wrote")
    try:
        players = Players(bank=bank if bank.is_dir() else None, played=settings.data / _PLAYED, seed=given.seed)
    except (KeyError, ValueError, ArithmeticError, OSError) as fault:
        raise BadInput(f"{bank} does not keep docs/data-contract.md ({type(fault).__name__}: {str(fault)[:80]})") from None
    body = play(settings, players, days=given.days, first=given.since, seed=given.seed, quiet=given.json)
    if given.json:
        print_json(body)
    else:
        show(body, Console())
    breach = next((f"{check['name']}: {check['breach']}" for check in body["checks"] if check["breach"]), None)
    if breach:
        Console(stderr=True).print(f"sandbox play: {breach}", markup=False, highlight=False, soft_wrap=True)
    return 1 if breach else 0


def play(settings: Settings, audience: Audience[R], *, days: int, first: date | None, seed: int, quiet: bool = True) -> Json:
    """Play so many days from the day after the facts on, or later, and return the summary. Raises BadInput where no bank can be played."""
    clock = PlayClock(at_hour(date.min + timedelta(days=1), 0))
    stages: list[Stage[R]] = []

    def arrived(message: Delivered) -> None:
        stages[0].heard(message)

    channel = PlayChannel(settings.touch_channel, clock, arrived=arrived, reachable=audience.reachable)
    channels: dict[str, Channel] = {"console": ConsoleChannel(clock), channel.name: channel}
    with build(settings, clock=clock, channels=channels) as app:
        book, facts_folder = SqlBookSink(app.database), settings.data / "facts"
        finish_interrupted(book=book, facts_folder=facts_folder)

        def deliver(folder: Path) -> ImportReport:
            return import_folder(folder, book=book, facts_folder=facts_folder, at=clock())

        with app.store.reading() as records:
            invented = any(records.stepups.sandbox_secret(member.id) for member in records.book.people())
        if invented:
            _take_up(settings.data / _PLAYED, deliver, after=app.facts.as_of)
        known = app.facts.as_of
        if known is None or not invented:
            raise BadInput("only a simulated bank is played: make one with 'sandbox --out DIR' and take it in with 'import DIR --sandbox'")
        before = Ledger.of(app)
        lived_until = max([known, *(bank_day(row.created_at) for row in before.rows)])  # a play that was killed went on beyond the facts
        start = first or lived_until + timedelta(days=1)
        if start <= lived_until:
            raise BadInput(f"the bank has lived until {lived_until}; play from a later day")
        stage = Stage(app, clock, channel, audience, deliver=deliver)
        stages.append(stage)
        stage.begin(start)
        with _bar(quiet=quiet) as bar:
            task = bar.add_task("", total=days, day=start.isoformat(), said=0)
            for number in range(days):
                on = start + timedelta(days=number)
                bar.update(task, day=on.isoformat())
                stage.play_day(on)
                bar.update(task, advance=1, said=sum(stage.record.said.values()))
        ledger = Ledger.of(app).since(before)
        checks = check_all(app, channel=channel, record=stage.record, ledger=ledger)
        with app.store.reading() as records:
            return summary_of(
                records, first=start, days=days, seed=seed, channel=channel, record=stage.record, ledger=ledger, checks=checks
            )


def _bar(*, quiet: bool) -> Progress:
    return Progress(
        TextColumn("演练 {task.fields[day]}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f} 天，客户说 {task.fields[said]:,} 句，已用"),
        TimeElapsedColumn(),
        TextColumn("还需"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
        transient=True,
    )


def _take_up(played: Path, deliver: Callable[[Path], ImportReport], *, after: date | None) -> None:
    """Take in the days that a killed play had written down but not taken in."""
    for folder in sorted(played.glob("day-*")):
        if (folder / MANIFEST).is_file() and (after is None or date.fromisoformat(folder.name.removeprefix("day-")) > after):
            deliver(folder)
