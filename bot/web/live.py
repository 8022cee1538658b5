"""Keeps a page fresh: woken by the bell of this process, and now and then for what other processes did."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar

from bot.observe import fault

P = ParamSpec("P")
R = TypeVar("R")

EVERY_S = 2.0
_REST_S = 0.1  # rings that follow each other closely are answered together

# The database is asked off the event loop, by so many at once: a thousand open pages must not take every connection.
_POOL = ThreadPoolExecutor(max_workers=6, thread_name_prefix="page")


async def off_loop(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a call that waits for the database on a thread."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, partial(call, *args, **kwargs))


class Live:
    """Calls `refresh` on the event loop: after each `wake`, and at the latest every two seconds. Never twice at once."""

    def __init__(self, refresh: Callable[[], Awaitable[None]], *, rest_s: float = _REST_S) -> None:
        self._refresh = refresh
        self._rest_s = rest_s
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._task = self._loop.create_task(self._run())

    def wake(self) -> None:
        """Ask for a refresh soon. May be called on any thread and returns at once."""
        with suppress(RuntimeError):  # the loop is closed: the server is going down and nobody looks any more
            self._loop.call_soon_threadsafe(self._woken.set)

    def stop(self) -> None:
        """End for good."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), EVERY_S)
            self._woken.clear()
            try:
                await self._refresh()
            except Exception as error:  # the page's boundary: a busy database is asked again, the page stays
                fault("page.refresh.failed", error)
            await asyncio.sleep(self._rest_s)
