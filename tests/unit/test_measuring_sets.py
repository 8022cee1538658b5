"""What measures must not have been copied from what is measured: no line shares over half of its bigrams with a card's question."""

import json
from pathlib import Path

import pytest

from knowledge.loader import load
from language.normalise import fold
from tests.bigrams import bigrams, most_shared

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "tests" / "data" / "questions").glob("*.jsonl"), *(ROOT / "tests" / "data" / "intents").glob("*.jsonl")])
SHORTEST = 4  # a line of three characters is a command; it has two bigrams at most


@pytest.fixture(scope="module")
def questions() -> list[frozenset[str]]:
    return [bigrams(question) for card in load(ROOT / "knowledge" / "cards") for question in card.questions]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_line_repeats_a_card_question(path: Path, questions: list[frozenset[str]]) -> None:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    lines = {record.get("question") or record.get("text") or "" for record in records}
    copied = sorted(line for line in lines if len(fold(line)) >= SHORTEST and most_shared(line, questions) > 0.5)

    assert records
    assert copied == []


def test_there_are_sets_to_measure_with() -> None:
    assert len(FILES) >= 2
