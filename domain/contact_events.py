"""What WeCom told of contacts (客户联系), stored before WeCom gets its answer and worked afterwards.

An event is noted first: what follows from it alone, at once, for a welcome code is good for 20 seconds. Then it is refreshed: WeCom is
asked how the contact stands now, however often that has to be tried (developer.work.weixin.qq.com/document/path/92130).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Protocol


class Stage(IntEnum):
    """How far an event was worked."""

    HEARD = 0
    NOTED = 1
    DONE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEvent:
    """One change. `digest` is the same for each of WeCom's three calls; `fields` is what else they said, as WelcomeCode and State."""

    id: int = 0
    digest: str
    change: str
    userid: str = ""
    external_userid: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    happened_at: datetime
    attempts: int = 0


class ContactEventRecords(Protocol):
    """Events of contacts, once each, in the order in which they arrived."""

    def accept(self, event: ContactEvent) -> bool:
        """Store it as HEARD. False when it had arrived before."""

    def at(self, stage: Stage, *, now: datetime, most: int = 100) -> Sequence[ContactEvent]:
        """Those that stand there and are due, the earliest first."""

    def move(self, event_id: int, *, before: Stage, after: Stage) -> bool:
        """Move it on. False, and nothing is changed, when somebody else has moved it meanwhile."""

    def retry(self, event_id: int, *, not_before: datetime) -> None:
        """It stays where it is for now; one attempt more is counted."""
