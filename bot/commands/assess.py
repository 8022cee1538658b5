"""`assess`: judge every customer as of a day."""

import argparse
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.commands.options import add_at, clock_of
from compliance.days import bank_day
from config.settings import Settings

if TYPE_CHECKING:
    from storage.records import SqlStore


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    add_at(parser)
    parser.add_argument("--engine", default="", metavar="URL", help="postgresql://… or spark; DuckDB in this process when left out")
    parser.add_argument("--gently", action="store_true", help="let everything else on this machine go first")
    parser.add_argument("--json", action="store_true", help="what was done, as JSON")
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Judge, then say what was done. Without --at, as of the last day of the facts."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from crm.assessing.run import assess
    from crm.assessing.stages import STAGES
    from crm.importing.snapshots import FactsFolder
    from crm.learning.foretelling import foretell

    if given.gently:
        os.nice(10)
    day: date | None = bank_day(clock_of(given)()) if given.at else None
    columns = (TextColumn("评估 {task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(STAGES))
        report = assess(
            settings.data,
            day=day,
            engine=given.engine,
            tags=_tags(given, settings),
            progress=lambda title, number: bar.update(task, description=title, completed=number),
        )
    foretell(settings.data, "churn", day=report.day)
    current = FactsFolder(settings.data / "facts").current()
    of_today = current is not None and report.day >= current.as_of  # a past day makes no work
    cases, triggered = _open_work(given, settings) if of_today else (0, 0)
    if given.json:
        print(json.dumps(asdict(report) | {"seconds": round(report.seconds, 3)}, default=str, ensure_ascii=False))
        return 0
    work = (f"，新开 {cases} 件挽留" if cases else "") + (f"，{triggered} 件触发任务" if triggered else "")
    print(f"截至 {report.day} 的评估完成，用时 {report.seconds:.1f} 秒{work}。")
    for stage in report.stages:
        print(f"  {stage.title}：{stage.rows} 行，{stage.seconds:.1f} 秒")
    return 0


def _tags(given: argparse.Namespace, settings: Settings) -> Sequence[dict[str, Any]]:
    """What was said of customers in chats, from the book."""
    from bot.knowing.tags import rows_for_run

    with _store(settings) as store, store.reading() as records:
        return rows_for_run(records, at=clock_of(given)())


def _open_work(given: argparse.Namespace, settings: Settings) -> tuple[int, int]:
    """Cases of whom this run warns, and tasks from what customers did lately: how many of each are new."""
    from bot.churn_cases import open_cases
    from bot.triggering import triggers_over
    from crm.assessing.published import PublishedInsight

    at = clock_of(given)()
    insight = PublishedInsight(settings.data)
    try:
        with _store(settings) as store:
            cases = open_cases(store, insight, at=at)
            with triggers_over(store, settings.data, insight) as triggers:
                return cases, len(triggers.judge_bank(at=at))
    finally:
        insight.close()


@contextmanager
def _store(settings: Settings) -> Iterator["SqlStore"]:
    from storage.engine import Database
    from storage.migrate import migrate
    from storage.records import SqlStore

    database = Database(settings.url)
    try:
        migrate(database)
        yield SqlStore(database)
    finally:
        database.close()
