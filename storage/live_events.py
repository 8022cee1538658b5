"""Events of customers that came the same moment."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, Connection, Index, String, Table, bindparam, delete, func, select, update

from domain.app_events import AppEvent
from storage.metadata import metadata
from storage.types import Instant
from storage.upsert import DIALECTS

live_events = Table(
    "live_events",
    metadata,
    Column("event_id", String(60), primary_key=True),
    Column("customer_id", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("page", String(80), nullable=False),
    Column("item", String(120), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("judged_at", Instant),
    Index("ix_live_events_customer_id_at", "customer_id", "at"),
    Index("ix_live_events_judged_at", "judged_at"),
)
_ADD = {name: dialect.insert(live_events).on_conflict_do_nothing().returning(live_events.c.event_id) for name, dialect in DIALECTS.items()}
_WAITING = (
    select(live_events.c.customer_id)
    .where(live_events.c.judged_at.is_(None))
    .group_by(live_events.c.customer_id)
    .order_by(func.min(live_events.c.received_at), live_events.c.customer_id)
    .limit(bindparam("most"))
)
_OF = (
    select(*(live_events.c[name] for name in ("event_id", "customer_id", "at", "kind", "page", "item")))
    .where(live_events.c.customer_id == bindparam("wanted"), live_events.c.at > bindparam("since"))
    .order_by(live_events.c.at, live_events.c.event_id)
)
_JUDGED = update(live_events).where(live_events.c.event_id == bindparam("which")).values(judged_at=bindparam("now"))
_FORGET = delete(live_events).where(live_events.c.at < bindparam("before"), live_events.c.judged_at.is_not(None))


class SqlLiveEvents:
    """`domain.app_events.LiveEventRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, events: Sequence[AppEvent], *, at: datetime) -> int:
        statement = _ADD[self._connection.dialect.name]
        # One by one: so each says whether it was there.
        return sum(len(self._connection.execute(statement, asdict(one) | {"received_at": at}).all()) for one in events)

    def waiting(self, *, limit: int) -> Sequence[str]:
        return list(self._connection.execute(_WAITING, {"most": limit}).scalars())

    def of(self, customer_id: str, *, since: datetime) -> Sequence[AppEvent]:
        return [AppEvent(**row._mapping) for row in self._connection.execute(_OF, {"wanted": customer_id, "since": since})]

    def judged(self, event_ids: Sequence[str], *, at: datetime) -> None:
        if event_ids:
            self._connection.execute(_JUDGED, [{"which": one, "now": at} for one in event_ids])

    def forget(self, *, before: datetime) -> int:
        return self._connection.execute(_FORGET, {"before": before}).rowcount
