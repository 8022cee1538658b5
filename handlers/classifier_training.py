"""Trains the intent classifier from what handlers, cards and the off-topic file say.

Run at publish time, in a process that does not serve: scikit-learn is imported in `train` and nowhere else. The same content gives the
same model.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from domain.errors import BadInput
from domain.party import Role
from handlers.classifier import FORMAT, GRAMS, Classifier, grams_of
from handlers.handler import Handler
from handlers.routing import KNOWLEDGE, OUT_OF_SCOPE, PRODUCTS, STAFF_KNOWLEDGE
from knowledge.card import Card, CardKind
from retrieval.threads import one_thread

_STRENGTH = 30.0  # inverse regularisation; flat between 10 and 100 in leave-one-out over the examples
_BY_KIND = {CardKind.PRODUCT: PRODUCTS, CardKind.CASE: "find_cases", CardKind.SCRIPT: "find_scripts"}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Example:
    """A text that means an intent."""

    intent: str
    text: str


def examples(handlers: Iterable[Handler], cards: Iterable[Card] = (), off_topic: Iterable[str] = ()) -> tuple[Example, ...]:
    """Everything to learn from, sorted: examples of handlers, questions of cards, and what is out of scope."""
    found = {Example(intent=handler.intent, text=text) for handler in handlers for text in handler.examples}
    found |= {Example(intent=intent, text=question) for card in cards for question in card.questions for intent in _intents_of(card)}
    found |= {Example(intent=OUT_OF_SCOPE, text=text.strip()) for text in off_topic if text.strip()}
    return tuple(sorted(found))


def _intents_of(card: Card) -> tuple[str, ...]:
    if card.kind in (CardKind.CASE, CardKind.SCRIPT):
        return (_BY_KIND[card.kind],)
    to_customers = (_BY_KIND.get(card.kind, KNOWLEDGE[Role.CUSTOMER]),) if card.visible_to(Role.CUSTOMER) else ()
    return (*to_customers, STAFF_KNOWLEDGE)


def digest_of(learned: Sequence[Example]) -> str:
    """Identify the content that a model is trained on."""
    content = json.dumps([FORMAT, GRAMS, _STRENGTH, [[one.intent, one.text] for one in learned]], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def train(learned: Sequence[Example]) -> Classifier:
    """Fit the model. Raises BadInput when there are fewer than two intents."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    intents = [one.intent for one in learned]
    if len(set(intents)) < 2:
        raise BadInput("an intent classifier needs examples of at least two intents")
    vectorizer = TfidfVectorizer(analyzer=grams_of, sublinear_tf=True, dtype=np.float64)
    features = vectorizer.fit_transform([one.text for one in learned])
    with one_thread():
        # Many grams, few examples: a Newton step sees the curvature and needs a fifth of the time of L-BFGS.
        model = LogisticRegression(C=_STRENGTH, solver="newton-cg", tol=1e-6, class_weight="balanced").fit(features, intents)
    return Classifier(
        intents=[str(name) for name in model.classes_],
        grams=[str(gram) for gram in vectorizer.get_feature_names_out()],
        idf=np.asarray(vectorizer.idf_, dtype=np.float64),
        weights=_rows(model.coef_, classes=len(model.classes_)),
        bias=_rows(model.intercept_, classes=len(model.classes_)),
        digest=digest_of(learned),
    )


def _rows(fitted: np.ndarray, *, classes: int) -> np.ndarray:
    """Two classes are fitted as one line: write it as two rows, so that serving knows one shape."""
    if len(fitted) == classes:
        return np.asarray(fitted, dtype=np.float64)
    return np.concatenate([-fitted / 2, fitted / 2])
