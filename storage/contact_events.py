"""Events of contacts in WeCom."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update

from domain.contact_events import ContactEvent, Stage
from storage.contact_tables import contact_events
from storage.upsert import DIALECTS

_ACCEPT = {
    name: dialect.insert(contact_events).on_conflict_do_nothing(index_elements=["digest"]).returning(contact_events.c.id)
    for name, dialect in DIALECTS.items()
}
_DUE = (
    select(contact_events)
    .where(
        contact_events.c.stage == bindparam("wanted"),
        or_(contact_events.c.not_before.is_(None), contact_events.c.not_before <= bindparam("now")),
    )
    .order_by(contact_events.c.id)
    .limit(bindparam("most"))
)
_MOVE = (
    update(contact_events)
    .where(contact_events.c.id == bindparam("wanted"), contact_events.c.stage == bindparam("before"))
    .values(stage=bindparam("after"), not_before=None, attempts=0)
)
_RETRY = (
    update(contact_events)
    .where(contact_events.c.id == bindparam("wanted"))
    .values(not_before=bindparam("moment"), attempts=contact_events.c.attempts + 1)
)


class SqlContactEvents:
    """`domain.contact_events.ContactEventRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def accept(self, event: ContactEvent) -> bool:
        values = {
            "digest": event.digest,
            "change": event.change,
            "userid": event.userid,
            "external_userid": event.external_userid,
            "fields": json.dumps(dict(event.fields), ensure_ascii=False),
            "happened_at": event.happened_at,
            "stage": int(Stage.HEARD),
            "attempts": 0,
        }
        return self._connection.execute(_ACCEPT[self._connection.dialect.name], values).first() is not None

    def at(self, stage: Stage, *, now: datetime, most: int = 100) -> Sequence[ContactEvent]:
        return [
            ContactEvent(
                id=row.id,
                digest=row.digest,
                change=row.change,
                userid=row.userid,
                external_userid=row.external_userid,
                fields=json.loads(row.fields),
                happened_at=row.happened_at,
                attempts=row.attempts,
            )
            for row in self._connection.execute(_DUE, {"wanted": int(stage), "now": now, "most": most})
        ]

    def move(self, event_id: int, *, before: Stage, after: Stage) -> bool:
        values = {"wanted": event_id, "before": int(before), "after": int(after)}
        return self._connection.execute(_MOVE, values).rowcount == 1

    def retry(self, event_id: int, *, not_before: datetime) -> None:
        self._connection.execute(_RETRY, {"wanted": event_id, "moment": not_before})
