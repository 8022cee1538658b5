"""Customers write on WeChat customer service while the product is killed again and again; a server that no kill touches knows the truth.

The product is a whole process (`run --rig echo`), the kill is SIGKILL. A third of the kills hit it while it starts, when it works off what
the kill before left behind; the others hit it after new messages came in, before, while and after they are answered.
"""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.integration.wecom.kf_rig import KfServer, Product, kf_server

_THINKS_S = 0.1  # the echo: long enough that a kill finds work in hand
_SHORT_S, _LONG_S = 0.25, 2.0  # lives after the last callback: to be killed at work, and to catch up
_SHORT = 0.75
_TELLS_AFTER_S = 0.03  # the server: many kills find a message taken of which nobody told the product
_CUSTOMERS = 97
_STARTING = 1 / 3
_MANY = 5


@dataclass
class KfFigures:
    """What was tried, and every breach."""

    messages: int = 0
    unanswered: list[int] = field(default_factory=list)  # at each kill
    while_starting: int = 0
    repeated: int = 0
    breaches: list[str] = field(default_factory=list)

    @property
    def busy(self) -> int:
        """Kills that found at least five messages unanswered."""
        return sum(count >= _MANY for count in self.unanswered)

    def __str__(self) -> str:
        found = sorted(self.unanswered)
        return (
            f"{self.messages:,} messages, {len(found)} kills ({self.while_starting} while starting), unanswered at the kill: "
            f"median {found[len(found) // 2]}, most {found[-1]}, at least {_MANY} at {self.busy}; "
            f"{self.repeated} sent again under their id, {len(self.breaches)} breaches"
        )


def kill_again_and_again(
    folder: Path, *, kills: int, messages: int, seed: int, told: Callable[[int, int], None] = lambda _kill, _unanswered: None
) -> KfFigures:
    """`told` hears of each kill its number and how many messages were unanswered."""
    chance = random.Random(seed)
    figures = KfFigures()
    with kf_server() as server:
        server.says_so_after_s = _TELLS_AFTER_S
        product = Product(server, folder / "data", delay_s=_THINKS_S)
        try:
            _open_the_account(product)
            for number in range(1, kills + 1):
                _one_life(product, figures, messages * number // kills, chance)
                told(number, figures.unanswered[-1])
            _last_life(product, figures)
        finally:
            if product.process is not None and product.process.poll() is None:
                product.kill()
        figures.repeated = server.repeated
        figures.breaches += [*judge(server), *(f"logged: {line[:200]}" for line in product.faults())]
    return figures


def _open_the_account(product: Product) -> None:
    """An account that was never heard of is known once its first callback is answered."""
    product.start()
    assert product.call() == 200


def _one_life(product: Product, figures: KfFigures, until: int, chance: random.Random) -> None:
    """Live and be killed; by then so many messages were said in all."""
    assert product.process is not None
    if product.process.poll() is not None:
        product.launch()
        if chance.random() < _STARTING:
            _say(product, figures, until)  # nobody listens yet: WeCom's callback would fail three times, and that is all
            time.sleep(chance.uniform(0.5, 3.0))
            figures.while_starting += 1
            _kill(product, figures)
            return
        product.until_ready()
    for stop in sorted({until, (figures.messages + until) // 2}):
        _say(product, figures, stop)
        assert product.call() == 200
        time.sleep(chance.uniform(0, 0.02))
    time.sleep(chance.uniform(0, _SHORT_S if chance.random() < _SHORT else _LONG_S))
    _kill(product, figures)


def _say(product: Product, figures: KfFigures, until: int) -> None:
    for number in range(figures.messages, until):
        product.server.say(f"k{number % _CUSTOMERS}", str(number))
    figures.messages = until


def _kill(product: Product, figures: KfFigures) -> None:
    figures.unanswered.append(figures.messages - len(set(product.server.texts())))
    product.kill()


def _last_life(product: Product, figures: KfFigures) -> None:
    """Everything that is left is answered, and nothing more is said. Nobody calls: the cursor alone must find what is left."""
    product.start()
    deadline = time.monotonic() + 60
    while len(product.server.texts()) < figures.messages and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.5)
    if code := product.stop():
        figures.breaches.append(f"the last process ended with {code}")


def judge(server: KfServer) -> list[str]:
    said = {f"R:{item['text']['content']}": item["external_userid"] for item in server.log}
    got: dict[str, list[str]] = defaultdict(list)
    for body in server.sent:
        got[body["touser"]].append(body["text"]["content"])
    counts = Counter(text for texts in got.values() for text in texts)
    return [
        *(f"lost: {text}" for text in said if not counts[text]),
        *(f"answered twice: {text}" for text, count in counts.items() if count > 1),
        *(f"sent to {who} but said by {said.get(text)}: {text}" for who, texts in got.items() for text in texts if said.get(text) != who),
        *(f"out of order for {who}" for who, texts in got.items() if texts != sorted(texts, key=lambda text: int(text[2:]))),
    ]
