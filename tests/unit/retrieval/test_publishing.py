"""Publishing: the same cards give the same bytes, a version appears at once or not at all, and damage is answered with less."""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from domain.errors import BadInput
from domain.party import Role
from knowledge.catalogue import Catalogue
from retrieval.base import current_version, version_folder
from retrieval.evidence import Leg
from retrieval.opening import open_search
from retrieval.publish import publish
from retrieval.synthetic import catalogue

pytestmark = [pytest.mark.slow, pytest.mark.long(seconds=20)]  # trains for real, in processes of its own

ON = date(2026, 6, 1)
ROOT = Path(__file__).parents[3]


def version_of(folder: Path) -> Path:
    name = current_version(folder)
    assert name is not None
    return version_folder(folder, name)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("chroma")
    }


@pytest.fixture
def own(published: Path, tmp_path: Path) -> Path:
    """A copy of the published base to damage."""
    return Path(shutil.copytree(published, tmp_path / "base"))


def test_the_same_cards_give_the_same_bytes_in_another_process(cards: Catalogue, published: Path, tmp_path: Path) -> None:
    code = (
        "import sys, json; from pathlib import Path; from retrieval.publish import publish; from retrieval.synthetic import catalogue;"
        "publish(catalogue(60), Path(sys.argv[1]), off_topic=json.loads(sys.argv[2]))"
    )
    from tests.unit.retrieval.conftest import OFF_TOPIC

    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), json.dumps(OFF_TOPIC)], cwd=ROOT, check=True, env=os.environ | {"PYTHONHASHSEED": "99"}
    )

    assert digests(version_of(tmp_path)) == digests(version_of(published))
    assert len(digests(version_of(published))) > 20


def test_answers_by_words_and_vectors(published: Path) -> None:
    search = open_search(published)
    card = search.catalogue.cards[7]

    evidence = search.search(card.questions[0] + "呀", role=Role.RM, on=ON)

    assert evidence.leg is Leg.HYBRID
    assert evidence.top is not None
    assert evidence.top.card == card
    assert evidence.top.dense is not None
    assert evidence.version == current_version(published)


def test_unchanged_content_is_not_built_again(cards: Catalogue, own: Path) -> None:
    from tests.unit.retrieval.conftest import OFF_TOPIC

    steps: list[str] = []

    report = publish(cards, own, off_topic=OFF_TOPIC, progress=steps.append)

    assert not report.fresh
    assert steps == []


def test_a_changed_card_is_a_new_version_and_the_old_one_stays_for_its_readers(cards: Catalogue, own: Path) -> None:
    before = version_of(own)
    reader = open_search(own)
    changed = cards.with_cards([replace(cards.cards[0], answer="换了新的说法。")])

    report = publish(changed, own, off_topic=[])

    assert report.fresh
    assert report.cards == 60
    assert version_of(own) != before
    assert before.is_dir()
    assert open_search(own).catalogue.cards[0].answer == "换了新的说法。"
    assert reader.search(cards.cards[0].questions[0], role=Role.RM, on=ON).top is not None


def test_a_small_base_answers_by_words_alone(tmp_path: Path) -> None:
    report = publish(catalogue(10), tmp_path, off_topic=[])

    evidence = open_search(tmp_path).search(catalogue(10).cards[0].questions[0], role=Role.RM, on=ON)

    assert report.embedder == ""
    assert evidence.leg is Leg.LEXICAL
    assert evidence.top is not None


def test_publishers_at_the_same_time_end_with_one_whole_base(tmp_path: Path) -> None:
    bases = [catalogue(12, seed=seed) for seed in (1, 2, 3, 1)]

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda base: publish(base, tmp_path, off_topic=[], keep=9), bases))

    assert len({report.version for report in reports}) == 3
    assert current_version(tmp_path) in {report.version for report in reports}
    assert len(open_search(tmp_path).catalogue) == 12
    assert not list(tmp_path.glob("building-*"))


