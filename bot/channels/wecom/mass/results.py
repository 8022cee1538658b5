"""Settles the ledger by what members did with their tasks, and stops a task whose time is over."""

from collections.abc import Mapping

from bot.channels.wecom.client import WeComRefused
from bot.channels.wecom.mass.calls import MassCalls, Result
from bot.channels.wecom.mass.settle import settle
from bot.clock import Clock
from bot.observe import event
from domain.mass import MassTask
from domain.ports import Store

BY_STATUS = {1: "sent", 2: "refused", 3: "capped"}  # document/path/93338
_UNDER_WAY = 41063  # WeCom still hands the task out


class Results:
    """Looks. Any number of processes may do so at once."""

    def __init__(self, store: Store, calls: MassCalls, clock: Clock) -> None:
        self._store = store
        self._calls = calls
        self._clock = clock

    def look(self) -> int:
        """Look at every task that was asked. Returns how many people were settled. Raises ChannelDown when WeCom is not there."""
        with self._store.reading() as records:
            tasks = [task for task in records.mass.open() if task.status == "asked"]
        settled = 0
        for task in tasks:
            try:
                settled += self._look_at(task)
            except WeComRefused as refused:
                if refused.code != _UNDER_WAY:
                    event("mass.look.refused", task=task.id, code=refused.code)
        return settled

    def _look_at(self, task: MassTask) -> int:
        late = self._clock() >= task.until
        if late:
            return self._end(task)
        if not self._calls.confirmed(task.msgid, task.userid):
            return 0
        return self._settle(task, self._calls.results(task.msgid, task.userid))

    def _end(self, task: MassTask) -> int:
        """Stop it first, so that what is read next is the end of it."""
        try:
            self._calls.cancel(task.msgid)
            results = self._calls.results(task.msgid, task.userid)
        except WeComRefused as refused:
            if refused.code == _UNDER_WAY:
                raise
            event("mass.end.refused", task=task.id, code=refused.code)
            return self._settle(task, {}, rest="unknown")
        return self._settle(task, results, rest="expired")

    def _settle(self, task: MassTask, results: Mapping[str, Result], *, rest: str = "") -> int:
        """Settle what is known; the rest goes on waiting, or ends as is said."""
        now, count = self._clock(), 0
        with self._store.writing() as records:
            left = 0
            for target in records.mass.targets(task.id):
                if target.status != "waiting":
                    continue
                result = results.get(target.external_userid)
                status = BY_STATUS.get(result.status) if result else None
                if status is None and not rest:
                    left += 1
                    continue
                sent_at = result.at if result and result.at and status == "sent" else now
                count += settle(records, target, status or rest, at=sent_at)
            if not left:
                records.mass.end(task.id)
        if count:
            event("mass.settled", task=task.id, people=count)
        return count
