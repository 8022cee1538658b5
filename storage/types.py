"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect, String
from sqlalchemy.types import TypeDecorator

_MICRO = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as whole microseconds since 1970 UTC: exact, sortable and alike on both engines.

    Naive datetimes are refused with ValueError: a time without a zone is a bug.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        delta = value - _EPOCH
        return (delta.days * 86_400 + delta.seconds) * _MICRO + delta.microseconds

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else instant_of(value)


def instant_of(stored: int) -> datetime:
    """The instant that a stored number means. Raises TypeError or OverflowError for what no writer of ours stored."""
    return _EPOCH + timedelta(microseconds=stored)


class Money(TypeDecorator[Decimal]):
    """An exact decimal, stored as its text: SQLite has no decimal type and a float would lose cents."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)
