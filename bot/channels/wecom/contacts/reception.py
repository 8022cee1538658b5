"""Hears what happens to contacts and works it, one event after the other, on one thread.

The callback is stored before WeCom gets its 200, so that its second and third call find it there. What follows at once is done for
everything that was heard before anybody is asked about anything: a welcome code is good for 20 seconds.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.contacts.events import read_event
from bot.channels.wecom.contacts.keeping import keep_told, seen_of
from bot.channels.wecom.contacts.names import spelled
from bot.channels.wecom.contacts.notes import REFRESHED, note
from bot.channels.wecom.contacts.reading import told_of
from bot.channels.wecom.contacts.tags import Tags
from bot.channels.wecom.people import WeComPeople
from bot.clock import Clock
from bot.observe import event, fault
from domain.contact_events import ContactEvent, Stage
from domain.errors import PeibanError
from domain.ports import Store

_LOOK_S = 5.0  # for second tries, and for what another process heard
_AT_ONCE = 100
_MOST_TRIES = 8  # then the daily look brings it
_FIRST_WAIT = timedelta(seconds=2)


class ContactReception:
    """Takes in events of contacts. `arrived` hears the conversations that have something to send; `home` goes with a welcome."""

    def __init__(
        self,
        store: Store,
        client: WeComClient,
        clock: Clock,
        *,
        people: WeComPeople,
        tags: Tags,
        arrived: Callable[[Sequence[str]], None],
        home: str | None,
    ) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._people = people
        self._tags = tags
        self._arrived = arrived
        self._home = home
        self._heard = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="contacts", daemon=True)
        self.refused: Counter[str] = Counter()

    def start(self) -> None:
        """Work what was left behind, and go on."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the event in hand."""
        self._stopping.set()
        self._heard.set()
        if self._thread.ident is not None:
            self._thread.join(15.0)

    def hear(self, fields: Mapping[str, str]) -> None:
        """Take the fields of an opened callback; return once they are stored. Whatever this raises, WeCom shall call again."""
        found = read_event(fields)
        if found is None:
            self.refused["unreadable"] += 1
            event("contacts.refused", reason="unreadable")
            return
        with self._store.writing() as records:
            new = records.contact_events.accept(replace(found, userid=spelled(self._people, found.userid)))
        if new:
            self._heard.set()

    def work(self) -> None:
        """Note everything that was heard, then refresh what is due, looking between two for what was heard meanwhile."""
        self._note_all()
        with self._store.reading() as records:
            noted = records.contact_events.at(Stage.NOTED, now=self._clock(), most=_AT_ONCE)
        if len(noted) == _AT_ONCE:
            self._heard.set()  # there may be more
        for one in noted:
            if self._stopping.is_set():
                return
            self._refresh(one)
            self._note_all()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._heard.clear()
            try:
                self.work()
            except Exception as error:  # the thread's boundary: a database that restarts must not end it
                fault("contacts.failed", error)
            self._heard.wait(_LOOK_S)

    def _note_all(self) -> None:
        with self._store.reading() as records:
            heard = records.contact_events.at(Stage.HEARD, now=self._clock(), most=_AT_ONCE)
        if len(heard) == _AT_ONCE:
            self._heard.set()
        for one in heard:
            try:
                self._note(one)
            except Exception as error:  # one event that cannot be noted must not keep back the others
                fault("contacts.note.failed", error, event=one.id)
                self._later(one, Stage.HEARD)

    def _note(self, one: ContactEvent) -> None:
        asks = one.change in REFRESHED or one.change.startswith("tag_")
        with self._store.writing() as records:
            if not records.contact_events.move(one.id, before=Stage.HEARD, after=Stage.NOTED if asks else Stage.DONE):
                return  # another process has it
            conversation = note(records, one, self._people, at=self._clock(), home=self._home)
        if conversation is not None:
            self._arrived([conversation])

    def _refresh(self, one: ContactEvent) -> None:
        try:
            if one.change.startswith("tag_"):
                self._tags.forget()
            else:
                self._ask(one)
        except WeComRefused as refused:  # they are no contacts any more, or a right is missing: asking again does not help
            event("contacts.refresh.refused", event=one.id, code=refused.code)
        except Exception as error:  # the boundary of asking: whatever WeCom did, it is asked again
            if not isinstance(error, PeibanError):
                fault("contacts.refresh.failed", error, event=one.id)
            self._later(one, Stage.NOTED)
            return
        self._done(one, Stage.NOTED)

    def _ask(self, one: ContactEvent) -> None:
        told = [each for each in told_of(self._client, one.external_userid) if spelled(self._people, each.seen.userid) == one.userid]
        kept = keep_told(self._store, told, self._people, self._tags)
        if any(contact.left_at is None for contact in kept):
            self._tags.settle(seen_of(told, self._people))

    def _later(self, one: ContactEvent, stage: Stage) -> None:
        if one.attempts + 1 >= _MOST_TRIES:
            event("contacts.given_up", event=one.id)
            self._done(one, stage)
            return
        with self._store.writing() as records:
            records.contact_events.retry(one.id, not_before=self._clock() + _FIRST_WAIT * 2**one.attempts)

    def _done(self, one: ContactEvent, stage: Stage) -> None:
        with self._store.writing() as records:
            records.contact_events.move(one.id, before=stage, after=Stage.DONE)
