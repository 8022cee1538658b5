"""The one door out. A row of the outbox is claimed, judged by the gate at this very moment, sent, and settled in the ledger.

Where a person must confirm a text before it reaches anybody, the row is `asked` until the channel knows more.
`pending -> sending` is committed before the channel is called and `sent` after it. If the process dies in between, an idempotent channel
gets the same key again; on any other the row becomes `unknown` and a person looks: never twice, never silently lost. Where every channel is
idempotent the disk is not waited for at the claim: one that a power cut takes back is a text that is sent again under its key. While a text
is tried again, what follows it in its conversation waits: nothing overtakes.
A blocked reply does not mean silence: a safe line goes instead and a person is asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.authority import contact_person
from bot.handoff import hand_off_due, name_of, open_hand_off
from bot.observe import event, fault
from bot.screening import Screening
from bot.settling import open_delivery_task, record, record_sent
from bot.wording import sentence
from compliance.days import bank_day
from compliance.gate import review
from compliance.rule import Rule
from domain.conversation import Conversation, Event, Owner, step
from domain.errors import CapReached, ChannelDown, DeliveryUnknown, NotOurTurn, RecipientGone
from domain.message import Approved, Blocked, Deferred, Draft, Finding, Kind, NeedsReview, Purpose, Receipt, Verdict
from domain.party import BOT, Role
from domain.ports import Channel, OutboxRow, Records, Store

_LEASE_S = 60.0
_MAX_ATTEMPTS = 6
_BACKOFF = timedelta(seconds=2)
_TOUCH_WAITS = timedelta(minutes=30)  # a touch does not talk over a person; it comes back later
_SAFE_SUFFIX = "-safe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """What became of one row. `approved` is what left, exactly as it left; `verdict` what the gate said, if it was asked."""

    row: OutboxRow
    status: str
    verdict: Verdict | None = None
    approved: Approved | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why the text did not leave, or not yet."""
        return self.verdict.findings if isinstance(self.verdict, Blocked | NeedsReview | Deferred) else ()


