"""The web server: routes, and one process that serves them. Moving inbox and outbox is not started here; `App.start` does that."""

import signal
from collections.abc import Sequence

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from nicegui import Client, ui
from nicegui import app as pages

from bot.app import App
from bot.observe import fault
from bot.web import plain
from bot.web.api import api
from bot.web.entering import begin_session
from bot.web.events import event_routes
from bot.web.first_page import first_page
from bot.web.guard import Guard
from bot.web.identity import CHAT, WORKBENCH, Door, Visitor, sign_session, verify, visitor
from bot.web.live import off_loop
from bot.web.media import media_routes
from bot.web.own_chat import OwnChatPanel
from bot.web.sending import Sender
from bot.web.workbench import WorkbenchPage
from domain.errors import BadInput, BadSettings, BadSignature

_RECONNECT_S = 30.0  # a phone in a pocket comes back to the same page within this


def create_server(app: App, *, routes: Sequence[APIRouter] = (), phones: str = "") -> FastAPI:
    """Make the web application, with the routes of channels that are called from outside. `phones` is where WeCom is shown, if anywhere.

    One per process: the page framework keeps its pages in the process.

    Raises BadSettings outside a sandbox without a secret key, as nobody could get in.
    """
    secret = app.settings.secret_key.get_secret_value()
    if not app.settings.sandbox and len(secret) < 32:
        raise BadSettings("PEIBAN_SECRET_KEY: at least 32 characters are needed to let anybody in; or start with --sandbox")
    web = FastAPI(title="陪伴", docs_url=None, redoc_url=None, openapi_url=None)
    _add_states(web, app)
    for router in (api(app), event_routes(app), media_routes(app), *routes):
        web.include_router(router)
    _add_first_page(web, app, phones)
    web.mount("/look", StaticFiles(directory=plain.LOOK), name="look")
    _add_pages(app)
    ui.run_with(
        web,
        title="陪伴",
        viewport=plain.VIEWPORT,
        favicon=plain.LOOK / "icon.svg",
        language="zh-CN",
        binding_refresh_interval=None,
        reconnect_timeout=_RECONNECT_S,
        message_history_length=200,
        tailwind=False,
        show_welcome_message=False,
    )
    web.add_middleware(Guard)
    return web


def serve(app: App, *, routes: Sequence[APIRouter] = (), phones: str = "") -> None:
    """Serve on the host and port of the settings until SIGINT or SIGTERM; call it on the main thread.

    After SIGTERM it returns, so that the caller can close the app; after SIGINT it raises KeyboardInterrupt. There is no access log:
    addresses may carry a link's token.
    """
    config = uvicorn.Config(
        create_server(app, routes=routes, phones=phones),
        host=app.settings.host,
        port=app.settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        ws_max_size=1_000_000,
    )
    # The server raises a signal again once it has shut down; by default a second SIGTERM would end the process before the app is closed.
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    try:
        uvicorn.Server(config).run()
    finally:
        signal.signal(signal.SIGTERM, before)


def _add_states(web: FastAPI, app: App) -> None:
    def waiting() -> int:
        with app.store.reading() as records:
            return records.inbox.waiting()

    @web.get("/healthz")
    async def healthz() -> Response:
        """Whether the process serves, and how many messages are not dealt with yet."""
        try:
            return JSONResponse({"ok": True, "inbox_waiting": await off_loop(waiting)})
        except Exception as error:  # the probe's boundary: whatever keeps the database from answering is the answer
            fault("health.failed", error)
            return JSONResponse({"ok": False, "inbox_waiting": None}, status_code=503)

    @web.get("/readyz")
    async def readyz() -> Response:
        """Whether messages can be taken now: the database answers."""
        return await healthz()


def _add_first_page(web: FastAPI, app: App, phones: str) -> None:
    @web.get("/")
    async def first(q: str = "") -> Response:
        """Who are you: in a sandbox only."""
        if not app.settings.sandbox:
            return HTMLResponse(plain.how_to_get_in(sandbox=False))
        return HTMLResponse(await off_loop(first_page, app, q.strip()[:40], phones=phones))


def _add_pages(app: App) -> None:
    @ui.page(CHAT.path, title="陪伴")
    async def chat(request: Request, client: Client) -> Response | None:
        """The chat of a customer."""
        who = await _enter(app, CHAT, request)
        if isinstance(who, Response):
            return who
        _dress()
        await OwnChatPanel(app, who, sender=Sender(app, who), client=client).build()
        return None

    @ui.page(WORKBENCH.path, title="工作台 · 陪伴")
    async def workbench(request: Request, client: Client) -> Response | None:
        """The workbench of a member of staff."""
        who = await _enter(app, WORKBENCH, request)
        if isinstance(who, Response):
            return who
        _dress()
        await WorkbenchPage(app, who, client).build()
        return None

    @pages.exception_handler(404)
    async def not_found(_request: Request, _error: Exception) -> Response:
        return HTMLResponse(plain.message("没有这个页面", "地址可能写错了。请回到首页，或者用银行发给您的链接进来。"), status_code=404)

    @pages.exception_handler(Exception)
    async def failed(_request: Request, error: Exception) -> Response:
        fault("page.failed", error)
        return HTMLResponse(plain.message("页面没有打开", "我们这边出了点问题，已经记下来了。请过一会儿再试。"), status_code=500)


def _dress() -> None:
    ui.add_head_html(f'<link rel="stylesheet" href="{plain.STYLE}">')


async def _enter(app: App, door: Door, request: Request) -> Visitor | Response:
    """Let somebody in, turn a signed link into a session, or say how to get in."""
    sandbox, secret, at = app.settings.sandbox, app.settings.secret_key.get_secret_value(), app.clock()
    stranger = HTMLResponse(plain.how_to_get_in(sandbox=sandbox), status_code=401)
    if token := request.query_params.get("t"):
        try:
            party = await off_loop(app.known, verify(token, secret, at))
        except (BadSignature, BadInput):
            return stranger
        if not door.admits(party):
            return stranger
        return begin_session(door, sign_session(party, secret, at), secure=request.url.scheme == "https")
    wanted = request.query_params.get("as", "")
    who = visitor(door, sandbox=sandbox, secret=secret, at=at, wanted=wanted, cookies=request.cookies)
    if who is None:
        return stranger
    try:
        await off_loop(app.known, who.party)
    except BadInput:
        return stranger
    return who
