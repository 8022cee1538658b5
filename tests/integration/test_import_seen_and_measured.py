"""The bar of an import, and the files by which its speed is measured."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from bot.benchmark.import_files import make
from bot.progress import import_bar
from tests.integration.import_kit import HAND_BANK, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def test_the_bar_shows_pace_and_rest_and_ends_whole(house: House) -> None:
    screen = io.StringIO()

    with import_bar(HAND_BANK, Console(file=screen, force_terminal=True, width=160, color_system=None)) as progress:
        report = house.load(HAND_BANK, progress=progress)

    assert report.taken == 30
    shares = [int(share) for share in re.findall(r"(\d+)%", screen.getvalue())]
    assert shares[-1] == 100
    assert shares == sorted(shares)
    assert "行/秒" in screen.getvalue()
    assert "还需" in screen.getvalue()


def test_without_a_terminal_nothing_is_drawn(house: House) -> None:
    screen = io.StringIO()

    with import_bar(HAND_BANK, Console(file=screen)) as progress:
        house.load(HAND_BANK, progress=progress)

    assert screen.getvalue() == ""


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_files_that_are_measured_are_taken_whole(house: House, tmp_path: Path, form: str) -> None:
    make(tmp_path / "bank", transactions=3_000, form=form)

    report = house.load(tmp_path / "bank")

    assert report.rejected == 0
    assert {feed.feed: feed.taken for feed in report.feeds} == {"persons": 11, "accounts": 33, "balances": 759, "transactions": 3_000}