class Door:
    """Sends what is due. Any number may run at once, in any number of processes."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        rules: Sequence[Rule],
        screening: Screening,
        *,
        worker: str,
        delivered: Callable[[str], None] = lambda _conversation_id: None,
    ) -> None:
        self._store = store
        self._channels = channels
        self._rules = tuple(rules)
        self._screening = screening
        self._worker = worker
        self._delivered = delivered

    def drain(self, *, clock: Callable[[], datetime], conversation_id: str | None = None, most: int = 1000) -> list[Dispatch]:
        """Send everything that is due (in that conversation), at most so many rows."""
        done: list[Dispatch] = []
        while len(done) < most and (dispatch := self.send_one(at=clock(), conversation_id=conversation_id)):
            done.append(dispatch)
        return done

    def send_one(self, *, at: datetime, conversation_id: str | None = None) -> Dispatch | None:
        """Send the next due row. None when nothing is due."""
        with self._store.writing(durable=not all(channel.idempotent for channel in self._channels.values())) as records:
            row = records.outbox.claim(now=at, worker=self._worker, lease_s=_LEASE_S, conversation_id=conversation_id)
            if row is None:
                return None
            dispatch = self._judge(records, row, at=at)
        if dispatch.status != "sending" or dispatch.approved is None:
            return dispatch
        return self._send(dispatch.row, dispatch.approved, at=at)

    def _judge(self, records: Records, row: OutboxRow, *, at: datetime) -> Dispatch:
        if row.until is not None and at >= row.until:
            records.outbox.hold(row.id, status="expired")
            return Dispatch(row=row, status="expired")
        # Held until the claim is committed: a take-over sees that the bot is speaking, or the bot sees that a person has taken over.
        conversation = records.conversations.find(row.conversation_id, hold=True)
        if conversation is not None and _is_for_another(records, row.draft, conversation):
            records.outbox.hold(row.id, status="superseded")
            return Dispatch(row=row, status="superseded")
        if conversation is not None and _would_talk_over_a_person(row.draft, conversation):
            if row.draft.purpose is Purpose.REPLY:
                records.outbox.hold(row.id, status="superseded")
                return Dispatch(row=row, status="superseded")
            records.outbox.postpone(row.id, until=at + _TOUCH_WAITS, error="a person is talking")
            return Dispatch(row=row, status="pending")
        if row.channel not in self._channels:
            records.outbox.hold(row.id, status="failed", error=f"no channel '{row.channel}'")
            return Dispatch(row=row, status="failed")
        try:
            verdict = review(row.draft, self._screening.context(records, row, at=at), self._rules)
        except Exception as error:  # the boundary of judging: one text that breaks a rule's code must not stop all the others
            return self._not_judged(records, row, error, at=at)
        match verdict:
            case Approved():
                return Dispatch(row=row, status="sending", verdict=verdict, approved=verdict)
            case Deferred():
                records.outbox.postpone(row.id, until=verdict.until, error=verdict.findings[0].rule if verdict.findings else "deferred")
                return Dispatch(row=row, status="pending", verdict=verdict)
            case NeedsReview():
                self._hold(records, row, conversation, verdict, status="review", at=at)
                return Dispatch(row=row, status="review", verdict=verdict)
            case Blocked():
                self._hold(records, row, conversation, verdict, status="blocked", at=at)
                return Dispatch(row=row, status="blocked", verdict=verdict)

    def _send(self, row: OutboxRow, approved: Approved, *, at: datetime) -> Dispatch:
        channel = self._channels[row.channel]
        try:
            receipt = channel.send(approved, key=row.key, conversation_id=row.conversation_id, again=row.attempts > 1)
        except ChannelDown as error:
            return self._later(row, at=at, error=str(error), at_last="failed", asked_for=timedelta(seconds=error.retry_after_s))
        except NotOurTurn:
            return self._superseded(row)
        except CapReached as error:
            with self._store.writing() as records:
                records.outbox.hold(row.id, status="failed", error=str(error))
            return Dispatch(row=row, status="failed")
        except RecipientGone as error:
            return self._give_up(row, status="failed", at=at, error=str(error))
        except Exception as error:  # the boundary of sending: a channel that breaks in a way of its own may have delivered
            if not isinstance(error, DeliveryUnknown):
                fault("outbound.channel.broke", error, outbox=row.id)
            if channel.idempotent:
                return self._later(row, at=at, error=type(error).__name__, at_last="unknown")
            return self._give_up(row, status="unknown", at=at, error=type(error).__name__)
        if receipt.asked:
            self._ask(row, approved, receipt)
            return Dispatch(row=row, status="asked", verdict=approved, approved=approved)
        self._settle(row, approved, receipt)
        self._delivered(row.conversation_id)
        return Dispatch(row=row, status="sent", verdict=approved, approved=approved)

    def _settle(self, row: OutboxRow, approved: Approved, receipt: Receipt) -> None:
        with self._store.writing() as records:
            if not records.outbox.sent(row.id, approved, receipt):
                return  # another worker sent the same key after our lease had run out, and settled it first
            record_sent(records, row, text=approved.text, at=receipt.at, rules=len(approved.rules))

    def _ask(self, row: OutboxRow, approved: Approved, receipt: Receipt) -> None:
        with self._store.writing() as records:
            if records.outbox.asked(row.id, approved, receipt):
                record(records, row, "outbound.asked", at=receipt.at, rules=str(len(approved.rules)))

    def _later(self, row: OutboxRow, *, at: datetime, error: str, at_last: str, asked_for: timedelta = timedelta()) -> Dispatch:
        if row.attempts >= _MAX_ATTEMPTS:
            return self._give_up(row, status=at_last, at=at, error=error)
        with self._store.writing() as records:
            records.outbox.retry(row.id, after=max(_next_try(row, at=at), at + asked_for), error=error)
        event("outbound.retry", outbox=row.id, attempt=row.attempts)
        return Dispatch(row=row, status="pending")

    def _superseded(self, row: OutboxRow) -> Dispatch:
        with self._store.writing() as records:
            records.outbox.hold(row.id, status="superseded")
        return Dispatch(row=row, status="superseded")

    def _give_up(self, row: OutboxRow, *, status: str, at: datetime, error: str) -> Dispatch:
        with self._store.writing() as records:
            records.outbox.hold(row.id, status=status, error=error)
            open_delivery_task(records, row, status=status, at=at)
        event(f"outbound.{status}", outbox=row.id)
        return Dispatch(row=row, status=status)

    def recover(self, *, at: datetime) -> int:
        """Deal with rows that somebody was sending when their lease ran out. Returns how many there were."""
        with self._store.writing() as records:
            rows = records.outbox.stale(now=at)
            for row in rows:
                channel = self._channels.get(row.channel)
                if channel is not None and channel.idempotent and row.attempts < _MAX_ATTEMPTS:
                    records.outbox.retry(row.id, after=at, error="the sender died")
                else:
                    records.outbox.hold(row.id, status="unknown", error="the sender died")
                    open_delivery_task(records, row, status="unknown", at=at)
        return len(rows)

    def _not_judged(self, records: Records, row: OutboxRow, error: Exception, *, at: datetime) -> Dispatch:
        """Try again later, then leave it to a person: what could not be judged does not leave."""
        fault("outbound.judge.failed", error, outbox=row.id, attempt=row.attempts)
        if row.attempts < _MAX_ATTEMPTS:
            records.outbox.retry(row.id, after=_next_try(row, at=at), error=type(error).__name__)
            return Dispatch(row=row, status="pending")
        records.outbox.hold(row.id, status="failed", error=type(error).__name__)
        open_delivery_task(records, row, status="failed", at=at)
        return Dispatch(row=row, status="failed")

    def _hold(
        self,
        records: Records,
        row: OutboxRow,
        conversation: Conversation | None,
        verdict: Blocked | NeedsReview,
        *,
        status: str,
        at: datetime,
    ) -> None:
        """Keep a text back and see to it that nobody is left without an answer."""
        draft = row.draft
        records.outbox.hold(row.id, status=status, verdict=verdict)
        rules = ",".join(finding.rule for finding in verdict.findings)
        record(records, row, f"outbound.{status}", at=at, rules=rules)
        event(f"outbound.{status}", outbox=row.id, rules=rules)
        if status == "review":
            records.tasks.open(
                key=f"review/{row.id}",
                kind="review",
                title="一条回复等待人工复核",
                detail="；".join(finding.reason for finding in verdict.findings),
                at=at,
                customer_id=draft.to.id if draft.to.role is Role.CUSTOMER else None,
                conversation_id=row.conversation_id,
                urgency="high" if draft.purpose is Purpose.REPLY else "normal",
            )
        if draft.author.role.is_staff and conversation is not None:
            self._tell_author(records, row, conversation, verdict, at=at)
        elif draft.purpose is Purpose.REPLY and conversation is not None and not row.key.endswith(_SAFE_SUFFIX):
            _say_safely(records, row, conversation, status=status, at=at)

    def _tell_author(
        self, records: Records, row: OutboxRow, conversation: Conversation, verdict: Blocked | NeedsReview, *, at: datetime
    ) -> None:
        text = sentence(
            "relay.blocked",
            name=name_of(records, conversation),
            reason="；".join(dict.fromkeys(finding.reason for finding in verdict.findings)),
        )
        for theirs in records.conversations.of_party(row.draft.author)[:1]:
            records.outbox.add(
                Draft(text=text, to=row.draft.author, purpose=Purpose.INTERNAL, kind=Kind.NOTICE),
                conversation_id=theirs.id,
                channel=theirs.channel,
                at=at,
                key=f"{row.key}-author",
                trace_id=row.trace_id,
            )


def _is_for_another(records: Records, draft: Draft, conversation: Conversation) -> bool:
    """A customer of the book is meant, and the WeChat there is theirs no longer. What was meant for a stranger anybody may read."""
    return draft.to.role is Role.CUSTOMER and draft.to != conversation.party and records.book.customer(draft.to.id) is not None


def _would_talk_over_a_person(draft: Draft, conversation: Conversation) -> bool:
    """While a person owns a customer's conversation the bot says nothing there; the lines that mark the stretch answer nothing."""
    marks_the_stretch = draft.kind is Kind.NOTICE and draft.answers is None
    return conversation.owner is Owner.HUMAN and draft.author == BOT and not marks_the_stretch


