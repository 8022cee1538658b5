"""The two sides of the data contract that know nothing of each other: what the simulated bank writes, the import takes."""

from pathlib import Path

import pytest

from sandbox.bank.command import generate
from sandbox.bank.contract import feeds
from tests.integration.import_kit import TODAY, House


@pytest.mark.slow
def test_every_feed_of_a_simulated_bank_is_taken_without_a_refused_row(tmp_path: Path) -> None:
    folder = tmp_path / "bank"
    generate(out=folder, as_of=TODAY, customers=300, companies=12, months=6, seed=11)
    house = House(tmp_path)

    report = house.load(folder, sandbox=True)
    house.close()

    assert {feed.feed for feed in report.feeds} == set(feeds())
    assert [(feed.feed, feed.rejected) for feed in report.feeds if feed.rejected] == []
    assert report.taken > 50_000
