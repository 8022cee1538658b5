"""A customer who asks for no more between the asking and the confirmation gets nothing.

WeCom stops a task only as a whole (developer.work.weixin.qq.com/document/path/97611): the others of it are asked for again, without them.
"""

from collections import defaultdict
from collections.abc import Collection

from bot.channels.wecom.client import WeComRefused
from bot.channels.wecom.mass.calls import MassCalls
from bot.channels.wecom.mass.results import BY_STATUS
from bot.channels.wecom.mass.settle import settle
from bot.clock import Clock
from bot.observe import event
from compliance.consent import CARE, EVERY_PURPOSE, MARKETING
from domain.mass import MassTarget
from domain.ports import Records, Store

_PURPOSES = (CARE, MARKETING, EVERY_PURPOSE)


class Withdrawing:
    """Looks who has refused since."""

    def __init__(self, store: Store, calls: MassCalls, clock: Clock) -> None:
        self._store = store
        self._calls = calls
        self._clock = clock

    def withdraw(self) -> int:
        """Take back what was collected or asked for who has refused since. Returns for how many. Raises ChannelDown as WeCom's calls."""
        with self._store.reading() as records:
            unasked = [one for one in records.mass.collected() if _has_refused(records, one)]
            asked: dict[int | None, set[str]] = defaultdict(set)
            for one in records.mass.waiting():
                if _has_refused(records, one):
                    asked[one.task_id].add(one.key)
            tasks = [task for task in records.mass.open() if task.id in asked]
        if unasked:
            with self._store.writing() as records:
                for one in unasked:
                    settle(records, one, "withdrawn", at=self._clock())
        for task in tasks:
            self._stop(task.id, task.msgid, task.userid, asked[task.id])
        return len(unasked) + sum(map(len, asked.values()))

    def _stop(self, task_id: int, msgid: str, userid: str, refused: Collection[str]) -> None:
        try:
            self._calls.cancel(msgid)  # first: what is read next is the end of it
            results = self._calls.results(msgid, userid)
        except WeComRefused as error:
            event("mass.withdraw.refused", task=task_id, code=error.code)  # the next round tries again
            return
        now = self._clock()
        with self._store.writing() as records:
            for target in records.mass.targets(task_id):
                result = results.get(target.external_userid)
                status = BY_STATUS.get(result.status) if result else None
                if status is None and target.key in refused:
                    status = "withdrawn"
                if status is not None and target.status == "waiting":
                    settle(records, target, status, at=result.at if status == "sent" and result and result.at else now)
            records.mass.release(task_id)
        event("mass.withdrawn", task=task_id, people=len(refused))


def _has_refused(records: Records, target: MassTarget) -> bool:
    words = records.book.consents(target.customer_id)
    return any(not word.granted and word.purpose in _PURPOSES and word.at >= target.collected_at for word in words)
