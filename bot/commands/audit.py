"""`audit verify`: whether the chain is whole."""

import argparse
import time
from collections.abc import Callable

from config.settings import Settings
from storage.engine import Database
from storage.migrate import migrate
from storage.records import SqlStore


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("action", choices=["verify"])
    return run


def run(_given: argparse.Namespace, settings: Settings) -> int:
    """Walk the chain. Exit code 1 and the number of the first broken record when somebody changed it."""
    database = Database(settings.url)
    migrate(database)
    started = time.perf_counter()
    with SqlStore(database).reading() as records:
        broken = records.audit.verify()
    database.close()
    if broken is not None:
        print(f"审计链在第 {broken} 条断开：这一条或它之前的记录被改过。")
        return 1
    print(f"审计链完整（{time.perf_counter() - started:.2f} 秒）。")
    return 0
