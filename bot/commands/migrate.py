"""`migrate`: bring the database to the newest shape."""

import argparse
from collections.abc import Callable

from config.settings import Settings
from storage.engine import Database
from storage.migrate import migrate


def configure(_parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    return run


def run(_given: argparse.Namespace, settings: Settings) -> int:
    """Upgrade; running it again changes nothing."""
    database = Database(settings.url)
    print(f"revision {migrate(database)}")
    database.close()
    return 0
