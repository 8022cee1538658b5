"""A left join that keeps each column once."""

from collections.abc import Sequence

from ibis import Table


def joined(left: Table, right: Table, keys: Sequence[str]) -> Table:
    """Every row of `left`, with the other columns of `right` where the keys meet."""
    both = left.left_join(right, list(keys))
    return both.select(*left.columns, *(column for column in right.columns if column not in left.columns))
