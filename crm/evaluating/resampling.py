"""How far a figure may be off by the chance of who is in the bank: the bootstrap over customers."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Drawn = Callable[[NDArray[np.intp]], float | None]
_DRAWS = 400
_SEED = 20261123  # the same bank gives the same interval


def interval(count: int, figure: Drawn, *, draws: int = _DRAWS) -> tuple[float, float] | None:
    """The middle 95 % of the figure over banks drawn from this one. `figure` takes the places of those drawn; None where it has none."""
    if count < 2:
        return None
    chance = np.random.default_rng(_SEED)
    drawn = [value for _ in range(draws) if (value := figure(chance.integers(0, count, count))) is not None]
    if len(drawn) < draws // 2:
        return None
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def above(count: int, figure: Drawn, could: Drawn, share: float) -> float | None:
    """The low end of what the figure lies above a share of what the best scorer reaches over the same customers; None where not known."""

    def difference(drawn: NDArray[np.intp]) -> float | None:
        reached, most = figure(drawn), could(drawn)
        return None if reached is None or most is None else reached - share * most

    span = interval(count, difference)
    return span[0] if span else None
