"""Makes what was collected into tasks at WeCom: what one member shall send with the same words is one task, and one confirmation.

The call takes no key. That it begins is committed before, what came of it after; a task in between is settled from WeCom's own list
(developer.work.weixin.qq.com/document/path/93338) before anything of it is asked again, so that nobody is asked twice.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from bot.channels.wecom.client import WeComRefused
from bot.channels.wecom.codes import KNOWN, NOT_SET_UP
from bot.channels.wecom.mass.calls import MassCalls
from bot.channels.wecom.mass.settle import settle
from bot.clock import Clock
from bot.observe import event
from domain.errors import ChannelDown, DeliveryUnknown
from domain.mass import MassTarget, MassTask
from domain.ports import Store

_MOST = 10_000  # people in one task
_STILL_UNDER_WAY = timedelta(minutes=5)  # longer than a call can take, with its retries
_APART = timedelta(minutes=10)  # between our clock and WeCom's, at most


class Asking:
    """Asks. Any number of processes may do so at once."""

    def __init__(self, store: Store, calls: MassCalls, clock: Clock) -> None:
        self._store = store
        self._calls = calls
        self._clock = clock

    def ask(self) -> int:
        """Ask for what is collected; what has passed meanwhile expires unasked. Returns how many tasks were begun.

        Raises ChannelDown when WeCom is not there; what was not asked for stays collected.
        """
        with self._store.reading() as records:
            collected = records.mass.collected()
        begun, now = 0, self._clock()
        for late in (one for one in collected if one.until <= now):
            with self._store.writing() as records:
                settle(records, late, "expired", at=now)
        fresh = (one for one in collected if one.until > now)
        for (userid, text, _until), group in groupby(fresh, key=lambda one: (one.userid, one.text, one.until)):
            for some in _batches(list(group)):
                begun += self._ask(userid, text, some)
        return begun

    def find_lost(self) -> None:
        """Settle the tasks of which nobody knows whether WeCom took them. Raises as `WeComClient.call`."""
        with self._store.reading() as records:
            tasks = [task for task in records.mass.open() if task.status == "asking"]
        for task in tasks:
            if self._clock() - task.asked_at >= _STILL_UNDER_WAY:
                self._find(task)

    def _ask(self, userid: str, text: str, targets: Sequence[MassTarget]) -> bool:
        now = self._clock()
        with self._store.writing() as records:
            task = records.mass.begin(userid, text, targets[0].until, [one.key for one in targets], at=now)
            mine = records.mass.targets(task.id) if task else ()
        if task is None:
            return False
        try:
            msgid, strangers = self._calls.ask(userid, [one.external_userid for one in mine], text)
        except ChannelDown:
            self._undo(task)
            raise
        except WeComRefused as refused:
            self._refused(task, mine, refused)
            return False
        except DeliveryUnknown as error:
            event("mass.ask.unknown", task=task.id, error=type(error).__name__)
            return False
        self._asked(task, msgid, [one for one in mine if one.external_userid in strangers])
        return True

    def _asked(self, task: MassTask, msgid: str, strangers: Sequence[MassTarget] = ()) -> None:
        with self._store.writing() as records:
            if not records.mass.asked(task.id, msgid):
                return
            for target in strangers:
                settle(records, target, "refused", at=self._clock())
        event("mass.asked", task=task.id, strangers=len(strangers))

    def _refused(self, task: MassTask, targets: Sequence[MassTarget], refused: WeComRefused) -> None:
        if refused.code in NOT_SET_UP:
            self._undo(task)  # an administrator mends it; the next look asks
            return
        if refused.code not in KNOWN:
            event("mass.ask.unknown", task=task.id, code=refused.code)
            return
        with self._store.writing() as records:
            for target in targets:
                settle(records, target, "refused", at=self._clock())
            records.mass.end(task.id)

    def _undo(self, task: MassTask) -> None:
        with self._store.writing() as records:
            records.mass.undo(task.id)

    def _find(self, task: MassTask) -> None:
        with self._store.reading() as records:
            people = {one.external_userid for one in records.mass.targets(task.id)}
        since, until = task.asked_at - _APART, task.asked_at + _STILL_UNDER_WAY + _APART
        for msgid in self._calls.made(since=since, until=until, text=task.text, userid=task.userid):
            with self._store.reading() as records:
                another = records.mass.known(msgid)
            if not another and self._is_for(msgid, task.userid, people):
                event("mass.found", task=task.id)
                self._asked(task, msgid)
                return
        event("mass.not_asked", task=task.id)
        self._undo(task)

    def _is_for(self, msgid: str, userid: str, people: set[str]) -> bool:
        """Whether it goes to these people, but for those whom WeCom took out because they are no contacts."""
        try:
            theirs = set(self._calls.results(msgid, userid))
        except WeComRefused:
            return False  # it is another member's
        return bool(theirs) and theirs <= people


def _batches(targets: Sequence[MassTarget]) -> list[Sequence[MassTarget]]:
    """At most so many people each, and nobody twice in one: WeCom would take them for one."""
    rounds: list[dict[str, MassTarget]] = []
    for target in targets:
        one = next((one for one in rounds if len(one) < _MOST and target.external_userid not in one), None)
        if one is None:
            rounds.append(one := {})
        one[target.external_userid] = target
    return [list(one.values()) for one in rounds]
