"""`python -m bot COMMAND`. Exit codes: 0 done, 2 bad use or bad input with one clear line, 1 a fault."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from bot.observe import fault, setup_logging
from config.settings import read_settings
from domain.errors import PeibanError

# Name -> (module, one line). Modules are imported when asked for: a command pays only for what it uses.
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("run", "serve web chat and workbench, move inbox and outbox, tick"),
    "chat": ("chat", "talk as somebody: a conversation on the console, or JSON lines"),
    "say": ("say", "one turn"),
    "tick": ("tick", "everything that is due now"),
    "sandbox": ("sandbox", "make a simulated bank"),
    "berka": ("berka", "a real, anonymised bank as a folder of the data contract (docs/berka.md)"),
    "table": ("table", "one table, of the bank or a public one, as a folder of the data contract (docs/learning.md)"),
    "import": ("importing", "take a bank's files in (docs/data-contract.md)"),
    "doctor": ("doctor", "what the bank's data can and cannot do: data, quality, identities, lineage"),
    "assess": ("assess", "judge every customer as of a day: classes, warnings, needs, health, priorities"),
    "events": ("events", "app events of the bank as they come, a JSON object a line: who gets a task because of them"),
    "wecom": ("wecom", "doctor: what WeCom still needs; menu: of the app of staff; moment: ask for one (docs/wecom.md)"),
    "migrate": ("migrate", "bring the database to the newest shape"),
    "publish": ("publish", "build the search index of the cards"),
    "learn": ("learn", "learn who leaves or buys from what became of customers, with figures beside the rule's"),
    "inventory": ("inventory", "list handlers, rules, touches, channels, cards, transitions"),
    "audit": ("audit", "verify the audit chain"),
    "lint-cards": ("lint_cards", "check the knowledge cards"),
    "evaluate": ("evaluate", "measure questions, intents or a FAQ on a labelled file"),
    "review": ("review", "what the gate says of texts, a line each"),
    "mask": ("mask", "personal data in texts, a line each"),
    "extract": ("extract", "dates, money and numbers in texts, a line each"),
    "customers": ("people", "customers that somebody may list"),
    "people": ("people", "staff of the bank"),
    "totp": ("totp", "the current code of a sandbox person"),
    "link": ("link", "a signed link into the web chat or the workbench"),
    "bench": ("bench", "measure speed and memory"),
}


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print("python -m bot COMMAND [--help]\n\n" + "\n".join(f"  {name:11} {line}" for name, (_, line) in COMMANDS.items()))
        return 0 if arguments else 2
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS:
        print(f"there is no command '{name[:40]}'; python -m bot --help lists them", file=sys.stderr)
        return 2
    module = import_module(f"bot.commands.{COMMANDS[name][0]}")
    parser = argparse.ArgumentParser(prog=f"python -m bot {name}", description=COMMANDS[name][1])
    run: Callable[..., int] = module.configure(parser, name)
    try:
        given = parser.parse_args(rest)
    except SystemExit as stop:
        return int(stop.code or 0)
    setup_logging("WARNING")
    try:
        return run(given, read_settings(os.environ))
    except PeibanError as known:
        print(f"{name}: {known}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away: nothing more to say
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as unknown:  # the command's boundary: a person gets one line, the log gets where it was raised
        fault(f"command.{name}.failed", unknown)
        print(f"{name}: something went wrong inside Peiban ({type(unknown).__name__}); the log line above says where", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
