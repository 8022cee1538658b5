"""Speaks to the members who have something to confirm: once a day in words of ours, and by WeCom's own reminder.

WeCom reminds three times in 24 hours at most (developer.work.weixin.qq.com/document/path/97610); a task is reminded of three times in all:
after four working hours, and in the next two mornings. Nobody is reminded outside working time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from bot.channels.wecom.client import WeComRefused
from bot.channels.wecom.mass.calls import MassCalls
from bot.channels.wecom.people import WeComPeople
from bot.clock import Clock
from bot.observe import event
from bot.staff_chats import chat_of
from bot.wording import sentence
from compliance.days import at_hour, bank_day
from domain.mass import MassTarget, MassTask
from domain.message import Draft, Kind, Purpose
from domain.ports import Records, Store
from handlers.working_time import CLOSES, OPENS, is_working_time, next_working_day, next_working_time

_PATIENCE = timedelta(hours=4)
_MOST = 3
_NAMED = 8


class Reminding:
    """Reminds. Any number of processes may do so at once."""

    def __init__(self, store: Store, calls: MassCalls, people: WeComPeople, clock: Clock, *, staff_channel: str) -> None:
        """`staff_channel` is where a member is spoken to who never talked with the assistant."""
        self._store = store
        self._calls = calls
        self._people = people
        self._clock = clock
        self._staff_channel = staff_channel

    def remind(self) -> int:
        """Let WeCom remind of what waits too long. Returns how often it did. Raises ChannelDown when WeCom is not there."""
        now = self._clock()
        if not is_working_time(now):
            return 0
        with self._store.reading() as records:
            due = [task for task in records.mass.open() if task.status == "asked" and task.until > now >= _next(task)]
        return sum(self._remind(task) for task in due if task.reminded < _MOST)

    def tell(self) -> int:
        """Say to each member, once a working day, what waits for them. Returns to how many."""
        now = self._clock()
        if not is_working_time(now):
            return 0
        with self._store.reading() as records:
            if not (waiting := records.mass.waiting()):
                return 0
        told = 0
        for userid, theirs in groupby(waiting, key=lambda target: target.userid):
            with self._store.writing() as records:
                told += self._tell(records, userid, list(theirs), at=now)
        return told

    def _remind(self, task: MassTask) -> int:
        with self._store.writing() as records:  # counted before: whatever is killed, nobody is reminded more often
            if not records.mass.reminded(task.id, before=task.reminded, at=self._clock()):
                return 0
        try:
            self._calls.remind(task.msgid)
        except WeComRefused as refused:
            event("mass.remind.refused", task=task.id, code=refused.code)
            return 0
        return 1

    def _tell(self, records: Records, userid: str, targets: Sequence[MassTarget], *, at: datetime) -> bool:
        member = records.book.staff(self._people.staff_id(userid))
        if member is None or not member.active:
            return False
        theirs = chat_of(records, member, channel=self._staff_channel)
        ids = tuple(dict.fromkeys(target.customer_id for target in targets))
        names = {one.id: one.name for one in records.book.customers(ids[:_NAMED])}
        row = records.outbox.add(
            Draft(
                text=sentence("mass.waiting", count=len(ids), names=_names(ids, names)),
                to=theirs.party,
                purpose=Purpose.INTERNAL,
                kind=Kind.NOTICE,
                about=ids[:_NAMED],
            ),
            conversation_id=theirs.id,
            channel=theirs.channel,
            at=at,
            key=f"mass-waiting/{member.id}/{bank_day(at)}"[:120],
            until=at_hour(bank_day(at), CLOSES),
        )
        return row is not None


def _next(task: MassTask) -> datetime:
    """When WeCom shall remind of it next."""
    if task.reminded_at is None:
        return _after_working(task.asked_at, _PATIENCE)
    return at_hour(next_working_day(bank_day(task.reminded_at)), OPENS)


def _after_working(since: datetime, span: timedelta) -> datetime:
    """The instant by which somebody was there for so long."""
    begin = next_working_time(since)
    left = at_hour(bank_day(begin), CLOSES) - begin
    if span <= left:
        return begin + span
    return _after_working(at_hour(next_working_day(bank_day(begin)), OPENS), span - left)


def _names(ids: Sequence[str], names: Mapping[str, str]) -> str:
    told = "、".join(names.get(one, one) for one in ids[:_NAMED])
    return f"{told}等" if len(ids) > _NAMED else told
