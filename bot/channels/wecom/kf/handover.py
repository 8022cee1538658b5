"""Carries a request for a person over to WeCom: to the customer's own relationship manager if serving, else into the pool.

Follows our conversations: one that waits for a person, and of which everything that the bot had to say is said, is handed to WeCom's side
(kf/service_state/trans). Where WeCom takes it neither way the request stays what it is with us: a task, and a promise to the customer.
"""

import threading
from dataclasses import replace

from bot.authority import contact_person
from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.kf.names import CHANNEL, address_of
from bot.channels.wecom.kf.sessions import CODE_LASTS, QUEUED, TAKEN, owned, session_of
from bot.channels.wecom.kf.states import state_now
from bot.channels.wecom.people import WeComPeople
from bot.clock import Clock
from bot.observe import event, fault
from compliance.days import bank_day
from domain.audit import AuditRecord
from domain.conversation import Owner
from domain.customer_service import NEXT, ServiceState, Session
from domain.errors import PeibanError
from domain.party import SYSTEM, Role
from domain.ports import Store

_SERVING = 0
_NOT_FROM_HERE = 95016
_LOOK_S = 5.0
_PAUSE_S = 0.25


class HandOver:
    """One thread that follows. `noticed` may be called from any thread."""

    def __init__(self, store: Store, client: WeComClient, people: WeComPeople, clock: Clock) -> None:
        self._store = store
        self._client = client
        self._people = people
        self._clock = clock
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kf-handover", daemon=True)

    def start(self) -> None:
        """Look at what waits, and go on."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in hand."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(15.0)

    def noticed(self) -> None:
        """Something changed in some conversation."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait(_LOOK_S)
            self._woken.clear()
            try:
                with self._store.reading() as records:
                    waiting = [one.id for one in records.conversations.waiting() if one.channel == CHANNEL]
                for conversation_id in waiting:
                    self.follow(conversation_id)
            except PeibanError as error:
                event("kf.handover.later", error=type(error).__name__)  # the next look tries again
            except Exception as error:  # the thread's boundary: a database that restarts must not end it
                fault("kf.handover.failed", error)
            self._stopping.wait(_PAUSE_S)  # in a busy house there is always something; nobody waits longer than this

    def follow(self, conversation_id: str) -> ServiceState | None:
        """Hand the conversation over if it waits. Returns WeCom's state if that was changed."""
        at = self._clock()
        address = address_of(conversation_id)
        with self._store.reading() as records:
            conversation = records.conversations.find(conversation_id)
            if address is None or conversation is None or conversation.owner is not Owner.WAITING:
                return None
            session = session_of(records, conversation_id, at=at)
            if not session.state.bot_may_speak or records.outbox.unsent(conversation_id):
                return None  # handed over already, or the bot has something to say first
            customer = records.book.customer(conversation.party.id) if conversation.party.role is Role.CUSTOMER else None
            person = contact_person(records.book, customer, on=bank_day(at)) if customer else None
        own = self._people.userid(person.staff.id) if person else ""
        # WeCom knows no upper and lower case in userids; it is called by its own spelling.
        serving = {userid.casefold(): userid for userid in self._serving(address[0])} if own else {}
        servicer = serving.get(own.casefold(), "")
        if servicer and self._turn(session, address, ServiceState.PERSON, servicer):
            return ServiceState.PERSON
        return ServiceState.POOL if self._turn(session, address, ServiceState.POOL, "") else None

    def _serving(self, open_kfid: str) -> frozenset[str]:
        try:
            answer = self._client.call("kf/servicer/list", query={"open_kfid": open_kfid})
        except WeComRefused:
            return frozenset()
        listed = answer.get("servicer_list")
        found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return frozenset(str(one["userid"]) for one in found if one.get("userid") and one.get("status", _SERVING) == _SERVING)

    def _turn(self, session: Session, address: tuple[str, str], to: ServiceState, servicer: str) -> bool:
        """Change WeCom's state. False when WeCom does not take it; then what it says of its state is kept."""
        if to not in NEXT[session.state]:
            return False
        open_kfid, external_userid = address
        body = {"open_kfid": open_kfid, "external_userid": external_userid, "service_state": int(to)}
        try:
            answer = self._client.call("kf/service_state/trans", body | ({"servicer_userid": servicer} if servicer else {}))
        except WeComRefused as refused:
            event("kf.handover.refused", code=refused.code, to=int(to))
            if refused.code == _NOT_FROM_HERE:
                state_now(self._store, self._client, session.conversation_id, at=self._clock())
            return False
        at = self._clock()
        code, use = answer.get("msg_code"), TAKEN if to is ServiceState.PERSON else QUEUED
        after = replace(session, state=to, servicer=servicer, changed_at=at)
        if isinstance(code, str) and code:
            after = replace(after, code=code, code_for=use, code_until=at + CODE_LASTS[use])
        with self._store.writing() as records:
            records.links.keep_session(after)
            if to is ServiceState.PERSON:
                owned(records, session.conversation_id, self._people.staff_id(servicer), at=at)
            records.audit.append(
                AuditRecord(
                    at=at,
                    actor=str(SYSTEM),
                    action="kf.handed_over",
                    subject=session.conversation_id,
                    purpose="hand_off",
                    detail=(("to", str(int(to))), ("servicer", servicer)),
                )
            )
        return True
