"""The published knowledge in this process: catalogue, search, intent classifier, and the optional model that words answers.

Everything is loaded when first asked for: a command that needs no knowledge pays nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from config.settings import Settings
from handlers.lookups import Phrased
from handlers.routing import IntentClassifier
from knowledge.card import Card
from knowledge.catalogue import Catalogue
from knowledge.loader import load
from retrieval.search import Search, in_memory


class KnowledgeBase:
    """One published version of the cards."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def search(self) -> Search:
        """Question to evidence."""
        return in_memory(self.catalogue)

    @cached_property
    def catalogue(self) -> Catalogue:
        """All cards."""
        return load(self._settings.cards)

    @property
    def classifier(self) -> IntentClassifier | None:
        """Intents from text; None when none was trained."""
        return None

    def phrase(self, question: str, cards: Sequence[Card], *, at: datetime) -> Phrased | None:
        """Ask the optional model."""
        return None

    def ready(self) -> None:
        """Load what serving needs."""
        assert self.search

    def close(self) -> None:
        """Give resources back."""
