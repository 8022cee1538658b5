"""What we hold of WeCom and the like, as records."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.customer_service import Session


class LinkRecords(Protocol):
    """What we hold of WeCom and the like: where reading stopped, access tokens that several processes share, who answers on their side."""

    def cursor(self, name: str) -> tuple[str, datetime] | None:
        """Where reading stopped, empty before anything was read, and when it was first heard of; None for an unknown name."""

    def begin_cursor(self, name: str, *, at: datetime) -> None:
        """Remember the name, unless it is known."""

    def move_cursor(self, name: str, *, before: str, after: str, at: datetime) -> bool:
        """Move on from `before`. False, and nothing is changed, when somebody else has moved it meanwhile."""

    def cursors(self, prefix: str) -> Sequence[str]:
        """The known names that begin so."""

    def token(self, name: str) -> tuple[str, datetime] | None:
        """A token and the instant until which it is good."""

    def keep_token(self, name: str, token: str, *, until: datetime) -> None: ...

    def session(self, conversation_id: str) -> Session | None:
        """What is known of the other side's account of a conversation."""

    def keep_session(self, session: Session) -> None: ...
