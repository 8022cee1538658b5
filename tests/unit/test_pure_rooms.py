"""Nothing below the shell reads the time, chance or the environment. That only the gate approves is tests/unit/compliance/test_gate.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = (
    "bot",
    "handlers",
    "scheduler",
    "retrieval",
    "knowledge",
    "crm",
    "compliance",
    "language",
    "domain",
    "storage",
    "config",
    "sandbox",
)
# What reads the clock, chance or the environment, by the dotted name it is called by.
UNFIT = {
    "datetime.now",
    "datetime.utcnow",
    "date.today",
    "time.time",
    "random.random",
    "random.choice",
    "os.getenv",
    "uuid.uuid4",
}


def calls(room: str) -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path.relative_to(ROOT), ast.unparse(node.func)


def test_nothing_below_the_shell_reads_time_chance_or_environment() -> None:
    below = [room for room in ROOMS if room not in ("bot", "sandbox")]
    found = {f"{path}: {name}" for room in below for path, name in calls(room) if name in UNFIT or name.startswith("os.environ")}

    assert found == set()
