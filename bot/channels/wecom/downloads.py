"""The answer of media/get (developer.work.weixin.qq.com/document/path/90254): a file, or JSON with an errcode."""

import json
import time
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import unquote

import requests

from domain.errors import ChannelDown

LARGEST = 21 * 1024 * 1024  # WeCom's files have 20 MB at most
TOO_LARGE = 45001
_CHUNK = 64 * 1024
_LONGEST_S = 120.0  # a server that drips must not hold the thread
_ERROR = 64 * 1024  # bytes that an answer in JSON may have


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A file as it came. `name` is the sender's word."""

    content: bytes
    content_type: str
    name: str


def downloaded(response: requests.Response, path: str, *, most: int) -> dict[str, Any]:
    """Read the answer: the errcode that WeCom gave, or the file under `file`. Raises ChannelDown for a broken one."""
    if response.status_code != 200:
        raise ChannelDown(f"{path}: HTTP {response.status_code}")
    about = response.headers.get("Content-Disposition", "")
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not about and content_type in ("application/json", "text/plain", "text/html", ""):
        return _said(_read(response, path, most=_ERROR) or b"", path)  # a file always comes with its name
    content = _read(response, path, most=most)
    if content is None:
        return {"errcode": TOO_LARGE}
    return {"errcode": 0, "file": Downloaded(content=content, content_type=content_type[:120], name=_name(about))}


def _read(response: requests.Response, path: str, *, most: int) -> bytes | None:
    """The body, None when it is longer. A body that ends before its announced length is a break."""
    begun, parts, size = time.monotonic(), [], 0
    for chunk in response.iter_content(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > most:
            return None
        if time.monotonic() - begun > _LONGEST_S:
            raise ChannelDown(f"{path}: too slow")
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and "Content-Encoding" not in response.headers and int(announced) != size:
        raise ChannelDown(f"{path}: the answer broke off")
    return b"".join(parts)


def _said(body: bytes, path: str) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ChannelDown(f"{path}: the answer is neither a file nor JSON")
    return answer


def _name(about: str) -> str:
    """The file's name of a Content-Disposition, without any folder; empty where there is none."""
    header = Message()
    header["Content-Disposition"] = about
    found = header.get_filename() or ""
    return unquote(found).replace("\\", "/").rpartition("/")[2][:200]
