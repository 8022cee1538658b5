"""Search over ten thousand made-up cards, by words and vectors, through a published base."""

import time
from datetime import date

from bot.benchmark.figures import Figure
from config.settings import Settings
from domain.party import Role
from retrieval.opening import open_search
from retrieval.publish import publish
from retrieval.synthetic import catalogue

CARDS = 10_000
_ASKED = 400


def ten_thousand(settings: Settings) -> list[Figure]:
    """Publish, then ask. The day is one on which every made-up card is valid."""
    folder = settings.data / "base-10k"
    cards = catalogue(CARDS)
    started = time.perf_counter()
    publish(cards, folder, off_topic=())
    published = time.perf_counter() - started
    search = open_search(folder)
    took = []
    asked = [card.questions[0] for card in cards.cards[:: CARDS // (_ASKED + 20)]]
    for question in asked:
        started = time.perf_counter()
        search.search(question, role=Role.CUSTOMER, on=_DAY)
        took.append((time.perf_counter() - started) * 1000)
    took = sorted(took[20:])
    return [
        Figure(name=f"search of {CARDS} cards p50", value=took[len(took) // 2], unit="ms", wanted=5),
        Figure(name=f"search of {CARDS} cards p95", value=took[len(took) * 95 // 100], unit="ms", wanted=15),
        Figure(name=f"publish of {CARDS} cards", value=published, unit="s", wanted=120),
    ]


_DAY = date(2026, 11, 23)
