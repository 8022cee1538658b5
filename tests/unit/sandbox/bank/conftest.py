"""One bank of the usual size for all tests that only read it."""

from pathlib import Path

import pytest

from sandbox.bank.command import generate
from tests.unit.sandbox.bank.bank_files import AS_OF


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bank")
    generate(out=out, as_of=AS_OF)
    return out
