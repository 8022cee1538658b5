"""Chroma in front of the exact index: the same ranking while it is well, an answer when it is not."""

import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from domain.party import Role
from knowledge.catalogue import Catalogue
from retrieval.base import current_version, version_folder
from retrieval.chroma import ChromaBroken, GuardedIndex, open_guarded, within
from retrieval.evidence import Leg
from retrieval.index import NumpyIndex, load_vectors
from retrieval.opening import open_search
from retrieval.search import Search
from retrieval.synthetic import catalogue
from retrieval.view import Views
from tests.unit.retrieval.conftest import base_of_sixty

ROOT = Path(__file__).parents[2]
ON = date(2026, 6, 1)

pytestmark = [
    pytest.mark.long(seconds=15),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def cards() -> Catalogue:
    return catalogue(60)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base_of_sixty(tmp_path_factory)


@pytest.fixture
def own(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "base"))


@pytest.fixture
def version(own: Path) -> Path:
    name = current_version(own)
    assert name is not None
    return version_folder(own, name)


@pytest.fixture
def guarded(version: Path) -> Iterator[GuardedIndex]:
    index = open_guarded(version, NumpyIndex(load_vectors(version / "vectors")))
    assert isinstance(index, GuardedIndex)
    yield index
    index.close()


def answered(search: Search, cards: Catalogue) -> Leg:
    evidence = search.search(cards.cards[4].questions[0], role=Role.RM, on=ON)
    assert evidence.top is not None
    assert evidence.top.card == cards.cards[4]
    return evidence.leg


def test_ranks_as_numpy_does_for_every_role_and_day(guarded: GuardedIndex, version: Path, cards: Catalogue) -> None:
    exact = NumpyIndex(load_vectors(version / "vectors"))
    views = Views(cards.cards)
    nothing = np.zeros(0, dtype=np.int64)
    for role, on in ((Role.CUSTOMER, ON), (Role.RM, ON), (Role.RM, date(2029, 1, 1)), (Role.TELLER, ON)):
        view = views.view(role, on=on, kinds=None)
        for vector in exact.vectors.questions[::7]:
            ours, theirs = exact.compare(vector, view, likely=nothing), guarded.compare(vector, view, likely=nothing)
            assert np.allclose(ours.document, theirs.document, atol=1e-4)
            assert np.allclose(ours.asked, theirs.asked, atol=1e-4)
            assert not theirs.asked[~view.mask].any()
    assert guarded.healthy


def test_search_gives_the_same_cards_with_either(own: Path, cards: Catalogue) -> None:
    exact, chroma = open_search(own), open_search(own, index="chroma")

    for card in cards.cards[::5]:
        asked = card.questions[1] + "谢谢"
        first, second = (search.search(asked, role=Role.CUSTOMER, on=ON, k=5) for search in (exact, chroma))
        assert [hit.card.id for hit in first.hits] == [hit.card.id for hit in second.hits]
        assert first.decision == second.decision
    chroma.close()


@pytest.mark.parametrize("damage", ["garbage", "deleted", "emptied"])
def test_a_corrupt_store_is_rebuilt_and_answers(own: Path, version: Path, cards: Catalogue, damage: str) -> None:
    first = open_guarded(version, NumpyIndex(load_vectors(version / "vectors")))
    assert isinstance(first, GuardedIndex)
    first.close()
    for path in sorted(version.glob("chroma-*/**/*")):
        if path.is_file():
            if damage == "deleted":
                path.unlink()
            else:
                path.write_bytes(b"" if damage == "emptied" else os.urandom(4096))

    started = time.monotonic()
    search = open_search(own, index="chroma")
    leg = answered(search, cards)
    search.close()

    assert leg is Leg.HYBRID
    assert time.monotonic() - started < 10


def test_lost_vectors_are_noticed_and_the_store_is_rebuilt(version: Path) -> None:
    exact = NumpyIndex(load_vectors(version / "vectors"))
    first = open_guarded(version, exact)
    assert isinstance(first, GuardedIndex)
    assert first._chroma is not None
    collection = first._chroma._questions
    changed = np.zeros_like(exact.vectors.documents[:1])
    changed[0, 0] = 1.0
    collection.update(ids=["0"], embeddings=changed)  # the count stays right
    first.close()

    again = open_guarded(version, exact)

    assert isinstance(again, GuardedIndex)
    assert sorted(path.name for path in version.glob("chroma-0*")) == ["chroma-000001"]
    again.close()


def test_a_second_opener_compares_with_numpy(own: Path, cards: Catalogue, caplog: pytest.LogCaptureFixture) -> None:
    code = (
        "import sys; from pathlib import Path; from retrieval.opening import open_search;"
        "s = open_search(Path(sys.argv[1]), index='chroma'); print('open', flush=True); sys.stdin.read()"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, str(own)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert owner.stdout is not None
        assert owner.stdout.readline().strip() == "open"
        with caplog.at_level(logging.WARNING):
            leg = answered(open_search(own, index="chroma"), cards)
    finally:
        owner.communicate("")

    assert leg is Leg.HYBRID
    assert "another process owns it" in caplog.text


def test_a_store_that_breaks_later_is_left(own: Path, version: Path, cards: Catalogue, caplog: pytest.LogCaptureFixture) -> None:
    index = open_guarded(version, NumpyIndex(load_vectors(version / "vectors")))
    assert isinstance(index, GuardedIndex)
    assert index._chroma is not None
    index._chroma._client.delete_collection("questions")
    view = Views(cards.cards).view(Role.RM, on=ON, kinds=None)
    vector = load_vectors(version / "vectors").questions[3]

    similar = index.compare(vector, view, likely=np.zeros(0, dtype=np.int64))

    assert similar.asked.max() > 0.99
    assert not index.healthy
    assert "comparing with numpy from now on" in caplog.text
    index.close()


def test_work_that_hangs_is_left_in_time() -> None:
    import threading

    never = threading.Event()
    started = time.monotonic()
    with pytest.raises(ChromaBroken, match=r"no answer within 0\.1 s"):
        within(0.1, never.wait)
    never.set()

    assert time.monotonic() - started < 2


def test_a_panic_is_no_more_than_broken() -> None:
    class Panic(BaseException):
        """As the Rust core raises."""

    def panic() -> None:
        raise Panic("core")

    with pytest.raises(ChromaBroken, match="Panic: core"):
        within(1, panic)
