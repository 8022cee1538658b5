"""Why two customers are in different classes: only the families that tell them apart. Pure."""

from crm.segmentation.reasons import ClassView, Reason


def differing(one: ClassView, other: ClassView) -> tuple[tuple[Reason, Reason], ...]:
    """Pairs of reasons of the same family that say different things, those first that decide for either of the two."""
    pairs = [(mine, other.reason(mine.family)) for mine in one.reasons]
    apart = [pair for pair in pairs if pair[0].text != pair[1].text]
    return tuple(sorted(apart, key=lambda pair: not (pair[0].decides or pair[1].decides)))
