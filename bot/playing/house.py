"""The house during a play: people say something, texts leave, the scheduler looks. What comes of it is noted."""

from collections.abc import Sequence
from datetime import timedelta

from bot.app import App, new_message_id
from bot.handoff import return_silent
from bot.inbound import TurnOutcome
from bot.late_cases import escalate_late
from bot.outbound import Dispatch
from bot.playing.agenda import PlayClock
from bot.playing.record import Held, Record
from domain.message import Inbound, conversation_id
from domain.party import Party, Role

_MOST = 1_000_000  # texts of one instant: all of them
_TOUCH = "touch-"  # how the trace of a touch begins


class House:
    """The app, moved by hand on one thread."""

    def __init__(self, app: App, clock: PlayClock, record: Record, *, channel: str) -> None:
        self.app = app
        self.clock = clock
        self.record = record
        self.channel = channel

    def say(self, party: Party, text: str) -> str:
        """Somebody says something, and all that is due leaves. Returns the intent that was understood, empty when there was no turn."""
        inbound = Inbound(channel=self.channel, message_id=new_message_id(), sender=party, text=text, received_at=self.clock.at)
        outcome, dispatches = self.app.converse(inbound)
        if outcome is None or outcome.error:
            self.record.lost.append(f"{party} at {self.clock.at:%Y-%m-%d %H:%M}")
        else:
            self._note_turn(outcome)
        self._note(dispatches)
        self.drain()
        return outcome.intent if outcome else ""

    def tick(self) -> None:
        """A tick: plan what is due, give back what silent people hold, take up what was left lying; then all that is due leaves."""
        at = self.clock.at
        self.app.door.recover(at=at)
        plan = self.app.toucher.plan(at=at)
        for touch in plan.planned:
            self.record.planned[touch.touch] += 1
        for out in plan.excluded:
            self.record.left_out.setdefault((plan.on, out.touch, out.customer_id), out.reason)
        self.record.returned += len(return_silent(self.app.store, at=at, sla=self.sla))
        escalate_late(self.app.store, at=at, channel=self.app.staff_channel)
        while (outcome := self.app.desk.work(at=at)) is not None:
            self._note_turn(outcome)
        self.drain()

    def drain(self) -> None:
        """Send everything that is due."""
        self._note(self.app.door.drain(clock=self.clock, most=_MOST))

    def own(self, party: Party) -> str:
        """Somebody's own conversation with the bot."""
        return conversation_id(self.channel, party)

    @property
    def sla(self) -> timedelta:
        """How long who took over may be silent."""
        return timedelta(seconds=self.app.settings.handoff_sla_s)

    def _note_turn(self, outcome: TurnOutcome) -> None:
        if outcome.conversation.party.role is Role.CUSTOMER:
            self.record.intents[outcome.intent] += 1

    def _note(self, dispatches: Sequence[Dispatch]) -> None:
        for dispatch in dispatches:
            row = dispatch.row
            touch = row.trace_id.removeprefix(_TOUCH) if row.trace_id.startswith(_TOUCH) else ""
            for finding in dispatch.findings:
                self.record.held[row.id, finding.rule] = Held(
                    outbox_id=row.id, touch=touch, purpose=row.draft.purpose.value, rule=finding.rule, outcome=finding.outcome
                )
