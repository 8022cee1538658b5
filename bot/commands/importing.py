"""`import`: take a bank's files in, all or nothing, as often as one likes."""

import argparse
from collections.abc import Callable
from pathlib import Path

from bot.commands.options import add_at, clock_of
from config.settings import Settings
from storage.book_import import SqlBookSink
from storage.engine import Database
from storage.migrate import migrate
from storage.records import SqlStore


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that keeps docs/data-contract.md")
    parser.add_argument("--sandbox", action="store_true", help="a simulated bank: also take in the second factors of its invented staff")
    add_at(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Import, then say what was taken and what was refused."""
    from rich.console import Console

    from bot.progress import import_bar
    from crm.importing.run import import_folder

    database = Database(settings.url)
    migrate(database)
    with import_bar(given.folder, Console(stderr=True)) as progress:
        report = import_folder(
            given.folder,
            book=SqlBookSink(database),
            facts_folder=settings.data / "facts",
            at=clock_of(given)(),
            progress=progress,
            sandbox=given.sandbox,
        )
    triggered = _triggered(given, settings, SqlStore(database)) if not report.known else 0
    database.close()
    if report.known:
        print(f"{report.bank} {report.as_of}：这批数据已经导入过，没有变化。")
        return 0
    print(f"{report.bank} {report.as_of}：导入 {report.taken} 行，拒收 {report.rejected} 行。")
    for feed in report.feeds:
        print(
            f"  {feed.file}：{feed.taken} 行"
            + (f"，重复 {feed.repeated}" if feed.repeated else "")
            + (f"，拒收 {feed.rejected}" if feed.rejected else "")
        )
    if triggered:
        print(f"  新开 {triggered} 件触发任务")
    for note in report.notes:
        print(f"  {note}")
    if report.rejects:
        print(f"  拒收的行和原因：{report.rejects}")
    return 0


def _triggered(given: argparse.Namespace, settings: Settings, store: SqlStore) -> int:
    """How many tasks what was delivered opens, by what the last run said of these customers; none where no run did."""
    from bot.triggering import triggers_over
    from crm.assessing.published import PublishedInsight

    insight = PublishedInsight(settings.data)
    try:
        with triggers_over(store, settings.data, insight) as triggers:
            return len(triggers.judge_bank(at=clock_of(given)()))
    finally:
        insight.close()
