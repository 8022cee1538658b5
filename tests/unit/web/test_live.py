"""What keeps a page fresh."""

import asyncio
import threading

import pytest

from bot.web.live import Live


def test_a_ring_on_another_thread_refreshes_at_once() -> None:
    async def scene() -> None:
        refreshed = asyncio.Event()

        async def refresh() -> None:
            refreshed.set()

        live = Live(refresh)
        threading.Thread(target=live.wake).start()
        await asyncio.wait_for(refreshed.wait(), 1.5)  # sooner than the two seconds after which it looks by itself
        live.stop()

    asyncio.run(scene())


@pytest.mark.slow
def test_it_looks_by_itself_too() -> None:
    async def scene() -> None:
        refreshed = asyncio.Event()

        async def refresh() -> None:
            refreshed.set()

        live = Live(refresh)
        await asyncio.wait_for(refreshed.wait(), 10)
        live.stop()

    asyncio.run(scene())


def test_a_refresh_that_fails_does_not_end_it() -> None:
    async def scene() -> None:
        calls: list[int] = []
        again = asyncio.Event()

        async def refresh() -> None:
            calls.append(1)
            if len(calls) == 1:
                live.wake()
                raise OSError("the database is busy")
            again.set()

        live = Live(refresh, rest_s=0)
        live.wake()
        await asyncio.wait_for(again.wait(), 10)
        live.stop()

    asyncio.run(scene())


def test_refreshes_never_overlap() -> None:
    async def scene() -> None:
        running, most, done = 0, 0, asyncio.Event()
        rounds = 0

        async def refresh() -> None:
            nonlocal running, most, rounds
            running += 1
            most = max(most, running)
            live.wake()
            await asyncio.sleep(0)
            running -= 1
            rounds += 1
            if rounds == 5:
                done.set()

        live = Live(refresh, rest_s=0)
        live.wake()
        await asyncio.wait_for(done.wait(), 10)
        live.stop()
        assert most == 1

    asyncio.run(scene())


def test_a_ring_after_the_end_is_nothing() -> None:
    async def scene() -> Live:
        async def refresh() -> None:
            return

        live = Live(refresh)
        live.stop()
        return live

    asyncio.run(scene()).wake()
