"""The events of a facts snapshot as triggers want them: of one customer, or whoever did enough in the whole bank."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from compliance.days import bank_day
from domain.app_events import AppEvent, Looks, Watch

if TYPE_CHECKING:
    import duckdb

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BETWEEN = "\x1f"  # in no page or item: control characters are refused at import
_OF_CUSTOMER = """SELECT event_id, epoch_us("at"), kind, coalesce(page, ''), coalesce(item, '') FROM app_events
    WHERE customer_id = $customer AND "on" >= $day AND epoch_us("at") > $since ORDER BY "at", event_id"""
_PAGES = """SELECT DISTINCT coalesce(page, ''), coalesce(item, '') FROM app_events WHERE "on" >= $day ORDER BY ALL"""
_WATCHED = """WITH near AS (
        SELECT customer_id, "at", event_id, page, list_contains($kinds, kind) AS counts, list_contains($settling, kind) AS settles
        FROM app_events
        WHERE "on" >= $day AND epoch_us("at") > $since AND epoch_us("at") <= $until
            AND (list_contains($kinds, kind) OR list_contains($settling, kind))
            AND ($anywhere OR coalesce(page, '') || chr(31) || coalesce(item, '') IN (SELECT unnest($pages)))
    ), each AS (
        SELECT customer_id, count(*) FILTER (counts) AS n, max("at") FILTER (counts) AS last_at, max("at") FILTER (settles) AS settled_at,
            arg_max(coalesce(page, ''), row("at", event_id)) FILTER (counts) AS last_page
        FROM near GROUP BY customer_id
    )
    SELECT customer_id, n, epoch_us(last_at), last_page FROM each
    WHERE n >= $least AND coalesce(settled_at <= last_at, true) ORDER BY customer_id"""


def events_of(cursor: "duckdb.DuckDBPyConnection", customer_id: str, *, since: datetime) -> Sequence[AppEvent]:
    """The events of a customer after that instant, oldest first."""
    rows = cursor.execute(_OF_CUSTOMER, {"customer": customer_id, "day": bank_day(since), "since": _micros(since)}).fetchall()
    return [
        AppEvent(event_id=event_id, customer_id=customer_id, at=_instant(at), kind=kind, page=page, item=item)
        for event_id, at, kind, page, item in rows
    ]


def pages_since(cursor: "duckdb.DuckDBPyConnection", *, since: datetime) -> Sequence[tuple[str, str]]:
    """Every pair of page and item that anybody met since."""
    return [(page, item) for page, item in cursor.execute(_PAGES, {"day": bank_day(since)}).fetchall()]


def lookers(cursor: "duckdb.DuckDBPyConnection", watch: Watch) -> Mapping[str, Looks]:
    """Who did what is watched for often enough, by customer."""
    pages = [_BETWEEN.join(one) for one in watch.pages or ()]
    values = {
        "kinds": list(watch.kinds),
        "settling": list(watch.settled_by) or [""],
        "day": bank_day(watch.since),
        "since": _micros(watch.since),
        "until": _micros(watch.until),
        "anywhere": watch.pages is None,
        "pages": pages or [""],
        "least": watch.least,
    }
    rows = cursor.execute(_WATCHED, values).fetchall()
    return {customer_id: Looks(count=count, last_at=_instant(last_at), page=page) for customer_id, count, last_at, page in rows}


def _micros(at: datetime) -> int:
    # The driver would want a time zone library to take an instant.
    return (at - _EPOCH) // timedelta(microseconds=1)


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
