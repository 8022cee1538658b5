"""One-time codes by which a WeChat person shows which customer of the bank they are.

The code goes to a customer whom somebody knows already (in person, by phone, logged in on our page) and comes back on WeChat.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

DIGITS = 8
LASTS = timedelta(minutes=10)
WRONG_TO_LOCK = 5  # by one WeChat person, in a row
LOCK_FOR = timedelta(hours=1)
ISSUED_AT_MOST = 5  # for one customer, within `ISSUED_WITHIN`
ISSUED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindCode:
    """A code as it is kept. `how` is that of `domain.contacts.Binding`; `tell` is the conversation that hears of the success."""

    digest: str
    customer_id: str
    how: str
    by: str
    tell: str
    at: datetime
    until: datetime


def digest_of(code: str) -> str:
    """What is kept of a code. Slow on purpose: to try all codes takes far longer than one of them lives."""
    return hashlib.scrypt(code.encode(), salt=b"peiban/bind", n=1 << 14, r=8, p=1, dklen=32).hex()


class BindCodeRecords(Protocol):
    """Codes that were issued, and wrong tries."""

    def issued_since(self, customer_id: str, since: datetime) -> int:
        """How many codes a customer got after that instant, used and dead ones too."""

    def issue(self, code: BindCode) -> bool:
        """Keep a code; earlier ones of the customer are dead from now on. False when another code has that digest."""

    def use(self, digest: str, *, at: datetime) -> BindCode | None:
        """Use up a code that is alive. None for wrong, used and expired ones alike; of two at once, one gets it."""

    def locked_until(self, external_userid: str) -> datetime | None: ...

    def failed(self, external_userid: str, *, at: datetime) -> bool:
        """Count a wrong try. True when this one brought the lock."""

    def forget_failures(self, external_userid: str) -> None: ...
