"""Rounding of ratios that comes out the same on every engine.

Their own ROUND differ at ties: one looks at the binary number, another at fifteen decimal digits. Multiplication and floor they share.
"""

from ibis.expr.types import FloatingValue, NumericValue

# A tie that an engine computed a hair too low still goes up.
_SLACK = 1e-4


def rounded(value: NumericValue, digits: int) -> FloatingValue:
    """The value rounded half up to so many digits, as a float. For values below 1e18 once the digits are moved before the point."""
    scale = 10.0**digits
    return (value.cast("float64") * scale + (0.5 + _SLACK)).floor().cast("float64") / scale
