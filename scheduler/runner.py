"""The only thread of this room: a tick every so many seconds, and nothing else.

What is due is computed from the database by the given tick, so a tick that is missed, late or run by two processes changes nothing.
That is why no job is stored, none is ever too late, and a pile of missed ones is one.
"""

import logging
from collections.abc import Callable, Mapping

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

ZONE = "Asia/Shanghai"
log = logging.getLogger("peiban.scheduler")

ACTIONS: Mapping[int, str] = {
    EVENT_JOB_MISSED: "scheduler.tick.missed",
    EVENT_JOB_ERROR: "scheduler.tick.failed",
    EVENT_JOB_MAX_INSTANCES: "scheduler.tick.overlapped",
}


class Ticker:
    """Calls `tick` at once and then every `every_s` seconds, never two at a time, until stopped. A tick that raises does not end it."""

    def __init__(self, tick: Callable[[], object], *, every_s: float) -> None:
        self._tick = tick
        self._every_s = every_s
        self._scheduler: BackgroundScheduler | None = None

    @property
    def running(self) -> bool:
        """Whether it has been started and not stopped."""
        return self._scheduler is not None

    def start(self) -> None:
        """Start the thread; the first tick is at once. Starting twice changes nothing."""
        if self._scheduler is not None:
            return
        scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(max_workers=1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone=ZONE,
        )
        scheduler.add_listener(_log, EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES)
        # one job for both: a second, one-shot job would be removed while the scheduler stops, which it answers with an error
        at_once_and_then = OrTrigger([DateTrigger(timezone=ZONE), IntervalTrigger(seconds=self._every_s, timezone=ZONE)])
        scheduler.add_job(self._tick, at_once_and_then, id="tick")
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """Stop, wait for a tick that is under way, and leave no thread behind. Stopping twice changes nothing."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
            self._scheduler = None


def _log(event: JobEvent) -> None:
    """One line for the operator; the trace of a failed tick is logged by the executor that caught it."""
    cause = getattr(event, "exception", None)
    log.warning("%s job=%r cause=%s", ACTIONS[event.code], event.job_id, type(cause).__name__ if cause else "none")
