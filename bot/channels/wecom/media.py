"""Pictures for messages. WeCom keeps an uploaded file for three days (document/path/90253); its id is kept for less and used again."""

import hashlib
from datetime import timedelta
from pathlib import Path

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.clock import Clock
from bot.observe import event
from domain.errors import ChannelDown, DeliveryUnknown
from domain.ports import Store

_KEPT = timedelta(hours=60)
_LEAST, _MOST = 6, 10 * 1024 * 1024  # bytes
_BEGINNINGS = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}


class Media:
    """Files by what is in them: the same picture is uploaded once, whichever process has it."""

    def __init__(self, store: Store, client: WeComClient, clock: Clock, *, corp_id: str) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._corp_id = corp_id

    def image(self, path: str | None, *, anew: bool = False) -> str:
        """The media id of a picture, empty for one that WeCom does not take: then the text stands by itself.

        `anew`: the known id is not good any more. Raises ChannelDown when WeCom is not reached; nothing was shown then.
        """
        content = _content(path)
        ending = next((ending for begin, ending in _BEGINNINGS.items() if content.startswith(begin)), "")
        if not ending:
            return ""
        digest = hashlib.sha256(content).hexdigest()[:32]
        name, now = f"wecom-media:{self._corp_id}:{digest}", self._clock()
        with self._store.reading() as records:
            known = records.links.token(name)
        if known and known[1] > now and not anew:
            return known[0]
        try:
            media_id = self._client.upload("image", f"{digest}.{ending}", content)
        except WeComRefused as refused:
            event("wecom.image.refused", code=refused.code)
            return ""
        except DeliveryUnknown as error:
            raise ChannelDown(str(error)) from None  # an upload shows nothing: it may be repeated
        with self._store.writing(durable=False) as records:
            records.links.keep_token(name, media_id, until=now + _KEPT)
        return media_id


def _content(path: str | None) -> bytes:
    file = Path(path) if path else None
    if file is None or not file.is_file() or not _LEAST <= file.stat().st_size <= _MOST:
        return b""
    return file.read_bytes()
