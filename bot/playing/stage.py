"""Days pass: the clock is moved from one thing that happens to the next, and the house does what it does when it serves.

Everything goes through the doors of the house: customers and relationship managers through a turn, texts through the outbox to the channel,
the bank's answer through the import. One thread, one order: the same people and the same bank give the same play.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Generic

from bot.app import App
from bot.channels.play import Delivered, PlayChannel
from bot.playing.agenda import Agenda, PlayClock
from bot.playing.audience import Audience, R
from bot.playing.duty import Duty
from bot.playing.house import House
from bot.playing.record import Record
from compliance.days import at_hour, bank_time
from crm.importing.report import ImportReport
from domain.conversation import Owner
from domain.party import Party, Role

_TICK = timedelta(minutes=30)


class Stage(Generic[R]):
    """One play over a house whose clock it moves and whose channel tells it what arrives (`heard`)."""

    def __init__(
        self, app: App, clock: PlayClock, channel: PlayChannel, audience: Audience[R], *, deliver: Callable[[Path], ImportReport]
    ) -> None:
        self.record = Record()
        self._app = app
        self._clock = clock
        self._channel = channel
        self._audience = audience
        self._deliver = deliver
        self._agenda = Agenda(clock)
        self._house = House(app, clock, self.record, channel=channel.name)
        self._duty = Duty(self._house, self._agenda, audience)

    def begin(self, on: date) -> None:
        """Go on where the play before ended: what people meant to do then, and who wanted no more messages."""
        self._clock.at = at_hour(on, 0)
        for reaction in self._audience.left_over(on):
            self._agenda.put(reaction.at, partial(self._react, reaction))
        with self._app.store.reading() as records:
            words = records.book.consents_for("*")
        self.record.refused_before |= {who for who, said in words.items() if not said[-1].granted}

    def play_day(self, on: date) -> None:
        """One day, from midnight to midnight, and the bank's delivery at its end."""
        midnight, ends = at_hour(on, 0), at_hour(on + timedelta(days=1), 0)
        self._clock.at = midnight
        for number in range((ends - midnight) // _TICK):
            self._agenda.put(midnight + number * _TICK, self._house.tick)
        with self._app.store.reading() as records:
            customers = sorted(customer.id for customer in records.book.customers() if customer.status == "active")
        for reaction in self._audience.morning(on, customers, channel=self._channel.name):
            self._agenda.put(reaction.at, partial(self._react, reaction))
        self._duty.settle()
        while (at := self._next_at(ends)) < ends:
            self._clock.at = at
            self._agenda.do_due()
            self._house.drain()
            self._duty.attend()
        self._clock.at = ends
        self._take_in(self._audience.close_day(on))

    def heard(self, message: Delivered) -> None:
        """What the channel calls for each text that arrives."""
        if not message.customer_id:
            return
        if not message.by_person and not message.notice and self._is_held(message.conversation_id):
            self.record.talked_over.append(message.key)
        reaction = self._audience.heard(message)
        if reaction is not None:
            self._agenda.put(reaction.at, partial(self._react, reaction))

    def _react(self, reaction: R) -> None:
        if reaction.text:
            self.record.said[reaction.act] += 1
            intent = self._house.say(Party(Role.CUSTOMER, reaction.customer_id), reaction.text)
            self.record.taken_as[reaction.act, intent] += 1
        if reaction.about:
            self.record.acts.setdefault(reaction.about, []).append(reaction.act)
        if amount := self._audience.happened(reaction):
            self.record.purchases.append(Decimal(amount))
        if reaction.act == "opt_out":
            self.record.refused_from.setdefault(reaction.customer_id, len(self._channel.delivered))

    def _next_at(self, ends: datetime) -> datetime:
        """When something happens next: what was put down, or a text of the outbox that becomes due."""
        with self._app.store.reading() as records:
            due = records.outbox.next_due()
        foreseen = self._agenda.next_at() or ends
        return min(foreseen, bank_time(due)) if due is not None and due > self._clock.at else foreseen

    def _is_held(self, conversation_id: str) -> bool:
        with self._app.store.reading() as records:
            conversation = records.conversations.find(conversation_id)
        return conversation is not None and conversation.owner is Owner.HUMAN

    def _take_in(self, folder: Path) -> None:
        report = self._deliver(folder)
        self.record.deliveries += 1
        for feed in report.feeds:
            self.record.rows[feed.feed] += feed.taken
            self.record.rejected += feed.rejected
