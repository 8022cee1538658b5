"""The classifier: trained twice it is the same, served without scikit-learn it says what scikit-learn says."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from domain.errors import BadInput
from domain.party import Role
from handlers import classifier
from handlers.classifier import Classifier, grams_of
from handlers.classifier_training import _STRENGTH, digest_of, examples, train
from handlers.discovery import all_handlers
from handlers.evaluate import evaluate_intents
from retrieval.threads import one_thread

pytestmark = pytest.mark.slow  # trains for real

ROOT = Path(__file__).parents[3]
LEARNED = examples(all_handlers(), off_topic=["今天天气不错", "给我唱首歌", "明天会下雨吗"])
SAID = ["别再给我推销了", "你好", "转人工", "完全没见过的话 xyz", "", "😊", "帮我转一千块给我妈"]


@pytest.fixture(scope="module")
def trained() -> Classifier:
    return train(LEARNED)


def test_numpy_serves_the_probabilities_of_scikit_learn(trained: Classifier) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(analyzer=grams_of, sublinear_tf=True, dtype=np.float64)
    features = vectorizer.fit_transform([one.text for one in LEARNED])
    fit = LogisticRegression(C=_STRENGTH, solver="newton-cg", tol=1e-6, class_weight="balanced").fit
    with one_thread():  # as training does: with more, sums come in another order and the fit ends one step elsewhere
        model = fit(features, [one.intent for one in LEARNED])

    for text in SAID:
        expected = model.predict_proba(vectorizer.transform([text]))[0]
        assert np.allclose(trained.probabilities(text), expected, atol=1e-9), text


def test_training_twice_gives_the_same_model(trained: Classifier, tmp_path: Path) -> None:
    again = train(tuple(reversed(LEARNED))[::-1])

    assert all(np.array_equal(trained.probabilities(text), again.probabilities(text)) for text in SAID)
    assert trained.digest == again.digest == digest_of(LEARNED)


def test_a_saved_model_says_the_same(trained: Classifier, tmp_path: Path) -> None:
    trained.save(tmp_path)
    loaded = classifier.load(tmp_path)

    assert loaded is not None
    assert all(np.array_equal(trained.probabilities(text), loaded.probabilities(text)) for text in SAID)


def test_only_the_given_intents_are_judged(trained: Classifier) -> None:
    ranked = trained.classify("转人工", ["greet", "courtesy"])

    assert {name for name, _ in ranked} == {"greet", "courtesy", "out_of_scope"}
    assert sum(probability for _, probability in ranked) == pytest.approx(1.0)


def test_serving_never_imports_scikit_learn() -> None:
    code = "import sys, handlers.classifier, handlers.routing, handlers.respond; sys.exit('sklearn' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_model_is_none_and_a_damaged_one_says_what_to_do(tmp_path: Path) -> None:
    assert classifier.load(tmp_path) is None
    (tmp_path / classifier.FILE).write_bytes(b"not a model")

    with pytest.raises(BadInput, match="train it again"):
        classifier.load(tmp_path)


def test_examples_are_learned_once_and_card_questions_with_them() -> None:
    assert len(set(LEARNED)) == len(LEARNED)
    assert all(one.text.strip() for one in LEARNED)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2 is not JSON"),
        ('{"text": "x"}', "line 2 needs"),
        ("[]", "line 2 needs"),
        ('{"text":"x","intent":"y","role":"king"}', "king"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text(f'{{"text": "转人工", "intent": "request_human"}}\n{line}\n', encoding="utf-8")

    with pytest.raises(BadInput, match=said):
        evaluate_intents(path, lambda text, role: "request_human")


def test_the_report_counts_right_and_confused(tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text('{"text": "a", "intent": "x"}\n{"text": "b", "intent": "y", "role": "rm"}\n', encoding="utf-8")

    report = evaluate_intents(path, lambda text, role: "x" if role is Role.CUSTOMER else "z")

    assert (report.right, report.total, report.accuracy) == (1, 2, 0.5)
    assert report.confusion == (("y", "z", 1),)
    assert report.wrong == (("b", "y", "z"),)
