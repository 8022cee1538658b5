"""A real database and facts folder a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.import_kit import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()
