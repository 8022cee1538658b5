"""Texts that a member of staff must confirm in WeCom before they go to their contacts (企业群发).

A text is collected for a person; what one member shall send with the same words becomes one task at WeCom, which that member confirms once
(developer.work.weixin.qq.com/document/path/92135).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class MassTarget:
    """One text for one person. `key` is that of its row in the ledger, `userid` the member who shall send it.

    `status`: waiting | sent | refused (no contact any more) | capped (WeCom's limit) | expired | withdrawn | unknown.
    `task_id` is None until asked.
    """

    key: str
    external_userid: str
    customer_id: str
    userid: str
    text: str
    collected_at: datetime
    until: datetime
    task_id: int | None = None
    status: str = "waiting"
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MassTask:
    """One task at WeCom. `status`: asking (the call is under way, or nobody knows) | asked | ended. `msgid` is WeCom's, once known."""

    id: int
    userid: str
    text: str
    until: datetime
    status: str
    msgid: str
    asked_at: datetime
    reminded: int
    reminded_at: datetime | None


class MassRecords(Protocol):
    """What is collected, what was asked, and what came of it."""

    def collect(self, target: MassTarget) -> None:
        """Keep it; a key that is there already changes nothing."""

    def collected(self) -> Sequence[MassTarget]:
        """What is not asked yet and stands in the ledger as asked, grouped by member, words and end."""

    def had(self, external_userid: str, *, since: datetime, but: str) -> int:
        """How many a person got since the instant, or may still get, without the one of that key."""

    def begin(self, userid: str, text: str, until: datetime, keys: Iterable[str], *, at: datetime) -> MassTask | None:
        """Begin to ask for these, in one task. None when somebody else began with all of them."""

    def undo(self, task_id: int) -> bool:
        """It was certainly not asked: its targets are collected again. False when it is not in `asking` any more."""

    def asked(self, task_id: int, msgid: str) -> bool:
        """WeCom took it. False when it is not in `asking` any more."""

    def known(self, msgid: str) -> bool:
        """Whether a task of ours has that id."""

    def open(self) -> Sequence[MassTask]:
        """Tasks that have not ended, the oldest first."""

    def targets(self, task_id: int) -> Sequence[MassTarget]: ...

    def waiting(self) -> Sequence[MassTarget]:
        """Of every task that was asked, who waits for the confirmation."""

    def settle(self, key: str, status: str, *, at: datetime) -> bool:
        """Say what became of a target. False when that was known."""

    def release(self, task_id: int) -> None:
        """End a task; what still waits in it is collected again."""

    def end(self, task_id: int) -> None:
        """Nothing of it waits any more."""

    def reminded(self, task_id: int, *, before: int, at: datetime) -> bool:
        """Count a reminder. False when somebody else counted one since `before` was read."""

    def reachable(self) -> frozenset[str]:
        """The customers who are bound to a person whom some member has as a contact."""
