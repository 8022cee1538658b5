"""Judges customers by itself: a run of `assess` whenever the facts are newer than what was judged, at night or right after an import.

The run is a process of its own, as a person would start it by hand: the process that serves never holds what only judging needs.
"""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.observe import event, fault
from crm.assessing.published import PublishedInsight
from crm.importing.snapshots import FactsFolder

_LOOK_S = 60.0
_AGAIN_S = 900.0  # after a run that failed


class Assessor:
    """One thread that looks once a minute. Any number of processes may: a second run over the same data is refused by the first."""

    def __init__(self, data: Path, *, environment: Mapping[str, str], look_s: float = _LOOK_S) -> None:
        """`data` is PEIBAN_DATA, `environment` that of the runs."""
        self._facts = FactsFolder(data / "facts")
        self._insight = PublishedInsight(data)
        self._environment = environment
        self._look_s = look_s
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="assessor", daemon=True)

    def start(self) -> None:
        """Judge what is not judged yet, and go on."""
        self._thread.start()

    def stop(self) -> None:
        """End; a run under way ends too and leaves nothing behind that counts."""
        self._stopping.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
        if self._thread.ident is not None:
            self._thread.join(15.0)

    def is_behind(self) -> bool:
        """Whether there are facts from which nothing was judged yet, as of their last day."""
        current = self._facts.current()
        return current is not None and self._insight.snapshot(current.as_of) != current.snapshot

    def _run(self) -> None:
        while not self._stopping.is_set():
            wait = self._look_s
            try:
                if self.is_behind() and self._judge():
                    wait = _AGAIN_S
            except Exception as error:  # the thread's boundary: a folder that is being replaced must not end it
                fault("assess.look.failed", error)
            self._stopping.wait(wait)

    def _judge(self) -> int:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "assess", "--gently"],
            cwd=Path(__file__).parent.parent,
            env=dict(self._environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        code = self._process.wait()
        if not self._stopping.is_set():
            event("assess.ran", level=logging.WARNING if code else logging.INFO, code=code)
        return code


@contextmanager
def judging(data: Path, *, environment: Mapping[str, str], wanted: bool) -> Iterator[None]:
    """Judge by itself until the end of the block."""
    if not wanted:
        yield
        return
    assessor = Assessor(data, environment=environment)
    assessor.start()
    try:
        yield
    finally:
        assessor.stop()
