"""The rule on the same rows as the model: whom it flags, and in which order it would put customers."""

from collections.abc import Mapping

import numpy as np

from crm.activity.definitions import definitions
from crm.learning.additive import Column
from crm.learning.cutting import Floats
from crm.needs.definitions import needs


def of_warnings(rule: Mapping[str, Column], columns: Mapping[str, Column]) -> tuple[Floats, Floats] | None:
    """Whom the warnings flag, and a score by which they order: warned first, then by how far activity fell against peers."""
    if "rule_warning" not in rule or np.isnan(np.asarray(columns["adjusted"], dtype=np.float64)).all():
        return None
    flags = np.nan_to_num(np.asarray(rule["rule_warning"], dtype=np.float64))
    fell = 1 - np.nan_to_num(np.asarray(columns["adjusted"], dtype=np.float64), nan=1.0)
    return flags, flags * 10 + np.clip(fell, -1, 1)


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
