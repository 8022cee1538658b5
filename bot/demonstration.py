"""What `run` makes ready before it serves: the knowledge published, and in a sandbox a bank to talk about. Nothing is made twice."""

import logging
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from bot.app import App
from bot.observe import event
from compliance.days import bank_day
from crm.importing.run import finish_interrupted, import_folder
from domain.errors import BadInput
from storage.book_import import SqlBookSink


def prepare(app: App) -> None:
    """Make ready. Raises BadInput when there is no bank and none may be made up."""
    console = Console(stderr=True)
    finish_interrupted(book=SqlBookSink(app.database), facts_folder=app.settings.data / "facts")
    with app.store.reading() as records:
        empty = not records.book.people()
    if empty and not app.settings.sandbox:
        raise BadInput("there is no bank yet: 'python -m bot import DIR' takes one in, 'run --sandbox' makes one up")
    if empty:
        _make_up_a_bank(app, console)
    if not app.knowledge.published():
        _publish(app)


def _publish(app: App) -> None:
    """Publish in a process of its own, as a person would by hand: this one never holds what only training needs.

    Raises BadInput when the cards cannot be used. Where the process dies of something else, what was served before goes on being served.
    """
    settings = app.settings
    chosen = {f"PEIBAN_{name.upper()}": str(getattr(settings, name)) for name in ("data", "cards", "embedding_model", "sandbox")}
    done = subprocess.run([sys.executable, "-m", "bot", "publish"], cwd=Path(__file__).parent.parent, env=os.environ | chosen, check=False)
    if done.returncode == 2:
        raise BadInput("the cards were not published; the line above says what to correct")
    if done.returncode:
        event("knowledge.publish.failed", level=logging.WARNING, code=done.returncode)


def _make_up_a_bank(app: App, console: Console) -> None:
    from sandbox.bank.command import generate

    folder = app.settings.data / "sandbox-bank"
    with console.status("造一家演示用的银行"):
        generate(out=folder, as_of=bank_day(app.clock()))
    with console.status("导入这家银行") as status:
        import_folder(
            folder,
            book=SqlBookSink(app.database),
            facts_folder=app.settings.data / "facts",
            at=app.clock(),
            progress=lambda step: status.update(f"导入这家银行：{step}"),
            sandbox=True,
        )