def test_a_publisher_that_fails_leaves_what_was_served(cards: Catalogue, own: Path) -> None:
    before = current_version(own)

    class Broken:
        name = "broken"

        def encode(self, texts: object, *, query: bool = False) -> np.ndarray:
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        publish(cards, own, off_topic=[], embedder=Broken())  # type: ignore[arg-type]  # takes anything and fails

    assert current_version(own) == before
    assert not list(own.glob("building-*"))


def test_refuses_an_empty_base_and_a_folder_without_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no card to publish"):
        publish(Catalogue([]), tmp_path, off_topic=[])
    with pytest.raises(BadInput, match="publish the cards first"):
        open_search(tmp_path)
    with pytest.raises(BadInput, match="use numpy or chroma"):
        open_search(tmp_path, index="magic")


@pytest.mark.parametrize("lost", ["vectors/questions.npy", "vectors/first.npy", "table/model.safetensors", "table/tokenizer.json"])
def test_damaged_vectors_leave_the_words(own: Path, lost: str, caplog: pytest.LogCaptureFixture) -> None:
    (version_of(own) / lost).write_bytes(b"damaged")

    with caplog.at_level(logging.WARNING):
        evidence = open_search(own).search("储蓄卡挂失", role=Role.RM, on=ON)

    assert evidence.leg is Leg.LEXICAL
    assert evidence.top is not None
    assert "retrieval.vectors.damaged" in caplog.text


def test_damaged_gates_leave_the_general_ones(own: Path, caplog: pytest.LogCaptureFixture) -> None:
    (version_of(own) / "gates.json").write_text("[{}]", encoding="utf-8")

    assert open_search(own).search("储蓄卡挂失", role=Role.RM, on=ON).top is not None
    assert "retrieval.gates.damaged" in caplog.text


@pytest.mark.parametrize("lost", ["cards.json", "lexical/documents/tokens.json", "lexical/questions/bm25.npy"])
def test_damaged_words_are_said_in_one_line(own: Path, lost: str) -> None:
    (version_of(own) / lost).write_bytes(b"{}")

    with pytest.raises(BadInput, match="publish the cards again"):
        open_search(own)


def test_another_embedder_than_the_published_one_leaves_the_words(published: Path) -> None:
    class Other:
        name = "other"

        def encode(self, texts: object, *, query: bool = False) -> np.ndarray:
            raise AssertionError("must not be asked")

    search = open_search(published, embedder=Other())  # type: ignore[arg-type]  # takes anything

    assert search.search("储蓄卡挂失", role=Role.RM, on=ON).leg is Leg.LEXICAL


def test_a_role_sees_only_its_cards_through_every_leg(published: Path) -> None:
    search = open_search(published)
    staff_only = [card for card in search.catalogue if Role.CUSTOMER not in card.audience]
    assert staff_only

    for card in staff_only:
        for question in card.questions:
            found = search.search(question, role=Role.CUSTOMER, on=ON, k=60).hits
            assert all(Role.CUSTOMER in hit.card.audience for hit in found)
            assert search.search(question, role=Role.COMPLIANCE, on=ON).hits == ()


def test_expired_cards_are_never_found(cards: Catalogue, tmp_path: Path) -> None:
    expired = replace(cards.cards[5], valid_until=date(2026, 2, 1))
    publish(cards.with_cards([expired]), tmp_path, off_topic=[])
    search = open_search(tmp_path)

    found = {hit.card.id for question in expired.questions for hit in search.search(question, role=Role.RM, on=ON, k=60).hits}

    assert expired.id not in found
    assert search.search(expired.questions[0], role=Role.RM, on=date(2026, 1, 31)).hits[0].card.id == expired.id


def test_serving_imports_nothing_heavy(published: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from datetime import date; from domain.party import Role;"
        "from retrieval.opening import open_search; s = open_search(Path(sys.argv[1]));"
        "assert s.search('储蓄卡挂失', role=Role.RM, on=date(2026, 6, 1)).leg == 'hybrid';"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'chromadb', 'langchain', 'langchain_core', 'matplotlib', 'pandas',"
        "'jieba'};"
        "print(sorted(heavy & set(sys.modules)))"
    )

    said = subprocess.run([sys.executable, "-c", code, str(published)], cwd=ROOT, check=True, capture_output=True, text=True)

    assert said.stdout.strip() == "[]"
