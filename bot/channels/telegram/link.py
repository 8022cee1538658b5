"""The line to the Bot API: one thread with its own event loop, and the library's bot on it. The rest of the house is synchronous."""

import asyncio
import concurrent.futures
import json
import logging
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from telegram import Bot, Update
from telegram.request import HTTPXRequest

from bot.channels.telegram.faults import check_answer
from domain.errors import ChannelDown, DeliveryUnknown

_T = TypeVar("_T")


class CheckedRequest(HTTPXRequest):
    """A request whose answer is looked at before the library reads it."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Ask and check."""
        status, payload = await super().do_request(*args, **kwargs)
        check_answer(status, payload)
        return status, payload


class UpdatesRequest(CheckedRequest):
    """A request for updates. One that the library cannot read loses its content and keeps its number, so that it is passed over."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Ask, check, and empty what cannot be read."""
        status, payload = await super().do_request(*args, **kwargs)
        result = json.loads(payload).get("result")
        if not isinstance(result, list):
            return status, payload
        numbered = [update for update in result if isinstance(update, dict) and isinstance(update.get("update_id"), int)]
        readable = [update if read_update(update) else {"update_id": update["update_id"]} for update in numbered]
        return status, json.dumps({"ok": True, "result": readable}).encode()


def read_update(body: Any) -> Update | None:
    """Read one update, or None when it is none that the library knows."""
    if not isinstance(body, dict) or not isinstance(body.get("update_id"), int):
        return None
    try:
        return Update.de_json(body, None)
    except Exception:  # whatever a foreign body makes the library raise, one update must not hold up the others
        return None


class Link:
    """Starts its thread at the first use. `close` ends it; a link that was closed is not used again."""

    def __init__(self, *, token: str, api_base: str, timeout_s: float, poll_s: float) -> None:
        # These two write whole addresses, the token in them, at INFO.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        base = api_base.rstrip("/")
        self._requests = (
            CheckedRequest(16, read_timeout=timeout_s, write_timeout=timeout_s, connect_timeout=timeout_s, media_write_timeout=timeout_s),
            UpdatesRequest(1, read_timeout=timeout_s, write_timeout=timeout_s, connect_timeout=timeout_s),
        )
        self.poll_s = poll_s
        self.bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self._lock = threading.Lock()
        self._closed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="telegram", daemon=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def spawn(self, work: Coroutine[Any, Any, _T]) -> "concurrent.futures.Future[_T]":
        """Run something on the line's thread. Raises ChannelDown when the line was closed."""
        with self._lock:
            if self._closed:
                work.close()
                raise ChannelDown("the line to Telegram is closed")
            if self._thread.ident is None:
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run something on the line's thread and wait for it. Raises what it raises; DeliveryUnknown when the line was closed meanwhile."""
        try:
            return self.spawn(work).result()
        except concurrent.futures.CancelledError:
            raise DeliveryUnknown("the line to Telegram was closed while this was sent") from None

    def close(self) -> None:
        """Cancel what runs and end the thread."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            if self._thread.ident is not None:
                asyncio.run_coroutine_threadsafe(self._wind_up(), self._loop).result()
                self._loop.call_soon_threadsafe(self._loop.stop)
                self._thread.join()
        self._loop.close()

    async def _wind_up(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for request in self._requests:
            await request.shutdown()
