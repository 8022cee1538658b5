"""`python -m sandbox.telegram`: a Telegram of your own, with you as the person at the other end.

Lines you type are what the user writes; `#2` presses the second button of the last message.
"""

import argparse
import sys
import threading

from sandbox.telegram.server import TelegramServer


def main() -> int:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default="7000000001:SANDBOX")
    parser.add_argument("--user", type=int, default=1001, help="Telegram user id of the person")
    given = parser.parse_args()
    with TelegramServer(token=given.token, port=given.port) as server:
        sys.stdout.write(
            f"Set PEIBAN_TELEGRAM_API_BASE={server.api_base} PEIBAN_TELEGRAM_TOKEN={given.token}\n"
            f"""    PEIBAN_TELEGRAM_PEOPLE='{{"{given.user}": "rm:S0003"}}' and start Peiban.\n"""
        )
        threading.Thread(target=_show, args=(server, given.user), daemon=True).start()
        for line in sys.stdin:
            _do(server, given.user, line.strip())
    return 0


def _do(server: TelegramServer, user: int, line: str) -> None:
    seen = server.world.seen_by(user)
    if line.startswith("#") and seen and line[1:].isdecimal() and 0 < int(line[1:]) <= len(seen[-1].labels):
        server.world.press(user, seen[-1], seen[-1].labels[int(line[1:]) - 1])
    elif line:
        server.world.say(user, line)


def _show(server: TelegramServer, user: int) -> None:
    shown = 0
    while True:
        shown = _show_after(server, user, shown)


def _show_after(server: TelegramServer, user: int, shown: int) -> int:
    server.world.wait(lambda: len(server.world.seen_by(user)) > shown, 3600)
    seen = server.world.seen_by(user)
    for sent in seen[shown:]:
        buttons = "".join(f"\n  #{number} {label}" for number, label in enumerate(sent.labels, 1))
        sys.stdout.write(f"陪伴：{sent.text}{buttons}\n")
    sys.stdout.flush()
    return len(seen)


if __name__ == "__main__":
    sys.exit(main())
