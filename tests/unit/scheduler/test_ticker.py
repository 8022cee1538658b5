"""The ticker calls, survives a failing tick, and leaves no thread behind."""

import logging
import threading

import pytest

from scheduler.runner import Ticker

PATIENCE_S = 10.0


class Counting:
    """A tick that counts, raises when told, and lets a test wait for its n-th call."""

    def __init__(self, *, failing: bool = False, wanted: int = 1) -> None:
        self.calls = 0
        self.together = 0
        self.most_together = 0
        self.reached = threading.Event()
        self._failing, self._wanted = failing, wanted
        self._lock = threading.Lock()

    def __call__(self) -> None:
        with self._lock:
            self.calls += 1
            self.together += 1
            self.most_together = max(self.most_together, self.together)
            if self.calls >= self._wanted:
                self.reached.set()
        try:
            if self._failing:
                raise LookupError("a name that must not be in the operator's line")
        finally:
            with self._lock:
                self.together -= 1


def test_it_ticks_at_once_and_again_until_it_is_stopped() -> None:
    before = set(threading.enumerate())
    tick = Counting(wanted=3)
    ticker = Ticker(tick, every_s=0.05)

    ticker.start()
    assert ticker.running
    assert tick.reached.wait(PATIENCE_S)
    ticker.stop()
    after_stop = tick.calls

    assert not ticker.running
    assert set(threading.enumerate()) == before
    assert tick.calls == after_stop
    assert tick.most_together == 1


def test_the_first_tick_does_not_wait_for_the_interval() -> None:
    tick = Counting()
    ticker = Ticker(tick, every_s=3600)

    ticker.start()
    try:
        assert tick.reached.wait(PATIENCE_S)
    finally:
        ticker.stop()

    assert tick.calls == 1


def test_a_tick_that_raises_is_logged_without_its_words_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    tick = Counting(failing=True, wanted=3)
    ticker = Ticker(tick, every_s=0.05)

    with caplog.at_level(logging.WARNING, logger="peiban.scheduler"):
        ticker.start()
        assert tick.reached.wait(PATIENCE_S)
        ticker.stop()

    ours = [record.getMessage() for record in caplog.records if record.name == "peiban.scheduler"]
    assert "scheduler.tick.failed job='tick' cause=LookupError" in ours
    assert not [line for line in ours if "a name" in line]


def test_ticks_that_are_overtaken_are_skipped_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    overtaken, entered = threading.Event(), threading.Event()
    calls: list[int] = []

    def slow() -> None:
        calls.append(1)
        entered.set()
        overtaken.wait(PATIENCE_S)

    class Watch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "scheduler.tick.overlapped" in record.getMessage():
                overtaken.set()

    watch = Watch()
    logging.getLogger("peiban.scheduler").addHandler(watch)
    ticker = Ticker(slow, every_s=0.05)
    try:
        ticker.start()
        assert entered.wait(PATIENCE_S)
        assert overtaken.wait(PATIENCE_S)
    finally:
        ticker.stop()
        logging.getLogger("peiban.scheduler").removeHandler(watch)

    assert len(calls) < 5


def test_starting_and_stopping_twice_changes_nothing() -> None:
    before = threading.active_count()
    tick = Counting()
    ticker = Ticker(tick, every_s=3600)

    ticker.stop()
    ticker.start()
    running = threading.active_count()
    ticker.start()
    assert threading.active_count() <= running + 1  # the pool's one worker may begin in between
    ticker.stop()
    ticker.stop()

    assert threading.active_count() == before


def test_it_can_be_started_again_after_it_was_stopped() -> None:
    tick = Counting(wanted=2)
    ticker = Ticker(tick, every_s=3600)

    ticker.start()
    ticker.stop()
    ticker.start()
    reached = tick.reached.wait(PATIENCE_S)
    ticker.stop()

    assert reached
