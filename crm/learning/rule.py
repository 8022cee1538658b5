"""The rule on the same rows as the model: whom it flags, and in which order it would put customers."""

from collections.abc import Mapping

import numpy as np

from crm.activity.definitions import definitions
from crm.learning.additive import Column, Ints
from crm.learning.cutting import Floats
from crm.needs.definitions import needs

_LITTLE = 0.001


def of_warnings(rule: Mapping[str, Column], columns: Mapping[str, Column], on: Ints) -> tuple[Floats, Floats] | None:
    """Whom the warnings flag, and their order: by the score of leaving, and where it says nothing by how far activity fell against peers.

    The score is known of the last day only. Where earlier days are measured too, who was warned comes first.
    """
    if "rule_warning" not in rule or np.isnan(np.asarray(columns["adjusted"], dtype=np.float64)).all():
        return None
    flags = np.nan_to_num(np.asarray(rule["rule_warning"], dtype=np.float64))
    order = np.asarray(rule.get("rule_order", np.full(len(flags), np.nan)), dtype=np.float64)
    fell = 1 - np.nan_to_num(np.asarray(columns["adjusted"], dtype=np.float64), nan=1.0)
    if np.isnan(order[on]).any():
        return flags, flags * 10 + np.clip(fell, -1, 1)
    return flags, order + _LITTLE * np.clip(fell, -1, 1)


def of_needs(rule: Mapping[str, Column]) -> tuple[Floats, Floats] | None:
    """Whom the need graph would show as having a need, in the order of its probability."""
    if "rule_need" not in rule:
        return None
    probability = np.asarray(rule["rule_need"], dtype=np.float64)
    return (probability >= needs().shown_from).astype(np.float64), probability


def of_ratio(column: Column) -> tuple[Floats, Floats]:
    """The same rule on an attribute that is already a ratio of activity: against the median of all, at most as high as a warning allows."""
    ratio = np.asarray(column, dtype=np.float64)
    adjusted = ratio / np.nanmedian(ratio)
    return np.nan_to_num(adjusted <= definitions().fires.ratio).astype(np.float64), -np.nan_to_num(adjusted, nan=1.0)
