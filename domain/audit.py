"""The audit chain: each record carries the hash of the one before it, so that a change anywhere breaks every hash after it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One line of the append-only log. `detail` holds ids and codes, never message text, amounts or phone numbers."""

    at: datetime
    actor: str
    action: str
    subject: str
    purpose: str = ""
    detail: tuple[tuple[str, str], ...] = ()


def chain_hash(previous: str, sequence: int, record: AuditRecord) -> str:
    """Hash a record onto the chain: SHA-256 over the previous hash, the sequence number and the canonical JSON of the record."""
    body = json.dumps(
        [previous, sequence, record.at.timestamp(), record.actor, record.action, record.subject, record.purpose, record.detail],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()
