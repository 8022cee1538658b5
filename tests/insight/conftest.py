"""A generated bank that all tests of judgements share: taken in and judged once. Nobody writes to it: who must takes a copy."""

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import made_once
from tests.insight.kit import Made, take_in

AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="session")
def insight_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`files/` of the generated bank with their `truth/`, and `data/`, a PEIBAN_DATA that was judged as of its last day."""
    return made_once(tmp_path_factory, "insight", _make)


@pytest.fixture(scope="session")
def insight_bank(insight_folder: Path) -> Made:
    """The generated bank: 400 persons, 30 companies, 14 months."""
    return Made(insight_folder / "data", AS_OF)


def _make(folder: Path) -> None:
    from crm.assessing.run import assess
    from sandbox.bank.command import generate

    generate(out=folder / "files", as_of=AS_OF, customers=400, companies=30, months=14, seed=11)
    take_in(folder / "files", folder / "data")
    assess(folder / "data")
