"""The hand-written bank, imported once."""

from pathlib import Path

import pytest

from tests.conftest import made_once
from tests.integration.import_kit import HAND_BANK, House


@pytest.fixture(scope="session")
def loaded_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a house with the hand-written bank, to be copied."""

    def make(root: Path) -> None:
        house = House(root)
        house.load(HAND_BANK)
        house.close()

    return made_once(tmp_path_factory, "hand-bank", make)
