"""What must hold after a play, whatever was played. Each check counts what it looked at and names the first breach.

The hours, caps and words are said here once more, not taken from the rules of the gate: a check that asks the rule would never disagree.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.app import App
from bot.channels.play import Delivered, PlayChannel
from bot.playing.record import Record
from domain.ports import OutboxRow, Records

_UNASKED = ("touch", "marketing")
_MORNING, _EVENING = 9, 21  # nothing unasked before nine and from nine in the evening on
_STATUSES = ("pending", "sending", "sent", "asked", "unknown", "failed", "blocked", "review", "expired", "superseded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the database held: rows of the outbox, and ids of dead letters."""

    rows: tuple[OutboxRow, ...]
    dead_letters: frozenset[int]

    @classmethod
    def of(cls, app: App) -> "Ledger":
        """As it is now."""
        with app.store.reading() as records:
            rows = tuple(row for status in _STATUSES for row in records.outbox.by_status(status))
            return cls(rows=rows, dead_letters=frozenset(_dead_letters(records)))

    def since(self, before: "Ledger") -> "Ledger":
        """Without what was there before, and what was settled then."""
        settled = {row.id for row in before.rows if row.status not in ("pending", "sending")}
        return Ledger(rows=tuple(row for row in self.rows if row.id not in settled), dead_letters=self.dead_letters - before.dead_letters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was checked: over how many cases, and the first breach, empty when it holds."""

    name: str
    title: str
    cases: int
    breach: str = ""


def check_all(app: App, *, channel: PlayChannel, record: Record, ledger: Ledger) -> tuple[Check, ...]:
    """Every check. `ledger` is what the play left (`Ledger.since`)."""
    with app.store.reading() as records:
        waiting, broken = records.inbox.waiting(), records.audit.verify()
    unasked = [message for message in channel.delivered if message.purpose in _UNASKED]
    sent = [row for row in ledger.rows if row.status == "sent" and row.channel == channel.name]
    said = sum(record.said.values())
    return (
        Check(name="no_dead_letters", title="没有死信", cases=said, breach=_dead(record, ledger, waiting)),
        Check(name="nothing_sent_twice", title="没有重复发送", cases=len(channel.delivered), breach=_twice(channel, sent)),
        Check(
            name="nothing_in_doubt",
            title="没有下落不明的消息",
            cases=len(ledger.rows),
            breach=next((f"outbox {row.id} is {row.status}" for row in ledger.rows if row.status in ("unknown", "failed", "sending")), ""),
        ),
        Check(
            name="nobody_contacted_after_opting_out",
            title="退订后不再打扰",
            cases=len(record.refused_before | record.refused_from.keys()),
            breach=_first(_after_refusal(channel, dict.fromkeys(record.refused_before, 0) | record.refused_from)),
        ),
        Check(
            name="nothing_in_quiet_hours",
            title="免打扰时段不主动发",
            cases=len(unasked),
            breach=_first(
                f"{message.key} at {message.at:%m-%d %H:%M}" for message in unasked if not _MORNING <= message.at.hour < _EVENING
            ),
        ),
        Check(name="one_a_day", title="一天最多主动联系一次", cases=len(unasked), breach=_too_often(unasked)),
        Check(
            name="silent_while_a_person_answers",
            title="人工接待时助手不说话",
            cases=sum(wait.taken_at is not None for wait in record.waits.values()),
            breach=_first(record.talked_over),
        ),
        Check(
            name="delivery_taken_whole",
            title="银行回流数据全部收下",
            cases=record.deliveries,
            breach=f"{record.rejected} rows were refused" if record.rejected else "",
        ),
        Check(name="audit_whole", title="留痕链完整", cases=1, breach="" if broken is None else f"record {broken} is broken"),
    )


def _dead_letters(records: Records) -> Collection[int]:
    return [task.id for status in ("open", "done", "cancelled") for task in records.tasks.listed(kind="dead_letter", status=status)]


def _dead(record: Record, ledger: Ledger, waiting: int) -> str:
    if ledger.dead_letters:
        return f"task {min(ledger.dead_letters)}: a message was given up"
    if record.lost:
        return f"what {record.lost[0]} said was not dealt with"
    return f"{waiting} messages are not dealt with" if waiting else ""


def _twice(channel: PlayChannel, sent: Sequence[OutboxRow]) -> str:
    if channel.repeated:
        return f"{channel.repeated[0]} reached the channel twice"
    occasions = Counter(row.occasion for row in sent if row.occasion)
    repeated = [occasion for occasion, count in occasions.items() if count > 1]
    if repeated:
        return f"{repeated[0]} was sent twice"
    shown, booked = {message.key for message in channel.delivered}, {row.key for row in sent}
    return _first(f"{key} is in only one of channel and ledger" for key in sorted(shown ^ booked))


def _after_refusal(channel: PlayChannel, refused_from: dict[str, int]) -> Iterator[str]:
    for place, message in enumerate(channel.delivered):
        if message.purpose in _UNASKED and place >= refused_from.get(message.customer_id, len(channel.delivered)):
            yield f"{message.customer_id} refused, and got {message.key} on {message.at:%m-%d %H:%M}"


def _too_often(unasked: Sequence[Delivered]) -> str:
    days = Counter((message.customer_id, message.at.date()) for message in unasked)
    return _first(f"{who} was contacted {count} times on {on}" for (who, on), count in days.items() if count > 1)


def _first(found: Iterator[str] | Sequence[str]) -> str:
    return next(iter(found), "")
