"""The way in: an inbound message is stored, then worked in arrival order, one turn at a time per conversation.

`accept` is all that an edge does before it answers: store and commit. `Desk.work` takes one message through a turn. A turn that fails
is tried again; after the last try the message is buried, the customer is told, and a person gets the task.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.dialogue import Decides, Decision
from bot.inbound_text import MAX_TEXT
from bot.interpreter import commit, trace_of
from bot.observe import event, fault
from bot.wording import sentence
from domain.conversation import Conversation
from domain.effects import Effect, HandOff, OpenTask, Say
from domain.errors import Conflict
from domain.message import Draft, Inbound, Purpose
from domain.party import Role
from domain.ports import InboxRow, Store

MAX_ATTEMPTS = 3
MAX_DEATHS = 5  # more patience where the process died: that may have been another message's fault, or a restart
_RETRY = timedelta(seconds=1)
_LEASE_S = 30.0
_CONFLICTS = 4  # times that a turn is worked again at once because somebody else changed the same record
_FORGIVEN = timedelta(minutes=2)  # as long as conflicts are nobody's fault; longer than a text can be on its way out
_PATIENCE_S = 10.0
_LOOK_AGAIN_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnOutcome:
    """What became of one inbound message. `error` is empty unless the turn failed; `ms` is the time of the turn without sending."""

    inbox_id: int
    conversation: Conversation
    intent: str
    confidence: float
    effects: tuple[Effect, ...]
    ms: float
    error: str = ""

    @property
    def replies(self) -> int:
        """How many texts the turn put into its own conversation."""
        return sum(isinstance(effect, Say) for effect in self.effects)

    @property
    def trace_id(self) -> str:
        """The id under which the replies of this turn are found."""
        return trace_of(self.inbox_id)


def accept(store: Store, inbound: Inbound) -> int | None:
    """Store a message. Returns its inbox row, or None when it had arrived before. After this returns it cannot be lost."""
    with store.writing() as records:
        return records.inbox.accept(clipped(inbound))


def clipped(inbound: Inbound) -> Inbound:
    """The message as it is stored: without NUL and halves of surrogate pairs (databases refuse them), no longer than anybody types."""
    text = inbound.text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return replace(inbound, text=text[: MAX_TEXT + 1])


class Desk:
    """Works the inbox. Any number may run at once, in any number of processes."""

    def __init__(
        self,
        store: Store,
        dialogue: Decides,
        *,
        worker: str,
        worked: Callable[[str], None] = lambda _conversation_id: None,
        staff_channel: str = "web",
    ) -> None:
        self._store = store
        self._dialogue = dialogue
        self._worker = worker
        self._staff_channel = staff_channel  # where staff are told who never talked with the assistant
        self._worked_on = worked  # told of each conversation whose transcript grew, so that open pages look

    def work(self, *, at: datetime, conversation_id: str | None = None) -> TurnOutcome | None:
        """Take the next message (of that conversation) through its turn. None when there is nothing to do now."""
        while True:  # a turn that failed is put off, so that each message is met once here; what is behind it need not wait
            # A claim that a power cut takes back is one that nobody made: the message waits again, as it must.
            with self._store.writing(durable=False) as records:
                row = records.inbox.claim(now=at, worker=self._worker, lease_s=_LEASE_S, conversation_id=conversation_id)
            if row is None:
                return None
            outcome = self._worked(row, at=at)
            if outcome is not None:
                return outcome

    def take(self, inbound: Inbound, *, clock: Callable[[], datetime]) -> TurnOutcome | None:
        """Accept a message and take it through its turn here and now, after whatever its conversation still had waiting.

        None when it had arrived before, or when another worker is busy with the conversation for longer than `_PATIENCE_S`.
        """
        text = clipped(inbound)
        with self._store.writing() as records:
            row_id = records.inbox.accept(text)
            if row_id is None:
                return None
            row = records.inbox.claim(
                now=max(clock(), text.received_at), worker=self._worker, lease_s=_LEASE_S, conversation_id=text.conversation
            )
        started = time.monotonic()
        while (waited := time.monotonic() - started) < _PATIENCE_S:
            outcome = None if row is None else self._worked(row, at=clock())
            if outcome is not None and outcome.inbox_id >= row_id:
                return outcome
            if outcome is None:
                time.sleep(_LOOK_AGAIN_S)
            # A clock that stands still (`--at`) must not keep a second try waiting for ever: what was waited here counts too.
            now = clock() + timedelta(seconds=waited)
            with self._store.writing() as records:
                row = records.inbox.claim(now=now, worker=self._worker, lease_s=_LEASE_S, conversation_id=text.conversation)
        return None

    def _worked(self, row: InboxRow, *, at: datetime) -> TurnOutcome | None:
        for left in reversed(range(_CONFLICTS)):
            if row.attempts > MAX_DEATHS:
                # It was being worked when the process died, every time: do not let it do that again.
                return self._bury(row, at=at, error="the process died while this was worked")
            try:
                return self._turn(row, at=at)
            except Conflict:
                again = self._again(row, at=at, at_once=left > 0)
                if again is None:
                    return None
                row = again
            except Exception as error:  # the one boundary of this flow: whatever a handler does, the message is not lost
                fault("inbound.turn.failed", error, inbox=row.id, attempt=row.attempts)
                if row.attempts >= MAX_ATTEMPTS:
                    return self._bury(row, at=at, error=type(error).__name__)
                with self._store.writing() as records:
                    after = at + _RETRY * row.attempts
                    records.inbox.retry(row.id, not_before=after, error=type(error).__name__, attempt=row.attempts)
                return None
        return None

    def _again(self, row: InboxRow, *, at: datetime, at_once: bool) -> InboxRow | None:
        """Give a message back and take what is next: somebody changed the same record, or the bot speaks where a person takes over."""
        forgiven = at - row.inbound.received_at < _FORGIVEN
        with self._store.writing() as records:
            records.inbox.retry(
                row.id,
                not_before=at if at_once else at + _RETRY,
                error="conflict",
                attempt=row.attempts,
                attempts=row.attempts - 1 if forgiven else None,
            )
            if not at_once:
                return None
            return records.inbox.claim(now=at, worker=self._worker, lease_s=_LEASE_S, conversation_id=row.inbound.conversation)

    def _turn(self, row: InboxRow, *, at: datetime) -> TurnOutcome:
        started = time.perf_counter()
        with self._store.reading() as records:
            conversation = records.conversations.find(row.inbound.conversation) or fresh_conversation(row.inbound)
            decision = self._dialogue.decide(records, conversation, row, at=at)
        with self._store.writing() as records:
            saved = commit(records, conversation=conversation, row=row, effects=decision.effects, at=at, staff_channel=self._staff_channel)
        self._worked_on(saved.id)
        return _outcome(row, saved, decision, ms=(time.perf_counter() - started) * 1000)

    def _bury(self, row: InboxRow, *, at: datetime, error: str) -> TurnOutcome | None:
        try:
            return self._bury_aloud(row, at=at, error=error)
        except Conflict:
            return None  # somebody else has it now
        except Exception as worse:  # even saying so fails for this message: it must not hold up the conversation for ever
            fault("inbound.bury.failed", worse, inbox=row.id)
            with self._store.writing() as records:
                records.inbox.bury(row.id, at=at, error=error)
                records.tasks.open(
                    key=f"dead_letter/{row.id}",
                    kind="dead_letter",
                    title=f"一条消息没有处理成功，对方也没有收到说明（{error}）",
                    detail=f"会话 {row.inbound.conversation} 的第 {row.seq} 条，入站编号 {row.id}。请人工联系。",
                    at=at,
                    conversation_id=row.inbound.conversation,
                    urgency="high",
                )
            return None

    def _bury_aloud(self, row: InboxRow, *, at: datetime, error: str) -> TurnOutcome:
        with self._store.writing() as records:
            conversation = records.conversations.find(row.inbound.conversation, hold=True) or fresh_conversation(row.inbound)
            purpose = Purpose.REPLY if row.inbound.sender.role is Role.CUSTOMER else Purpose.INTERNAL
            effects: tuple[Effect, ...] = (
                OpenTask(
                    task="dead_letter",
                    title=f"一条消息没有处理成功（{error}）",
                    detail=f"会话 {conversation.id} 的第 {row.seq} 条，入站编号 {row.id}。请看会话记录后人工回复。",
                    key=f"dead_letter/{row.id}",
                    urgency="high",
                ),
                Say(draft=Draft(text=sentence("turn.failed"), to=row.inbound.sender, purpose=purpose, answers=row.id)),
            )
            if row.inbound.sender.role is Role.CUSTOMER:
                effects = (*effects, HandOff(reason="系统没有处理好客户的一句话", urgency="high"))
            saved = commit(records, conversation=conversation, row=row, effects=effects, at=at, staff_channel=self._staff_channel)
            records.inbox.bury(row.id, at=at, error=error)
        event("inbound.buried", inbox=row.id, error=error)
        return _outcome(row, saved, Decision(intent="failed", confidence=0.0, effects=effects), ms=0.0, error=error)


def fresh_conversation(inbound: Inbound) -> Conversation:
    """The state of a conversation in which nothing was said yet."""
    return Conversation(id=inbound.conversation, channel=inbound.channel, party=inbound.sender)


def _outcome(row: InboxRow, saved: Conversation, decision: Decision, *, ms: float, error: str = "") -> TurnOutcome:
    return TurnOutcome(
        inbox_id=row.id,
        conversation=saved,
        intent=decision.intent,
        confidence=decision.confidence,
        effects=decision.effects,
        ms=ms,
        error=error,
    )
