"""The figures and what is wanted of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console

from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number. `wanted` is the bound; `at_most` says on which side of it good lies."""

    name: str
    value: float
    unit: str
    wanted: float
    at_most: bool = True

    @property
    def met(self) -> bool:
        """Whether the bound holds."""
        return self.value <= self.wanted if self.at_most else self.value >= self.wanted

    @property
    def said(self) -> str:
        """The bound in words."""
        return f"{'≤' if self.at_most else '≥'} {self.wanted:g} {self.unit}"


Part = Callable[[], list[Figure]]


def measure(settings: Settings, *, parts: set[str], turns: int, console: Console) -> list[Figure]:
    """Make a bank and publish the cards where a part needs them, and measure the parts (all when none is named)."""
    from bot.app import build
    from bot.demonstration import prepare

    if parts != {"kf"}:  # the echo needs neither bank nor cards
        with build(settings) as app:
            prepare(app)
    figures: list[Figure] = []
    for name, part in _parts(settings, turns):
        if parts and name not in parts:
            continue
        with console.status(f"bench: {name}"):
            figures += part()
    return figures


def _parts(settings: Settings, turns: int) -> Iterator[tuple[str, Part]]:
    from bot.benchmark import assessing, importing, kf, processes, searching, turning

    yield "turn", lambda: turning.one_at_a_time(settings, turns=turns)
    yield "load", lambda: turning.together(settings, turns=turns)
    yield "say", lambda: processes.cold_start(settings)
    yield "web", lambda: processes.web(settings, turns=turns)
    yield "kf", lambda: kf.round_trips(settings, turns=turns)
    yield "search", lambda: searching.ten_thousand(settings)
    yield "import", lambda: importing.three_sizes(settings)
    yield "assess", lambda: assessing.three_sizes(settings)
