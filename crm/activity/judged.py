"""One customer's activity as it was judged, and what it means. Pure: the same verdict as the stages, from the same figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from crm.activity.definitions import definitions


class Verdict(StrEnum):
    """Why a drop is a warning, or why it is none."""

    WARNED = "warned"
    NOT_YET = "not_yet"  # found today, not yet a week ago
    UNSURE = "unsure"  # fewer actions than it takes to be sure
    WITH_PEERS = "with_peers"  # peers fell as well
    STEADY = "steady"
    SELDOM = "seldom"  # too few actions to compare at all
    SHORT = "short"  # the baseline is not known long enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """`ratio` is that of the rates of four weeks and the twelve before; None where there is no baseline."""

    customer_id: str
    a1: float
    a0: float
    baseline_days: int
    enough: bool
    ratio: float | None
    peer_ratio: float | None
    adjusted: float | None
    certainty: float | None
    fires: bool
    severity: str | None
    since: date | None

    @property
    def drop(self) -> float | None:
        """How much less than usual, as a share; negative when it is more."""
        return None if self.ratio is None else 1 - self.ratio

    @property
    def verdict(self) -> Verdict:
        """What the figures mean (§2.3)."""
        rules = definitions()
        if self.fires:
            return Verdict.WARNED
        if self.baseline_days < rules.baseline_days or self.ratio is None or self.adjusted is None:
            return Verdict.SELDOM if self.baseline_days >= rules.baseline_days else Verdict.SHORT
        if self.adjusted > rules.fires.ratio:
            return Verdict.WITH_PEERS if self.ratio <= rules.fires.ratio else Verdict.STEADY
        if not self.enough or self.certainty is None:
            return Verdict.SELDOM
        return Verdict.UNSURE if self.certainty < rules.fires.certainty else Verdict.NOT_YET


def activity_of(row: Mapping[str, Any]) -> Activity:
    """The row of the stage `activity`."""
    return Activity(**{name: row[name] for name in Activity.__slots__})
