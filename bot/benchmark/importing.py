"""The import at three sizes, from Parquet and from CSV: transactions a second and the most memory that the process ever had.

Each is the command `python -m bot import` as a process of its own, over a data folder of its own, its start included.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bot.benchmark import import_files
from bot.benchmark.figures import Figure
from config.settings import Settings

SIZES = (1_000_000, 4_000_000, 13_000_000)
_WANTED = {"parquet": 300_000, "csv": 100_000}
_MEMORY_MB = 2048
# A process begins with the most memory that its parent ever had: a small one stands between, so that ours does not count.
WATCH = """import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)"""


def three_sizes(settings: Settings) -> list[Figure]:
    """Make files, import them, throw both away; one size after the other."""
    figures: list[Figure] = []
    for form, wanted in _WANTED.items():
        for transactions in SIZES:
            folder = settings.data / f"{form}-{transactions}"
            import_files.make(folder / "bank", transactions=transactions, form=form)
            rate, memory = _measured(folder, transactions)
            shutil.rmtree(folder)
            said = f"import of {transactions / 1e6:g} M transactions from {form}"
            figures.append(Figure(name=said, value=rate, unit="transactions/s", wanted=wanted, at_most=False))
            figures.append(Figure(name=f"{said}, most memory", value=memory, unit="MB", wanted=_MEMORY_MB))
    return figures


def _measured(folder: Path, transactions: int) -> tuple[float, float]:
    environment = {**os.environ, "PEIBAN_DATA": str(folder / "data"), "PEIBAN_DATABASE_URL": "", "PEIBAN_LOG_LEVEL": "ERROR"}
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603  our own interpreter and module
        [sys.executable, "-c", WATCH, sys.executable, "-m", "bot", "import", str(folder / "bank")],
        env=environment,
        stdout=subprocess.PIPE,
        check=False,
    )
    took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"the import that was to be measured ended with {done.returncode}")
    return transactions / took, int(done.stdout.split()[-1]) / 1024
