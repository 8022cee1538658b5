"""Averages of money that come out the same to the cent on every engine: sums are whole cents, rounding is half up.

Engines divide decimals each in their own way (DuckDB as floats), but agree on whole numbers.
"""

from decimal import Decimal

from ibis.expr.types import DecimalColumn, IntegerColumn, IntegerValue

MONEY = "decimal(18, 2)"


def cents(amount: DecimalColumn) -> IntegerColumn:
    """An amount of two decimals in cents."""
    return (amount * 100).cast("int64")


def money(amount_in_cents: IntegerColumn) -> DecimalColumn:
    """Cents as an amount of two decimals."""
    return (amount_in_cents.cast(MONEY) * Decimal("0.01")).cast(MONEY)


def average(total_in_cents: IntegerColumn, days: IntegerValue) -> DecimalColumn:
    """The total divided by the days, as an amount rounded half up. For totals that are not negative."""
    doubled, by = total_in_cents * 2 + days, days * 2
    # What remains is taken away first, so that the division, which engines do in floats, has a whole result.
    return money(((doubled - doubled % by) / by).cast("int64"))
