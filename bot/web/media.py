"""What customers sent beside words, and pictures of ours, for staff who may read the conversation that it stands in."""

from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from bot.app import App
from bot.channels.wecom.shelf import Shelf
from bot.channels.wecom.wiring import MEDIA_FOLDER
from bot.charts.shelf import Pictures
from bot.web import plain
from bot.web.identity import WORKBENCH, Visitor, visitor
from bot.web.live import off_loop
from bot.web.sources import Workbench
from domain.errors import BadInput
from domain.media import MediaPiece
from domain.party import Party

_BEGINNINGS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
#: Only what a browser draws and never runs is shown; everything else is saved. No type that a sender named counts.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
_NOT_YET = ("还在取", "文件正在从微信客服取回，请过一会儿再打开。")
_GONE = ("没能取回", "这个文件没能取回，请在微信客服里看。")
_NOBODYS = ("没有这个文件", "没有这个文件，或者不归您看。")


def media_routes(app: App) -> APIRouter:
    """What customers sent, and what we drew; who asks is found as for the workbench."""
    router = APIRouter()
    shelf = Shelf(app.settings.data / MEDIA_FOLDER)

    pictures = Pictures(app.settings.data)

    def asking(request: Request) -> Visitor | None:
        settings = app.settings
        secret, wanted = settings.secret_key.get_secret_value(), request.query_params.get("as", "")
        return visitor(WORKBENCH, sandbox=settings.sandbox, secret=secret, at=app.clock(), wanted=wanted, cookies=request.cookies)

    @router.get(WORKBENCH.path + "/media/{channel}/{message_id}")
    async def media(channel: str, message_id: str, request: Request) -> Response:
        who = asking(request)
        if who is None:
            return HTMLResponse(plain.how_to_get_in(sandbox=app.settings.sandbox), status_code=401)
        return await off_loop(_answer, app, shelf, who.party, channel, message_id)

    @router.get(WORKBENCH.path + "/picture/{conversation_id}/{name}")
    async def picture(conversation_id: str, name: str, request: Request) -> Response:
        who = asking(request)
        if who is None:
            return HTMLResponse(plain.how_to_get_in(sandbox=app.settings.sandbox), status_code=401)
        return await off_loop(_drawn, app, pictures, who.party, conversation_id, name)

    return router


def _answer(app: App, shelf: Shelf, party: Party, channel: str, message_id: str) -> Response:
    try:
        app.known(party)
    except BadInput:
        return _said(*_NOBODYS)
    piece = Workbench(app, party).media(channel, message_id)
    if piece is None:
        return _said(*_NOBODYS)
    path = shelf.path(piece.digest)
    if path is None:
        return _said(*_NOT_YET if piece.status == "wanted" else _GONE)
    return _file(path, piece)


def _drawn(app: App, pictures: Pictures, party: Party, conversation_id: str, name: str) -> Response:
    try:
        app.known(party)
    except BadInput:
        return _said(*_NOBODYS)
    path = pictures.find(name) if Workbench(app, party).was_shown(conversation_id, name) else None
    return _said(*_NOBODYS) if path is None else FileResponse(path, media_type="image/png", headers=_HEADERS)


def _file(path: Path, piece: MediaPiece) -> Response:
    with path.open("rb") as file:
        begin = file.read(8)
    drawn = next((kind for known, kind in _BEGINNINGS.items() if begin.startswith(known)), "")
    how = "inline" if drawn else "attachment"
    about = f"{how}; filename*=utf-8''{quote(piece.name or piece.kind, safe='')}"
    return FileResponse(path, media_type=drawn or "application/octet-stream", headers=_HEADERS | {"Content-Disposition": about})


def _said(heading: str, text: str) -> Response:
    return HTMLResponse(plain.message(heading, text), status_code=404)
