"""The page at `/phones`: three files that lie beside this one."""

from pathlib import Path

from sandbox.wecom.http import Answer

_FOLDER = Path(__file__).parent / "page"
_FILES = {
    "/phones": ("phones.html", "text/html; charset=UTF-8"),
    "/phones/phones.js": ("phones.js", "text/javascript; charset=UTF-8"),
    "/phones/phones.css": ("phones.css", "text/css; charset=UTF-8"),
}


def page(path: str) -> Answer:
    """One of them, or 404."""
    if path not in _FILES:
        return Answer(404, b"", "text/plain")
    name, kind = _FILES[path]
    return Answer(200, (_FOLDER / name).read_bytes(), kind, (("Cache-Control", "no-cache"),))
