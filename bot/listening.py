"""Speech to text over HTTP: any server with the interface `POST /audio/transcriptions` that takes a file and answers `{"text": …}`."""

import json
import time

import requests

from bot.observe import event
from domain.speech import SpeechToText

_LONGEST = 256 * 1024  # bytes of an answer
_ENDINGS = {"audio/amr": "amr", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/wav": "wav", "audio/ogg": "ogg"}


class HttpSpeechToText:
    """Answers `domain.speech.SpeechToText`."""

    def __init__(self, *, base_url: str, model: str, api_key: str, timeout_s: float) -> None:
        self._url = f"{base_url.rstrip('/')}/audio/transcriptions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout_s = timeout_s

    def transcribe(self, audio: bytes, content_type: str) -> str | None:
        """Ask once; the whole of it takes `timeout_s` at most, and as long again for a server that drips."""
        ending = _ENDINGS.get(content_type, "amr")
        files, fields = {"file": (f"voice.{ending}", audio, content_type or "audio/amr")}, {"model": self._model, "language": "zh"}
        try:
            with requests.post(
                self._url, files=files, data=fields, headers=self._headers, timeout=self._timeout_s, stream=True, allow_redirects=False
            ) as answer:
                if answer.status_code != 200:
                    event("stt.refused", status=answer.status_code)
                    return None
                heard = json.loads(self._body(answer))
        except (requests.RequestException, ValueError) as fault:
            event("stt.failed", error=type(fault).__name__)
            return None
        text = heard.get("text") if isinstance(heard, dict) else None
        return text.strip() or None if isinstance(text, str) else None

    def _body(self, answer: requests.Response) -> bytes:
        begun, parts, size = time.monotonic(), [], 0
        for chunk in answer.iter_content(8192):
            parts.append(chunk)
            size += len(chunk)
            if size > _LONGEST or time.monotonic() - begun > self._timeout_s:
                raise ValueError("too much or too slow")
        return b"".join(parts)


def speech_to_text(*, base_url: str, model: str, api_key: str, timeout_s: float) -> SpeechToText | None:
    """Make it; None where no server is named."""
    return HttpSpeechToText(base_url=base_url, model=model, api_key=api_key, timeout_s=timeout_s) if base_url else None
