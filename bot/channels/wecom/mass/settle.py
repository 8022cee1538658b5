"""What became of one person's text, in the collected texts and in the ledger at once."""

from datetime import datetime

from bot.settling import open_delivery_task, record, record_sent
from domain.mass import MassTarget
from domain.ports import Records

#: By what became of it: the status in the ledger, and the word of why.
_ENDS = {
    "refused": ("failed", "no contact any more"),
    "capped": ("failed", "本月已到上限"),
    "expired": ("expired", "nobody confirmed it in time"),
    "withdrawn": ("superseded", "the customer asked for no more"),
    "unknown": ("unknown", "WeCom does not say what came of it"),
}
_FOR_A_PERSON = frozenset({"refused", "unknown"})


def settle(records: Records, target: MassTarget, status: str, *, at: datetime) -> bool:
    """Settle it. `at` is when it happened. False when that was known."""
    if not records.mass.settle(target.key, status, at=at):
        return False
    row = records.outbox.of_key(target.key)
    if row is None:
        return True
    if status == "sent":
        if records.outbox.confirmed(row.id, at=at):
            record_sent(records, row, text=target.text, at=at, rules=0)
        return True
    if row.status != "asked":
        return True
    ledger, why = _ENDS[status]
    records.outbox.hold(row.id, status=ledger, error=why)
    record(records, row, f"outbound.{ledger}", at=at)
    if status in _FOR_A_PERSON:
        open_delivery_task(records, row, status=ledger, at=at)
    return True
