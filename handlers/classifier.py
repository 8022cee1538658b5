"""Serves an intent classifier: character n-grams of one to three, TF-IDF, multinomial logistic regression, from NumPy arrays.

Training is `handlers.classifier_training`, in a process of its own; scikit-learn is never imported here. A model is one `.npz` that
names the hash of what it was trained on.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import BadInput
from handlers.routing import OUT_OF_SCOPE
from language.normalise import fold, normalise
from language.pronouns import plain

FORMAT = 2
FILE = "intents.npz"
GRAMS = (1, 3)
_EDGE = "^"  # marks the beginning and the end, so that 人工 alone differs from 人工费


class Classifier:
    """Text in, probability of each intent out. Deterministic and safe for threads."""

    def __init__(
        self,
        *,
        intents: Sequence[str],
        grams: Sequence[str],
        idf: NDArray[np.float64],
        weights: NDArray[np.float64],
        bias: NDArray[np.float64],
        digest: str,
    ) -> None:
        self.intents = tuple(intents)
        self.digest = digest
        self._grams = tuple(grams)
        self._column = {gram: column for column, gram in enumerate(grams)}
        self._idf = idf
        self._weights = weights
        self._bias = bias

    def probabilities(self, text: str) -> NDArray[np.float64]:
        """The probability of every class, in the order of `intents`."""
        counts = Counter(gram for gram in grams_of(text) if gram in self._column)
        logits = self._bias.copy()
        if counts:
            columns = np.array([self._column[gram] for gram in counts])
            values = (1.0 + np.log(np.array(list(counts.values()), dtype=np.float64))) * self._idf[columns]
            values /= np.linalg.norm(values)
            logits += self._weights[:, columns] @ values
        odds = np.exp(logits - logits.max())
        shares: NDArray[np.float64] = odds / odds.sum()
        return shares

    def classify(self, said: str, intents: Sequence[str]) -> Sequence[tuple[str, float]]:
        """Judge among the given intents and `out_of_scope`, best first; the probabilities of the others are shared out again."""
        probabilities = self.probabilities(said)
        allowed = [(name, float(probabilities[row])) for row, name in enumerate(self.intents) if name in intents or name == OUT_OF_SCOPE]
        total = sum(probability for _, probability in allowed) or 1.0
        return sorted(((name, probability / total) for name, probability in allowed), key=lambda pair: (-pair[1], pair[0]))

    def save(self, folder: Path) -> Path:
        """Write the model; a reader sees the old file or the new one, never half of it."""
        folder.mkdir(parents=True, exist_ok=True)
        target, fresh = folder / FILE, folder / f".{FILE}.new.npz"
        arrays = {"idf": self._idf, "weights": self._weights, "bias": self._bias}
        texts = {"intents": np.array(self.intents), "grams": np.array(self._grams), "digest": np.array([self.digest, str(FORMAT)])}
        np.savez_compressed(fresh, **arrays, **texts)  # type: ignore[arg-type]  # its stub takes a flag of that name for every keyword
        fresh.replace(target)
        return target


def grams_of(text: str) -> list[str]:
    """The character n-grams of a text, letters and digits only, its two ends marked; every pronoun is the same."""
    letters = f"{_EDGE}{fold(plain(normalise(text)))}{_EDGE}"
    low, high = GRAMS
    return [letters[at : at + size] for size in range(low, high + 1) for at in range(len(letters) - size + 1)]


def load(folder: Path) -> Classifier | None:
    """Read the model of a folder; None where there is none of this format. Raises BadInput when the file is no model at all."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            digest, version = (str(value) for value in stored["digest"])
            if version != str(FORMAT):
                return None  # of another release: as good as none, until the next publish writes its own
            return Classifier(
                intents=[str(name) for name in stored["intents"]],
                grams=[str(gram) for gram in stored["grams"]],
                idf=stored["idf"],
                weights=stored["weights"],
                bias=stored["bias"],
                digest=digest,
            )
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(f"{path.name} is not an intent model ({error}); train it again: python -m handlers.classifier_training") from error
