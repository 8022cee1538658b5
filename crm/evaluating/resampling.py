"""How far a figure may be off by the chance of who is in the bank: the bootstrap over customers."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_DRAWS = 400
_SEED = 20261123  # the same bank gives the same interval


def interval(count: int, figure: Callable[[NDArray[np.intp]], float | None], *, draws: int = _DRAWS) -> tuple[float, float] | None:
    """The middle 95 % of the figure over banks drawn from this one. `figure` takes the places of those drawn; None where it has none."""
    if count < 2:
        return None
    chance = np.random.default_rng(_SEED)
    drawn = [value for _ in range(draws) if (value := figure(chance.integers(0, count, count))) is not None]
    if len(drawn) < draws // 2:
        return None
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)
