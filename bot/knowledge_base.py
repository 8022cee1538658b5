"""The published knowledge in this process: catalogue, search, intent classifier, and the optional model that words answers.

Everything is loaded when first asked for: a command that needs no knowledge pays nothing. Where nothing was published yet, the cards are
read and searched by words; `publish` then brings vectors, classifier and calibrated gates.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.observe import event
from config.settings import Settings
from domain.errors import BadInput
from handlers import classifier
from handlers.classifier_training import digest_of, examples, train
from handlers.discovery import all_handlers
from handlers.lookups import Phrased
from handlers.routing import IntentClassifier
from knowledge.card import Card
from knowledge.catalogue import Catalogue
from knowledge.loader import load
from retrieval.base import current_version
from retrieval.embedding import ConfiguredModel, Embedder
from retrieval.opening import open_search
from retrieval.publish import publish, version_of
from retrieval.search import Search, in_memory

if TYPE_CHECKING:
    from bot.phrasing import Phrasing

_OFF_TOPIC = "offtopic.txt"


class KnowledgeBase:
    """One published version of the cards, as this process serves it."""

    def __init__(self, settings: Settings, *, index: str) -> None:
        self._settings = settings
        self._index = index
        self._lock = threading.Lock()

    @property
    def _base(self) -> Path:
        return self._settings.data / "base"

    @property
    def _intents(self) -> Path:
        return self._settings.data / "intents"

    @cached_property
    def _embedder(self) -> Embedder | None:
        return ConfiguredModel(self._settings.embedding_model) if self._settings.embedding_model else None

    @cached_property
    def search(self) -> Search:
        """Question to evidence."""
        with self._lock:
            if current_version(self._base) is None:
                event("knowledge.unpublished")
                return in_memory(load(self._settings.cards))
            return open_search(self._base, index=self._index, embedder=self._embedder)

    @property
    def catalogue(self) -> Catalogue:
        """The cards that are served."""
        return self.search.catalogue

    @cached_property
    def classifier(self) -> IntentClassifier | None:
        """Intents from text; None when none was trained."""
        return classifier.load(self._intents)

    @cached_property
    def _phrasing(self) -> "Phrasing | None":
        if not self._settings.llm_model:
            return None
        from bot.phrasing import Phrasing  # LangChain takes its time: paid only where a model is configured

        return Phrasing(self._settings)

    def phrase(self, question: str, cards: Sequence[Card], *, at: datetime) -> Phrased | None:
        """Ask the optional model to word an answer from the cards."""
        return self._phrasing.phrase(question, cards, at=at) if self._phrasing and cards else None

    def publish(self, *, progress: Callable[[str], None] = lambda _: None) -> str:
        """Build what serving needs from the card files and the handlers, and serve it. Unchanged content costs nothing.

        Building imports sentence-transformers and scikit-learn, seconds and half a gigabyte that this process keeps: one that serves has it
        done by `python -m bot publish`.
        """
        cards = load(self._settings.cards)
        off_topic = self.off_topic()
        report = publish(cards, self._base, off_topic=off_topic, embedder=self._embedder, progress=progress)
        fresh = self._publish_classifier(cards, off_topic, progress)
        for name in ("search", "classifier"):
            self.__dict__.pop(name, None)
        done = "已发布" if report.fresh or fresh else "没有变化"
        return f"{done}：{report.cards} 张卡，{report.questions} 个问法，版本 {report.version}"

    def published(self) -> bool:
        """Whether what is served is what the card files and the handlers say now."""
        cards, off_topic = load(self._settings.cards), self.off_topic()
        held = classifier.load(self._intents)
        return (
            held is not None
            and held.digest == digest_of(examples(all_handlers(), cards, off_topic))
            and current_version(self._base) == version_of(cards, off_topic=off_topic, embedder=self._embedder)
        )

    def _publish_classifier(self, cards: Catalogue, off_topic: Sequence[str], progress: Callable[[str], None]) -> bool:
        """Train when there is need. Returns whether there was."""
        learned = examples(all_handlers(), cards, off_topic)
        held = classifier.load(self._intents)
        if held is not None and held.digest == digest_of(learned):
            return False
        progress("学习怎么听懂意图")
        train(learned).save(self._intents)
        return True

    def off_topic(self) -> list[str]:
        """Lines that no base answers; the gates are calibrated on them."""
        path = self._settings.cards.parent / _OFF_TOPIC
        if not path.is_file():
            raise BadInput(f"{path} is missing: a line each of what the base must not answer; the gates are calibrated on it")
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]

    def ready(self) -> None:
        """Load what serving needs, now."""
        assert self.search
        assert self.classifier is None or self.classifier
        assert self._phrasing is None or self._phrasing

    def close(self) -> None:
        """Give the vectors' index back: another process may own it then."""
        if "search" in self.__dict__:
            self.search.close()
