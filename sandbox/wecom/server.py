"""The server: one event loop, one world, loopback only."""

import asyncio
import socket
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from sandbox.wecom.admin import Admin
from sandbox.wecom.app.oauth import AUTHORIZE, authorize
from sandbox.wecom.clock import Clock
from sandbox.wecom.contacts.transfers import settle
from sandbox.wecom.courier import Courier
from sandbox.wecom.dispatch import Api
from sandbox.wecom.http import Answer, Connections, Request
from sandbox.wecom.kf.accounts import add_account
from sandbox.wecom.kf.state import Servicer
from sandbox.wecom.options import KINDS, Options, Settings
from sandbox.wecom.pages import page
from sandbox.wecom.world import Push, World
from sandbox.wecom.xml import read

_TICK_S = 0.2  # how often a running clock is looked at for what has become due


class WecomServer:
    """Serves one `World`. As a context manager it runs on a thread of its own; `serve` runs it on the loop that calls.

    `callback` is one address for all kinds, `callbacks` one by kind; `listening` is a socket instead of a port.
    """

    def __init__(
        self,
        options: Options | None = None,
        settings: Settings | None = None,
        *,
        port: int = 0,
        clock: Clock | None = None,
        world: World | None = None,
        callback: str = "",
        callbacks: Mapping[str, str] | None = None,
        listening: socket.socket | None = None,
    ) -> None:
        self.world = world or _new_world(options or Options(), settings or Settings(), clock or Clock())
        self.api = Api(self.world)
        self.courier = Courier(self.world, self._replied, dict(callbacks or (dict.fromkeys(KINDS, callback) if callback else {})))
        self.admin = Admin(self.world, self.api, self.courier)
        self._port = port
        self._listening = listening
        self._up = threading.Event()
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)

    @property
    def url(self) -> str:
        """What stands for https://qyapi.weixin.qq.com."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._up.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self.stop)
        self._thread.join(10)

    def stop(self) -> None:
        """End `serve`; to be called on its loop."""
        self._stop.set()

    async def up(self) -> None:
        """Until it serves."""
        while not self._up.is_set():
            await asyncio.sleep(0.01)

    async def serve(self) -> None:
        """Until `stop`."""
        self._loop = asyncio.get_running_loop()
        connections = Connections(self._answer)
        where: dict[str, Any] = {"sock": self._listening} if self._listening else {"host": "127.0.0.1", "port": self._port}
        server = await asyncio.start_server(connections.serve, **where, limit=1 << 20)
        self._port = server.sockets[0].getsockname()[1]
        self._up.set()
        ticking = asyncio.create_task(self._tick())
        await self._stop.wait()
        ticking.cancel()
        server.close()
        await self.courier.close()
        await connections.close()

    async def _answer(self, request: Request) -> Answer:
        if request.path.startswith("/cgi-bin/"):
            answer = await self.api.answer(request)
        elif request.path.startswith("/_sandbox"):
            answer = await self.admin.answer(request)
        elif request.path.startswith("/phones"):
            answer = page(request.path)
        elif request.path == AUTHORIZE:
            answer = authorize(self.world, request)
        else:
            answer = Answer(404, b"", "text/plain")
        self._catch_up()
        return answer

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            self._catch_up()

    def _catch_up(self) -> None:
        settle(self.world)
        self.courier.send_waiting()

    def _replied(self, push: Push, plain: str) -> None:
        """A passive reply to a callback of the app: a text is shown to who wrote."""
        fields, sender = read(plain), str(dict(push.pairs).get("FromUserName", ""))
        if push.to == "app" and fields.get("MsgType") == "text":
            body = {"msgtype": "text", "text": {"content": fields["Content"]}}
            self.world.phones.show(f"member:{sender}", self.world.clock.seconds(), "text", where="app", by="api", msgid="", body=body)


def _new_world(options: Options, settings: Settings, clock: Clock) -> World:
    world = World(options=options, settings=settings, clock=clock)
    if options.seeded:
        world.directory.seed()
        account = add_account(world, "陪伴客服")
        for userid in ("zhou", "he"):
            account.servicers[userid] = Servicer(userid)
    return world
