"""The state of every conversation, guarded by its version."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, insert, literal_column, select, update

from domain.conversation import Conversation, Owner
from domain.errors import Conflict
from domain.party import Party
from storage.codec import conversation_from_row, state_to_json
from storage.ledger_tables import conversations

_FIND = select(conversations).where(conversations.c.id == bindparam("wanted"))
_HOLD = _FIND.with_for_update()
_INSERT = insert(conversations)
_UPDATE = (
    update(conversations)
    .where(conversations.c.id == bindparam("wanted"), conversations.c.version == bindparam("expected"))
    .values(
        party=bindparam("who"),  # a WeChat person is bound to a customer, or no longer
        owner=bindparam("owner"),
        staff=bindparam("staff"),
        waiting_since=bindparam("waiting_since"),
        owned_since=bindparam("owned_since"),
        last_human_at=bindparam("last_human_at"),
        state=bindparam("state"),
        version=bindparam("expected") + 1,
        updated_at=bindparam("at"),
    )
)
# Said twice so that SQLite sees that the partial index over conversations with people applies.
_WITH_PEOPLE = conversations.c.owner != literal_column(f"'{Owner.BOT.value}'")
_WAITING = (
    select(conversations).where(and_(_WITH_PEOPLE, conversations.c.owner == Owner.WAITING.value)).order_by(conversations.c.waiting_since)
)
_HELD = select(conversations).where(and_(_WITH_PEOPLE, conversations.c.owner == Owner.HUMAN.value)).order_by(conversations.c.owned_since)
_OF_PARTY = select(conversations).where(conversations.c.party == bindparam("who")).order_by(conversations.c.updated_at.desc())


class SqlConversations:
    """`domain.ports.ConversationRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, conversation_id: str, *, hold: bool = False) -> Conversation | None:
        query = _HOLD if hold and self._connection.dialect.name == "postgresql" else _FIND  # a SQLite writer is alone anyway
        row = self._connection.execute(query, {"wanted": conversation_id}).one_or_none()
        return None if row is None else conversation_from_row(row)

    def hold(self, conversation_id: str) -> None:
        if self._connection.dialect.name == "postgresql":  # a SQLite writer is alone anyway
            self._connection.execute(_HOLD, {"wanted": conversation_id})

    def save(self, conversation: Conversation, *, at: datetime) -> Conversation:
        values = {
            "owner": conversation.owner.value,
            "staff": conversation.staff,
            "waiting_since": conversation.waiting_since,
            "owned_since": conversation.owned_since,
            "last_human_at": conversation.last_human_at,
            "state": state_to_json(conversation),
        }
        if conversation.version == 0:
            fresh = {"id": conversation.id, "channel": conversation.channel, "party": str(conversation.party)}
            self._connection.execute(_INSERT, values | fresh | {"version": 1, "updated_at": at})
        else:
            keys = {"who": str(conversation.party), "wanted": conversation.id, "expected": conversation.version, "at": at}
            if self._connection.execute(_UPDATE, values | keys).rowcount != 1:
                raise Conflict(f"{conversation.id} was changed by somebody else")
        return replace(conversation, version=conversation.version + 1)

    def waiting(self) -> Sequence[Conversation]:
        return [conversation_from_row(row) for row in self._connection.execute(_WAITING)]

    def held(self, staff_id: str | None = None) -> Sequence[Conversation]:
        query = _HELD if staff_id is None else _HELD.where(conversations.c.staff == staff_id)
        return [conversation_from_row(row) for row in self._connection.execute(query)]

    def of_party(self, party: Party) -> Sequence[Conversation]:
        return [conversation_from_row(row) for row in self._connection.execute(_OF_PARTY, {"who": str(party)})]
