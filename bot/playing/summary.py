"""One page about a play: numbers with what they are counted of, the same for the same play."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from bot.channels.play import PlayChannel
from bot.playing.checks import Check, Ledger
from bot.playing.record import Record
from bot.report import Json
from compliance.days import at_hour
from domain.book import Consent
from domain.ports import OutboxRow, Records

_TOUCH = "touch-"
_MEANT = {"opt_out": "opt_out", "complain": "complain", "person": "request_human"}  # act: intent
_TO_A_PERSON = "human"
_ANSWERS = ("thanks", "question", "press", "person", "need", "product")


def summary_of(
    records: Records, *, first: date, days: int, seed: int, channel: PlayChannel, record: Record, ledger: Ledger, checks: Sequence[Check]
) -> Json:
    """The summary as JSON."""
    delivered = Counter("reply_by_person" if message.by_person else message.purpose for message in channel.delivered)
    customers = sum(customer.status == "active" for customer in records.book.customers())
    refused = [who for who in record.refused_from if not _still_granted(records.book.consents(who))]
    return {
        "from": first.isoformat(),
        "until": (first + timedelta(days=days - 1)).isoformat(),
        "days": days,
        "seed": seed,
        "customers": customers,
        "messages": dict(sorted(delivered.items())),
        "touches": {touch: _touch(touch, record, ledger) for touch in sorted(_touches(record, ledger))},
        "customers_said": {"messages": sum(record.said.values()), "acts": _sorted(record.said), "intents": _sorted(record.intents)},
        "understood": {act: _understood(act, intent, record) for act, intent in _MEANT.items()},
        "opted_out": {"said": len(record.refused_from), "recorded": len(refused), "before": len(record.refused_before)},
        "complaints": _complaints(records, record, since=at_hour(first, 0)),
        "purchases": {"count": len(record.purchases), "amount": str(sum(record.purchases, Decimal("0.00")))},
        "gate": _gate(record),
        "handoffs": _handoffs(record),
        "tried_again": channel.failed,
        "delivered_to_us": {"deliveries": record.deliveries, "rows": _sorted(record.rows), "rejected": record.rejected},
        "checks": [asdict(check) for check in checks],
    }


def _understood(act: str, intent: str, record: Record) -> Json:
    taken = Counter({name: count for (said, name), count in record.taken_as.items() if said == act})
    meant, to_a_person = taken[intent], taken[_TO_A_PERSON]
    return {"said": taken.total(), "as_meant": meant, "to_a_person": to_a_person, "missed": taken.total() - meant - to_a_person}


def _touches(record: Record, ledger: Ledger) -> set[str]:
    return {*record.planned, *(touch for _, touch, _ in record.left_out), *(_touch_of(row) for row in ledger.rows if row.occasion)}


def _touch_of(row: OutboxRow) -> str:
    return row.trace_id.removeprefix(_TOUCH)


def _touch(touch: str, record: Record, ledger: Ledger) -> Json:
    rows = [row for row in ledger.rows if row.occasion and _touch_of(row) == touch]
    sent = [row for row in rows if row.status == "sent"]
    acts = Counter(act for row in sent for act in record.acts.get(row.key, ()))
    return {
        "planned": record.planned[touch],
        "left_out": _sorted(Counter(reason for (_, name, _), reason in record.left_out.items() if name == touch)),
        "outcome": _sorted(Counter(row.status for row in rows)),
        "delivered": len(sent),
        "read": sum(acts.values()),
        "answered": sum(acts[act] for act in _ANSWERS),
        "bought": acts["buy"],
        "opted_out": acts["opt_out"],
        "complained": acts["complain"],
    }


def _gate(record: Record) -> Json:
    by_outcome: dict[str, Counter[str]] = {"block": Counter(), "review": Counter(), "defer": Counter()}
    for held in record.held.values():
        by_outcome.setdefault(held.outcome, Counter())[held.rule] += 1
    return {outcome: _sorted(rules) for outcome, rules in by_outcome.items()}


def _complaints(records: Records, record: Record, *, since: datetime) -> Json:
    left = records.tasks.listed(kind="complaint")
    all_of_them = [*left, *records.tasks.listed(kind="complaint", status="done")]
    return {"opened": sum(task.created_at >= since for task in all_of_them), "closed": record.complaints_closed, "open": len(left)}


def _handoffs(record: Record) -> Json:
    waited = [(wait.taken_at - wait.since).total_seconds() / 60 for wait in record.waits.values() if wait.taken_at]
    return {
        "waits": len(record.waits),
        "taken": len(waited),
        "not_taken": len(record.waits) - len(waited),
        "returned_by_sla": record.returned,
        "released": record.released,
        "minutes_median": round(median(waited), 1) if waited else None,
        "minutes_longest": round(max(waited), 1) if waited else None,
        "within_15_minutes": sum(minutes <= 15 for minutes in waited),
    }


def _still_granted(words: Sequence[Consent]) -> bool:
    """Whether the latest word on being contacted first still allows it."""
    latest = {word.purpose: word.granted for word in words if word.purpose in ("*", "care", "marketing", "touch")}
    return latest.get("*", True)


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
