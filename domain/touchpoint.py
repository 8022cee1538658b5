"""A planned word from the bot: what is due for whom, why, and until when it is worth sending."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTouch:
    """One touch that is due. `occasion` is unique for ever (`solar_term/冬至/2026/C000012`): whatever is killed or run twice, it goes once.

    Not sent before `not_before` nor at or after `until`. `card_id` names the approved wording.
    """

    occasion: str
    touch: str
    customer_id: str
    card_id: str
    purpose: str
    not_before: datetime
    until: datetime
    reason: str
    values: tuple[tuple[str, str], ...] = ()
