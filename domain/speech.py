"""Hearing what was spoken."""

from typing import Protocol


class SpeechToText(Protocol):
    """Whoever can write down what somebody said."""

    def transcribe(self, audio: bytes, content_type: str) -> str | None:
        """What was said; None when nothing was understood, or the other side failed or took too long. Never raises for those."""
