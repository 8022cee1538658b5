"""What is served was published by a process of its own, once, and a card that cannot be used is said in one line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.base import TABLE
from tests.conftest import MORNING

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.long(seconds=20)]  # trains for real

SERVE = f"""
import json, sys
from datetime import datetime
from pathlib import Path
from bot.app import build
from bot.demonstration import prepare
from config.settings import Settings
from domain.errors import BadInput
at = datetime.fromisoformat("{MORNING.isoformat()}")
with build(Settings(data=Path(sys.argv[1]), cards=Path(sys.argv[2]), sandbox=True), clock=lambda: at) as app:
    try:
        prepare(app)
    except BadInput as error:
        sys.exit(str(error))
    app.knowledge.ready()
    print(json.dumps(sorted({{"torch", "sentence_transformers", "sklearn", "jieba"}} & set(sys.modules))), app.knowledge.published())
"""


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """A knowledge folder to change. A fifth of the cards: enough to train vectors, and sooner done."""
    shutil.copytree(ROOT / "knowledge" / "cards", tmp_path / "knowledge" / "cards")
    shutil.copy(Settings().cards.parent / "offtopic.txt", tmp_path / "knowledge" / "offtopic.txt")
    for number, card in enumerate(sorted((tmp_path / "knowledge" / "cards").rglob("*.md"))):
        if number % 5:
            card.unlink()
    return tmp_path / "knowledge" / "cards"


def serve(data: Path, cards: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SERVE, str(data), str(cards)]
    return subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)


def test_serving_publishes_apart_and_once(bank_template: Path, cards: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(bank_template, tmp_path / "data"))

    first, again = serve(data, cards), serve(data, cards)

    assert "已发布" in first.stdout, first.stderr
    assert first.stdout.splitlines()[-1] == "[] True"
    assert again.stdout.splitlines() == ["[] True"]
    assert list(data.rglob(TABLE)), "too few cards to train"

    card = next(cards.rglob("*.md"))
    card.write_text(card.read_text(encoding="utf-8").replace("approval:", "aproval:"), encoding="utf-8")
    refused = serve(data, cards)

    assert refused.returncode == 1
    assert card.name in refused.stderr
    assert "Traceback" not in refused.stderr
