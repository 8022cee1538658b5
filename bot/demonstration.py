"""What `run` makes ready before it serves: the knowledge published, and in a sandbox a bank to talk about. Nothing is made twice.

Each step is a command in a process of its own, as a person would give it by hand, with the bar that it draws: the process that serves never
holds what only making, importing and training need.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import App
from bot.observe import event
from compliance.days import bank_day
from crm.importing.run import finish_interrupted
from domain.errors import BadInput
from storage.book_import import SqlBookSink

if TYPE_CHECKING:
    from sandbox.bank.twelve import Persona

PERSONS, COMPANIES = 2_000, 80
_HANDED_ON = ("embedding_model", "sandbox", "database_url")  # settings that a command here must share; paths apart


def prepare(app: App) -> None:
    """Make ready. Raises BadInput when there is no bank and none may be made up, or when a step says what to correct."""
    finish_interrupted(book=SqlBookSink(app.database), facts_folder=app.settings.data / "facts")
    with app.store.reading() as records:
        empty = not records.book.people()
    if empty and not app.settings.sandbox:
        raise BadInput("there is no bank yet: 'python -m bot import DIR' takes one in, 'run --sandbox' makes one up")
    if empty:
        _make_up_a_bank(app)
    if not app.knowledge.published():
        _publish(app)


def stories() -> "Iterator[Persona]":
    """Whom the documents tell of, as every simulated bank that is large enough has them. For a sandbox only."""
    from sandbox.bank.twelve import the_twelve

    return the_twelve()


def _make_up_a_bank(app: App) -> None:
    folder, now = str((app.settings.data / "sandbox-bank").resolve()), app.clock()
    sizes = ("--customers", str(PERSONS), "--companies", str(COMPANIES), "--as-of", bank_day(now).isoformat())
    for command in (("sandbox", *sizes, "--out", folder), ("import", folder, "--sandbox", "--at", now.isoformat())):
        if _run(app, *command, quiet=True):
            raise BadInput(f"the simulated bank was not made: '{command[0]}' failed; the line above says why")


def _publish(app: App) -> None:
    """Raises BadInput when the cards cannot be used. Where it ends of something else, what was served before goes on being served."""
    code = _run(app, "publish")
    if code == 2:
        raise BadInput("the cards were not published; the line above says what to correct")
    if code:
        event("knowledge.publish.failed", level=logging.WARNING, code=code)


def environment(app: App) -> dict[str, str]:
    """The environment of a command over the same data."""
    settings = app.settings
    chosen = {f"PEIBAN_{name.upper()}": str(getattr(settings, name)) for name in _HANDED_ON}
    return os.environ | chosen | {"PEIBAN_DATA": str(settings.data.resolve()), "PEIBAN_CARDS": str(settings.cards.resolve())}


def _run(app: App, *command: str, quiet: bool = False) -> int:
    """Run a command over the same data and return its exit code; `quiet` drops its report, not its bar and its complaints."""
    return subprocess.run(  # noqa: S603  our own interpreter and module
        [sys.executable, "-m", "bot", *command],
        cwd=Path(__file__).parent.parent,
        env=environment(app),
        stdout=subprocess.DEVNULL if quiet else None,
        check=False,
    ).returncode
