"""`chat`: a conversation on the console, or with `--json` one utterance a line in and one JSON object a line out."""

import argparse
import time
from collections.abc import Callable

from bot.app import App, build, new_message_id
from bot.commands.options import add_as, add_at, add_json, clock_of, lines_in, party_of, print_json
from bot.report import Json, turn_report
from config.settings import Settings
from domain.message import Inbound
from domain.party import Party

CHANNEL = "console"


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    add_as(parser)
    add_at(parser)
    add_json(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Talk until the input ends."""
    with build(settings, clock=clock_of(given)) as app:
        party = app.known(party_of(given))
        if given.json:
            for line in lines_in():
                print_json(one_turn(app, party, line))
            return 0
        return _talk(app, party)


def one_turn(app: App, party: Party, text: str) -> Json:
    """Take one utterance through its whole way and describe what came of it."""
    started = time.perf_counter()
    inbound = Inbound(channel=CHANNEL, message_id=new_message_id(), sender=party, text=text, received_at=app.clock())
    outcome, dispatches = app.converse(inbound)
    return turn_report(outcome, dispatches, ms=(time.perf_counter() - started) * 1000)


def _talk(app: App, party: Party) -> int:
    from rich.console import Console
    from rich.panel import Panel

    console = Console()
    console.print(f"[dim]您正以 {party} 的身份说话；空行或 Ctrl-D 结束。[/dim]")
    while True:
        try:
            text = console.input("[bold]您：[/bold]")
        except (EOFError, KeyboardInterrupt):
            break
        if not text.strip():
            break
        body = one_turn(app, party, text)
        for reply in body["replies"]:
            buttons = "".join(f"\n[cyan]{number}[/cyan] {button['label']}" for number, button in enumerate(reply["buttons"], 1))
            links = "".join(f"\n{link['label']}：{link['url']}" for link in reply["links"])
            label = "陪伴 · AI 生成" if reply["ai_generated"] else "陪伴"
            console.print(Panel(reply["text"] + links + buttons, title=label, title_align="left", width=min(60, console.width)))
        if not body["replies"]:
            console.print("[dim]（现在由人工接待，助手不说话；您的话已经转给同事。）[/dim]")
    return 0
