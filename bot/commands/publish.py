"""`publish`: build the search index of the cards. Unchanged cards cost nothing."""

import argparse
import time
from collections.abc import Callable

from bot.app import build
from config.settings import Settings


def configure(_parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    return run


def run(_given: argparse.Namespace, settings: Settings) -> int:
    """Publish and say what came of it."""
    from rich.console import Console

    started = time.perf_counter()
    with build(settings) as app, Console(stderr=True).status("整理知识库") as status:
        said = app.knowledge.publish(progress=lambda step: status.update(f"整理知识库：{step}"))
    print(f"{said}（{time.perf_counter() - started:.1f} 秒）")
    return 0
