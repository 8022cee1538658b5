"""Relationship managers during a play: they look into the queue, take over, answer and give back, with the commands of the workbench."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from bot.authority import may_serve
from bot.complaints import may_close, open_complaints
from bot.playing.agenda import Agenda
from bot.playing.audience import Colleagues
from bot.playing.house import House
from bot.playing.record import Wait
from bot.web.commands import close_complaint, relay, release, take_over
from compliance.days import bank_day
from domain.conversation import Conversation, Owner
from domain.party import Party, Role
from domain.ports import Line, Records

_LINES = 20  # of a held conversation, looked through for what is unanswered


class Duty:
    """Whoever may serve a waiting customer looks into the queue sooner or later; whoever holds a conversation is watched by the SLA."""

    def __init__(self, house: House, agenda: Agenda, colleagues: Colleagues) -> None:
        self._house = house
        self._agenda = agenda
        self._colleagues = colleagues
        self._looking: set[str] = set()
        self._watched: datetime | None = None
        self._served_by: dict[tuple[str, date], tuple[str, ...]] = {}  # of the day that is played; the book changes at its end

    def attend(self) -> None:
        """See who waits and who is held: note new waits, have people look, and have the SLA run."""
        now = self._house.clock.at
        with self._house.app.store.reading() as records:
            waiting = records.conversations.waiting()
            held = records.conversations.held()
            able = [staff_id for conversation in waiting for staff_id in self._able(records, conversation, on=bank_day(now))]
        for conversation in waiting:
            self._wait(conversation.id, since=conversation.waiting_since or now)
        for staff_id in dict.fromkeys(able):
            if staff_id not in self._looking:
                self._looking.add(staff_id)
                self._agenda.put(self._colleagues.next_look(staff_id, now), partial(self._look, staff_id))
        if held and (self._watched is None or self._watched <= now):
            self._watched = now + self._house.sla
            self._agenda.put(self._watched, self._house.tick)

    def settle(self) -> None:
        """In the course of the day: close the complaints that the bank has settled."""
        now = self._house.clock.at
        with self._house.app.store.reading() as records:
            people = [member for member in records.book.people() if not member.on_leave(bank_day(now))]
            for task in open_complaints(records):
                able = [member for member in people if may_close(records, member, task, at=now)]
                if able and task.customer_id and not self._colleagues.works_on_complaint(task.customer_id):
                    who = min(able, key=lambda member: member.role is not Role.RM)  # a manager only where there is nobody else
                    looks = self._colleagues.next_look(who.id, now)
                    self._agenda.put(looks, partial(self._close, Party(who.role, who.id), task.reference))

    def _close(self, party: Party, reference: str) -> None:
        self._house.say(party, close_complaint(reference))
        self._house.record.complaints_closed += 1

    def _able(self, records: Records, conversation: Conversation, *, on: date) -> tuple[str, ...]:
        """The relationship managers at work on that day who may serve the customer that waits."""
        if conversation.party.role is not Role.CUSTOMER:
            return ()
        who = (conversation.party.id, on)
        if who not in self._served_by:
            customer = records.book.customer(conversation.party.id)
            people = [member for member in records.book.people() if not member.on_leave(on)] if customer else []
            able = tuple(member.id for member in people if customer and may_serve(records.book, member, customer, on=on))
            self._served_by = {known: ids for known, ids in self._served_by.items() if known[1] == on} | {who: able}
        return self._served_by[who]

    def _wait(self, conversation_id: str, *, since: datetime) -> Wait:
        wait = Wait(conversation_id=conversation_id, since=since)
        return self._house.record.waits.setdefault((conversation_id, since), wait)

    def _look(self, staff_id: str) -> None:
        """Take the one who waits longest."""
        self._looking.discard(staff_id)
        now, party = self._house.clock.at, Party(Role.RM, staff_id)
        app = self._house.app
        with app.lookups.bound(app.store, party=party, conversation_id=self._house.own(party), at=now) as lookups:
            queue = lookups.queue()
        if not queue:
            return
        wanted = queue[0]
        self._house.say(party, take_over(wanted.conversation_id))
        if not self._holds(staff_id, wanted.conversation_id):
            return
        self._wait(wanted.conversation_id, since=wanted.since).taken_at = now
        seconds = self._colleagues.takes(staff_id, now)
        if seconds is not None:
            self._agenda.put(now + timedelta(seconds=seconds), partial(self._speak, staff_id, wanted.conversation_id, "hello"))

    def _go_on(self, staff_id: str, conversation: str) -> None:
        """Answer what is unanswered, else give the conversation back."""
        party = Party(Role.RM, staff_id)
        with self._house.app.store.reading() as records:
            lines = records.transcript.of(conversation, last=_LINES)
        if _unanswered(lines, party):
            self._speak(staff_id, conversation, "answer")
        elif self._holds(staff_id, conversation):
            self._house.say(party, release(conversation))
            self._house.record.released += 1

    def _speak(self, staff_id: str, conversation: str, what: str) -> None:
        if not self._holds(staff_id, conversation):
            return  # taken from them meanwhile
        now = self._house.clock.at
        self._house.say(Party(Role.RM, staff_id), relay(conversation, self._colleagues.staff_says(staff_id, what, now)))
        seconds = self._colleagues.goes_on(staff_id, now)
        self._agenda.put(now + timedelta(seconds=seconds), partial(self._go_on, staff_id, conversation))

    def _holds(self, staff_id: str, conversation_id: str) -> bool:
        with self._house.app.store.reading() as records:
            conversation = records.conversations.find(conversation_id)
        return conversation is not None and conversation.owner is Owner.HUMAN and conversation.staff == staff_id


def _unanswered(lines: Sequence[Line], party: Party) -> bool:
    """Whether the customer has spoken after that person's last word."""
    answered = max((place for place, line in enumerate(lines) if line.author == str(party)), default=-1)
    return any(line.author.startswith(f"{Role.CUSTOMER.value}:") for line in lines[answered + 1 :])
