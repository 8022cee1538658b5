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

    from bot.progress import step_list

    started = time.perf_counter()
    with build(settings) as app, step_list("整理知识库", Console(stderr=True)) as progress:
        progress("读卡片")
        said = app.knowledge.publish(progress=progress)
    print(f"{said}（{time.perf_counter() - started:.1f} 秒）")
    return 0
