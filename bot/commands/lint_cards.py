"""`lint-cards`: check the knowledge cards, the wording rules of the gate included."""

import argparse
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path

from bot.clock import system_clock
from compliance.gate import review
from compliance.rule import Context, Rule
from compliance.rules import load_rules
from config.settings import Settings
from domain.errors import BadInput
from domain.message import Blocked, Draft, NeedsReview, Purpose
from domain.party import Party, Role
from knowledge.lint import lint_folder


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="folder of cards; the base's own when left out")
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Print a line for each problem. Exit code 2 when there is one."""
    folder = given.folder or settings.cards
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder}")
    at = system_clock()
    wording = [rule for rule in load_rules() if rule.judges_text]
    problems = lint_folder(folder, on=at.date(), judge=lambda text: judge(text, wording, at=at, hosts=settings.link_hosts))
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} 处要改。")
        return 2
    print(f"卡片没有问题：{folder}")
    return 0


def judge(text: str, rules: Sequence[Rule], *, at: datetime, hosts: Collection[str] = ()) -> list[str]:
    """Why the gate's wording rules would not let a customer read the text; empty when they would. `hosts` are those it may lead to."""
    draft = Draft(text=text, to=Party(Role.CUSTOMER, ""), purpose=Purpose.REPLY, answers=0)
    verdict = review(draft, Context(at=at, channel="web", hosts=frozenset(hosts), in_reply_to_own_message=True), rules)
    return [finding.reason for finding in verdict.findings] if isinstance(verdict, Blocked | NeedsReview) else []
