"""Where numbers are cut into bins. Pure."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_DIGITS = 6


def edges_of(values: Floats, *, bins: int, rows_a_bin: int) -> tuple[float, ...]:
    """Edges of about equally many rows; a value belongs to the first edge that it does not exceed.

    A value that many rows share (0 for none, 999 for never) is a bin of its own, and the others are cut without it: else a code of most
    rows would leave one bin for all.
    """
    known = np.round(values[~np.isnan(values)], _DIGITS)
    kinds, counts = np.unique(known, return_counts=True)
    if len(kinds) <= 2:
        return tuple(float(one) for one in kinds[:-1])
    common = counts * bins >= len(known)
    light = known[~np.isin(known, kinds[common])]
    parts = int(min(bins, max(2, len(light) // rows_a_bin)))
    cuts = np.quantile(light, np.linspace(0, 1, parts + 1)[1:-1]) if len(light) else np.array([])
    places = np.flatnonzero(common)
    around = np.concatenate([kinds[places], kinds[places[places > 0] - 1]])
    edges = np.unique(np.round(np.concatenate([cuts, around]), _DIGITS))
    return tuple(float(edge) for edge in edges if edge < kinds[-1])