def _say_safely(records: Records, row: OutboxRow, conversation: Conversation, *, status: str, at: datetime) -> None:
    """Answer with the safe line in place of a text that was kept back, and ask for a person."""
    safe = replace(
        Draft(text=sentence(f"reply.{status if status == 'review' else 'blocked'}"), to=row.draft.to, purpose=Purpose.REPLY),
        answers=row.draft.answers,
    )
    records.outbox.add(
        safe, conversation_id=row.conversation_id, channel=row.channel, at=at, key=f"{row.key}{_SAFE_SUFFIX}", trace_id=row.trace_id
    )
    if conversation.owner is not Owner.BOT or conversation.party.role is not Role.CUSTOMER:
        return
    waiting = records.conversations.save(step(conversation, Event.HANDOFF_REQUESTED, at=at), at=at)
    customer = records.book.customer(conversation.party.id)
    person = contact_person(records.book, customer, on=bank_day(at)) if customer else None
    open_hand_off(
        records,
        waiting,
        reason="助手的回复没有通过合规审查",
        detail=f"出站编号 {row.id}，看会话记录后人工回复。",
        at=at,
        due_at=hand_off_due(at),
        urgency="high",
        assignee=person.staff.id if person else None,
    )


def _next_try(row: OutboxRow, *, at: datetime) -> datetime:
    wait: timedelta = _BACKOFF * 2 ** (row.attempts - 1)
    return at + wait
