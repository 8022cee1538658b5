"""The table in numpy is the model that sentence-transformers would serve."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from domain.errors import BadInput
from knowledge.catalogue import Catalogue
from retrieval.base import current_version, version_folder
from retrieval.embedding import ConfiguredModel, StaticTable, load_table, segment
from retrieval.lexical import load
from retrieval.query import Words
from retrieval.training import Trained, batches, model_of, pairs_of, table, train

ROOT = Path(__file__).parents[3]

pytestmark = [pytest.mark.slow, pytest.mark.long(seconds=10)]  # imports sentence-transformers, here or in a process of its own
TEXTS = ["储蓄卡挂失", "我是学生，想在网点补办信用卡", "qqq", "", "餐厅", "信用卡信用卡APP 3.5%"]


def test_numpy_and_an_operators_model_encode_as_sentence_transformers_does(published: Path, tmp_path: Path) -> None:
    name = current_version(published)
    assert name is not None
    version = version_folder(published, name)
    words = load(version / "lexical").words
    ours = load_table(version / "table", words).encode(TEXTS)
    code = (
        "import sys, json, warnings; warnings.simplefilter('ignore'); import numpy as np;"
        "from sentence_transformers import SentenceTransformer;"
        "model = SentenceTransformer(sys.argv[1], device='cpu');"
        "np.save(sys.argv[2], model.encode(json.loads(sys.argv[3])));"
        "from retrieval.embedding import ConfiguredModel; m = ConfiguredModel(sys.argv[1]);"
        "print(m.encode(['储 蓄 卡']).shape, m.encode(['储 蓄 卡'], query=True).dtype)"
    )
    segmented = json.dumps([segment(text, words) for text in TEXTS])
    command = [sys.executable, "-c", code, str(version / "table"), str(tmp_path / "theirs.npy"), segmented]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)

    theirs = np.load(tmp_path / "theirs.npy")

    assert np.abs(ours - theirs).max() <= 1e-5
    assert np.allclose(np.linalg.norm(ours, axis=1), [1, 1, 0, 0, 0, 1], atol=1e-5)
    assert said.stdout.strip() == "(1, 128) float32", "an operator's model is loaded from its folder"


def test_a_model_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries that are imported only here
        with pytest.raises(BadInput, match="cannot be loaded"):
            ConfiguredModel(str(tmp_path / "nothing")).encode(["x"])


def test_training_brings_a_question_nearer_to_its_own_card(cards: Catalogue) -> None:
    words = Words([])
    trained = table(cards.cards, words)
    untrained = table(cards.cards, words, visits=0)
    assert trained is not None
    assert untrained is not None

    def nearest_is_own(model: StaticTable) -> float:
        bodies = model.encode([card.answer + card.details for card in cards])
        questions = model.encode([card.questions[0] for card in cards])
        return float(np.mean(np.argmax(questions @ bodies.T, axis=1) == np.arange(len(cards))))

    assert nearest_is_own(trained) >= nearest_is_own(untrained)
    assert nearest_is_own(trained) > 0.9


def test_the_fewest_pairs_give_no_table(cards: Catalogue) -> None:
    few = cards.cards[:16]

    assert len(pairs_of(few)) < 300
    assert train(few, Words([])) is None
    assert train(cards.cards[:17], Words([])) is not None


def test_a_batch_holds_every_pair_once_and_never_two_of_one_card() -> None:
    card = np.repeat(np.arange(300), np.arange(300) % 5 + 1)

    seen = list(batches(card, np.random.default_rng(1)))

    assert sorted(np.concatenate(seen)) == list(range(len(card)))
    assert all(len(set(card[batch])) == len(batch) for batch in seen)
    assert max(map(len, seen)) == 128


def test_a_table_survives_its_files(tmp_path: Path) -> None:
    matrix = np.random.default_rng(1).standard_normal((3, 4)).astype(np.float32)
    matrix[0] = 0
    tokens = ("[UNK]", "卡", "挂失")
    Trained(model=model_of(tokens, matrix), tokens=tokens).save(tmp_path)

    again = load_table(tmp_path, Words(["挂失"]))

    assert np.array_equal(again.encode(["挂失卡"]), StaticTable(("[UNK]", "卡", "挂失"), matrix, Words(["挂失"])).encode(["挂失卡"]))
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ValueError, match="damaged"):
        load_table(tmp_path, Words([]))
