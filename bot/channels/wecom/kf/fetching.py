"""Fetches what customers sent beside words, before WeCom forgets it after three days (developer.work.weixin.qq.com/document/path/90254).

The wish is a row, committed together with the message: whatever is killed, the next look finds it. Several processes may fetch; each row
is claimed for a while.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.downloads import TOO_LARGE
from bot.channels.wecom.kf.names import CHANNEL
from bot.channels.wecom.shelf import Shelf
from bot.clock import Clock
from bot.inbound_text import MAX_TEXT
from bot.observe import event, fault
from domain.errors import ChannelDown
from domain.media import MediaPiece
from domain.ports import Records, Store
from domain.speech import SpeechToText

KEPT_BY_WECOM = timedelta(days=3)
_NEVER = frozenset({TOO_LARGE, 40007, 40004})  # no such media id, no such kind: asking again brings nothing else
_LEASE_S = 180.0
_LOOK_S = 10.0
_AGAIN_S = (2.0, 10.0, 60.0, 300.0, 1800.0)
_NAMES = {"image": "图片", "voice": "语音", "video": "视频", "file": "文件"}


class Fetcher:
    """One thread that fetches. `noticed` may be called from any thread; `changed` hears the conversation of what was fetched or is gone."""

    def __init__(
        self,
        store: Store,
        client: WeComClient,
        clock: Clock,
        *,
        shelf: Shelf,
        changed: Callable[[str], None],
        stt: SpeechToText | None = None,
    ) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._shelf = shelf
        self._changed = changed
        self._stt = stt
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kf-media", daemon=True)

    def start(self) -> None:
        """Fetch what is wanted, and go on."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in hand; what is left stays wanted."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(15.0)

    def noticed(self) -> None:
        """Something may be wanted."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                while not self._stopping.is_set() and self.fetch_one():
                    pass
            except Exception as error:  # the thread's boundary: a database that restarts or a full disk must not end it
                fault("kf.media.failed", error)
                self._stopping.wait(_AGAIN_S[0])
            self._woken.wait(_LOOK_S)
            self._woken.clear()

    def fetch_one(self) -> bool:
        """Fetch the piece that has waited longest. False when nothing is due."""
        at = self._clock()
        with self._store.writing() as records:
            piece = records.media.claim(channel=CHANNEL, now=at, lease_s=_LEASE_S)
        if piece is None:
            return False
        if at - piece.asked_at >= KEPT_BY_WECOM:
            self._gone(piece, at)
            return True
        try:
            file = self._client.download(piece.media_id)
        except WeComRefused as refused:
            event("kf.media.refused", code=refused.code, piece=piece.id)
            if refused.code in _NEVER:
                self._gone(piece, at)
            else:
                self._later(piece, 0.0)  # of a setting, which an administrator mends
            return True
        except ChannelDown as down:
            self._later(piece, down.retry_after_s)
            return True
        digest = self._shelf.put(file.content)
        with self._store.writing() as records:
            records.media.keep(
                piece, name=file.name, content_type=file.content_type, size=len(file.content), digest=digest, at=self._clock()
            )
        if piece.kind == "voice" and self._stt is not None:
            self._listen(piece, self._stt.transcribe(file.content, file.content_type))
        self._changed(piece.conversation_id)
        return True

    def _listen(self, piece: MediaPiece, words: str | None) -> None:
        """The message goes on with its words, or as the voice message that it is."""
        with self._store.writing() as records:
            records.inbox.heard(CHANNEL, piece.message_id, text=words[:MAX_TEXT] if words else None, at=self._clock())

    def _later(self, piece: MediaPiece, asked_s: float) -> None:
        wait = max(asked_s, _AGAIN_S[min(piece.tries, len(_AGAIN_S)) - 1])
        with self._store.writing() as records:
            records.media.later(piece, not_before=self._clock() + timedelta(seconds=wait))

    def _gone(self, piece: MediaPiece, at: datetime) -> None:
        with self._store.writing() as records:
            if records.media.give_up(piece):
                _tell(records, piece, at)
                records.inbox.heard(CHANNEL, piece.message_id, text=None, at=at)
        self._changed(piece.conversation_id)


def _tell(records: Records, piece: MediaPiece, at: datetime) -> None:
    records.tasks.open(
        key=f"kf_media/{piece.message_id}",
        kind="media",
        title="客户发来的文件没能取回",
        detail=f"客户发来的{_NAMES.get(piece.kind, '文件')}没能取回，请在微信客服里看。",
        at=at,
        conversation_id=piece.conversation_id,
    )
