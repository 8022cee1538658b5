"""`events`: app events of the bank as they come, one JSON object a line; customers are judged at once."""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from bot.app import build
from bot.commands.options import add_at, add_json, clock_of, lines_in, print_json
from config.settings import Settings
from domain.task import Task

_ROWS = 500


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    add_at(parser)
    add_json(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Keep the events of standard input, judge their customers, and say what came of it."""
    taken = repeated = first = 0
    refused: list[dict[str, Any]] = []
    opened: list[Task] = []
    with build(settings, clock=clock_of(given)) as app:
        for rows in _batches():
            received = app.triggers.receive(rows, at=app.clock())
            taken, repeated = taken + received.taken, repeated + received.repeated
            refused += [asdict(one) | {"row": one.row + first} for one in received.refused]
            first += len(rows)
        while (judged := app.triggers.judge_waiting(at=app.clock()))[0]:
            opened += judged[1]
    if given.json:
        print_json({"taken": taken, "repeated": repeated, "refused": refused, "tasks": [_shown(one) for one in opened]})
        return 0
    print(f"收下 {taken} 条，重复 {repeated} 条，拒收 {len(refused)} 条；新开 {len(opened)} 件触发任务。")
    for bad_row in refused[:20]:
        print(f"  第 {bad_row['row'] + 1} 行 {bad_row['column']}：{bad_row['reason']}")
    for task in opened:
        print(f"  {task.reference} {task.title}（{task.assignee or '无人'}）")
    return 0


def _batches() -> Iterator[list[object]]:
    lines = (line for line in lines_in() if line.strip())
    while rows := [_parsed(line) for line in islice(lines, _ROWS)]:
        yield rows


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _shown(task: Task) -> dict[str, Any]:
    return {
        "reference": task.reference,
        "trigger": task.key.split(":")[1],
        "customer_id": task.customer_id,
        "assignee": task.assignee,
        "title": task.title,
        "detail": task.detail,
        "due_at": task.due_at.isoformat() if task.due_at else None,
    }
