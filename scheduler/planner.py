"""What is due on a day, for whom and why. Pure: the same arguments give the same plan, and what is in the history is not planned again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b

from compliance.days import BANK_ZONE
from domain.book import Customer
from domain.touchpoint import PlannedTouch
from scheduler.calendar import Calendar
from scheduler.standing import SKIPS, Standing
from scheduler.touches import KINDS, Touch
from scheduler.triggers import TRIGGERS, Happening

STATUS_REASONS = {"closed": "客户已销户", "deceased": "客户已去世"}
KIND_NAMES = dict(zip(KINDS, ("个人客户", "企业客户"), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A customer for whom a touch was due and who is left out, with the reason for staff."""

    customer_id: str
    touch: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """The plan of one day. `already` counts what was due and is in the history, and therefore is not planned again."""

    on: date
    planned: tuple[PlannedTouch, ...]
    excluded: tuple[Excluded, ...]
    already: int


def due(
    on: date,
    customers: Iterable[Customer],
    touches: Iterable[Touch],
    *,
    history: Collection[str],
    calendar: Calendar,
    standing: Standing,
    at: datetime | None = None,
) -> tuple[PlannedTouch, ...]:
    """Plan the touches of the day that are not in the history of occasion keys. See `plan_day`, which also tells who was left out."""
    return plan_day(on, customers, touches, history=history, calendar=calendar, standing=standing, at=at).planned


def plan_day(
    on: date,
    customers: Iterable[Customer],
    touches: Iterable[Touch],
    *,
    history: Collection[str],
    calendar: Calendar,
    standing: Standing,
    at: datetime | None = None,
) -> DayPlan:
    """Plan the touches of the day, in the order of touches and then of customers, each customer once a touch.

    `history` holds occasion keys, whatever became of them; a set or mapping makes it fast. `at` is the instant of planning: when it
    lies within the touch's window, the fan-out is spread from there on and not into the past.
    """
    everybody = {customer.id: customer for customer in customers}
    planned: list[PlannedTouch] = []
    excluded: list[Excluded] = []
    already = 0
    for touch in touches:
        today = TRIGGERS[touch.trigger].on_day(on, calendar)
        if today is None:
            continue
        barred = _barred(touch, standing)
        wanted: list[tuple[str, str, Happening]] = []
        for customer in everybody.values():
            happening = today(customer)
            if happening is None:
                continue
            occasion = f"{happening.key}/{customer.id}"
            if occasion in history:
                already += 1
                continue
            reason = _why_not(customer, touch, barred)
            if reason is None:
                wanted.append((occasion, customer.id, happening))
            else:
                excluded.append(Excluded(customer_id=customer.id, touch=touch.id, reason=reason))
        planned += _timed(on, touch, wanted, at)
    return DayPlan(on=on, planned=tuple(planned), excluded=tuple(excluded), already=already)


def _barred(touch: Touch, standing: Standing) -> Mapping[str, str]:
    """The reason for each customer id that a skip of the touch names; of several the one listed first counts."""
    reasons: dict[str, str] = {}
    for code in reversed(touch.skips):
        reasons |= dict.fromkeys(SKIPS[code].of(standing, touch.consent), SKIPS[code].reason)
    return reasons


def _why_not(customer: Customer, touch: Touch, barred: Mapping[str, str]) -> str | None:
    if customer.status not in touch.statuses:
        return STATUS_REASONS.get(customer.status, f"客户状态是 {customer.status}，不主动联系")
    if customer.kind not in touch.kinds:
        return f"{touch.title}不发给{KIND_NAMES.get(customer.kind, customer.kind)}"
    return barred.get(customer.id)


def _timed(on: date, touch: Touch, wanted: list[tuple[str, str, Happening]], at: datetime | None) -> Iterable[PlannedTouch]:
    """Give each its time within the window. What is due together is spread so that about `per_minute` become due in a minute.

    The place in the spread comes from a hash of the occasion: no order of customers is favoured, and a second look gives the same.
    """
    opens = datetime.combine(on, touch.window.opens, tzinfo=BANK_ZONE)
    until = datetime.combine(on + timedelta(days=touch.window.days), datetime.min.time(), tzinfo=BANK_ZONE)
    start = at.astimezone(BANK_ZONE) if at is not None and opens < at < until else opens
    room = datetime.combine(on, touch.window.spread_until, tzinfo=BANK_ZONE) - start
    minutes = min(len(wanted) // touch.window.per_minute, int(room.total_seconds()) // 60)
    seconds = max(minutes * 60, 1)
    for occasion, customer_id, happening in wanted:
        place = int.from_bytes(blake2b(occasion.encode(), digest_size=8).digest()) % seconds
        yield PlannedTouch(
            occasion=occasion,
            touch=touch.id,
            customer_id=customer_id,
            card_id=touch.cards[happening.name],
            purpose=touch.purpose.value,
            not_before=start + timedelta(seconds=place),
            until=until,
            reason=f"{happening.reason}，按“{touch.title}”安排",
            values=happening.values,
        )
