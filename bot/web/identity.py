"""Who a browser is: in a sandbox whoever it says, otherwise the person of a signed link and then of a signed cookie.

A link and a cookie carry the party and the instant they end, and nothing else. They are signed for one use each: a cookie is no link.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from domain.errors import BadInput, BadSignature
from domain.party import Party, Role

LINK_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=8)
_LINK, _SESSION = "peiban.link", "peiban.session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody at a page. After `until` the page takes nothing more from them; None in a sandbox."""

    party: Party
    until: datetime | None = None

    def may_go_on(self, at: datetime) -> bool:
        """Whether the visit lasts still."""
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One page and whom it is for. Each page has its own cookie: customer and staff may sit side by side in one browser."""

    path: str
    for_staff: bool

    @property
    def cookie(self) -> str:
        """The name of the session cookie of this page."""
        return f"peiban{self.path.replace('/', '_')}"

    def admits(self, party: Party) -> bool:
        """Whether the page is for this person."""
        return party.role.is_staff if self.for_staff else party.role is Role.CUSTOMER


CHAT = Door(path="/chat", for_staff=False)
WORKBENCH = Door(path="/workbench", for_staff=True)
SIDEBAR = Door(path="/wecom/sidebar", for_staff=True)


def sign(party: Party, secret: str, at: datetime) -> str:
    """Make the token of a link: good for this person's own conversation, for ten minutes from `at`."""
    return _signed(party, secret, until=at + LINK_LASTS, use=_LINK)


def verify(token: str, secret: str, at: datetime) -> Party:
    """Read the token of a link. Raises BadSignature when it was changed, made with another secret, or has ended."""
    return _read(token, secret, at, use=_LINK).party


def sign_session(party: Party, secret: str, at: datetime) -> str:
    """Make the value of a session cookie: the visit that a link began, for eight hours."""
    return _signed(party, secret, until=at + SESSION_LASTS, use=_SESSION)


def verify_session(value: str, secret: str, at: datetime) -> Visitor:
    """Read a session cookie. Raises BadSignature as `verify` does."""
    return _read(value, secret, at, use=_SESSION)


def visitor(door: Door, *, sandbox: bool, secret: str, at: datetime, wanted: str, cookies: Mapping[str, str]) -> Visitor | None:
    """Who is at the door, or None for nobody we know. `wanted` is `role:id` of the address and counts in a sandbox only."""
    if sandbox and wanted:
        try:
            party = Party.parse(wanted)
        except BadInput:
            return None
        return Visitor(party=party) if door.admits(party) else None
    value = cookies.get(door.cookie)
    if not value or not secret:
        return None
    try:
        known = verify_session(value, secret, at)
    except BadSignature:
        return None
    return known if door.admits(known.party) else None


def _signed(party: Party, secret: str, *, until: datetime, use: str) -> str:
    return str(_serializer(secret, use).dumps({"party": str(party), "until": int(until.timestamp())}))


def _read(text: str, secret: str, at: datetime, *, use: str) -> Visitor:
    try:
        body: Any = _serializer(secret, use).loads(text)
        party, until = Party.parse(body["party"]), datetime.fromtimestamp(body["until"], UTC)
    except (BadData, BadInput, KeyError, TypeError, ValueError):
        raise BadSignature("this link is damaged or was not made here; ask for a new one") from None
    if at >= until:
        raise BadSignature("this link has ended; ask for a new one")
    return Visitor(party=party, until=until)


def _serializer(secret: str, use: str) -> URLSafeSerializer:
    if not secret:
        raise BadSignature("no link can be checked without PEIBAN_SECRET_KEY")
    return URLSafeSerializer(secret, salt=use, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256})
