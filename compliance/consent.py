"""What a customer allowed: the latest word per purpose counts, and a word on `*` is a word on every purpose."""

from collections.abc import Iterable
from datetime import datetime

from domain.book import Consent

EVERY_PURPOSE = "*"
MARKETING = "marketing"
CARE = "care"  # greetings and care touches without a product in them


def latest_word(consents: Iterable[Consent], purpose: str, *, at: datetime) -> Consent | None:
    """Find the latest word on a purpose up to the instant; of two words at the same instant the refusal counts."""
    spoken = [word for word in consents if word.purpose in (purpose, EVERY_PURPOSE) and word.at <= at]
    return max(spoken, key=lambda word: (word.at, not word.granted), default=None)


def is_granted(consents: Iterable[Consent], purpose: str, *, at: datetime) -> bool:
    """Say whether contact for the purpose is allowed: silence is no consent (PIPL Art. 13-16, Advertising Law Art. 43)."""
    word = latest_word(consents, purpose, at=at)
    return word is not None and word.granted
