"""Other implementations of WeCom's encryption agree with ours in both directions.

They are packages of Node.js: `npm install @wecom/crypto wechat-crypto` somewhere, and NODE_PATH set to its node_modules. They are nobody's
duty to have: without them these tests are left out, in CI too, and the run says so. The vectors of WeCom's own pages are tested always
(tests/unit/wecom).
"""

import json
import random
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wecom.envelope import Envelope
from domain.errors import BadSignature

pytestmark = pytest.mark.npm

TOKEN, CORP = "QDG6eK", "wx5823bf96d3bd56c7"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
STAMP, NONCE = str(int(AT.timestamp())), "263014780"
ENVELOPE = Envelope(token=TOKEN, aes_key=KEY, receiver=CORP)
PEER = Path(__file__).with_name("peers.cjs")


class Peer:
    """A process of Node.js with one of the packages."""

    def __init__(self, package: str) -> None:
        command = ["node", str(PEER), package]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def ask(self, do: str, *, key: str = KEY, corp: str = CORP, **more: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        job = {"do": do, "token": TOKEN, "key": key, "id": corp, "timestamp": STAMP, "nonce": NONCE} | more
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(10)


@pytest.fixture(scope="module", params=["@wecom/crypto", "wechat-crypto"])
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    package = request.param
    peer = Peer(package)
    yield peer
    peer.close()


def texts() -> list[str]:
    """Every length around the blocks of 32 bytes, and what people and XML write."""
    chance = random.Random(11)
    mixed = "陪伴 a<>&]]>\n𠮷😀"
    return [
        *("x" * length for length in range(1, 100)),
        *("".join(chance.choice(mixed) for _ in range(chance.randrange(1, 3_000))) for _ in range(200)),
    ]


def test_what_they_seal_we_open(peer: Peer) -> None:
    for text in texts():
        sealed = peer.ask("seal", text=text)["sealed"]
        signature = peer.ask("sign", sealed=sealed)["signature"]
        assert ENVELOPE.open(sealed, signature=signature, timestamp=STAMP, nonce=NONCE, at=AT) == text


def test_what_we_seal_they_open(peer: Peer) -> None:
    for text in texts():
        sealed = ENVELOPE.seal(text)
        assert peer.ask("open", sealed=sealed) == {"text": text, "id": CORP}
        assert peer.ask("sign", sealed=sealed)["signature"] == ENVELOPE.sign(sealed, timestamp=STAMP, nonce=NONCE)


def test_what_they_seal_for_another_corp_we_refuse(peer: Peer) -> None:
    sealed = peer.ask("seal", text="hello", corp="wx0000000000000000")["sealed"]
    signature = peer.ask("sign", sealed=sealed)["signature"]
    with pytest.raises(BadSignature, match="another corp"):
        ENVELOPE.open(sealed, signature=signature, timestamp=STAMP, nonce=NONCE, at=AT)
