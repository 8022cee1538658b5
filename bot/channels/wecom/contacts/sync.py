"""The daily look at every contact of every member (document/path/92571, 92994): what callbacks missed is mended, and tags are settled.

Each page is one commit. Whoever is listed no more has ended, but for contacts that were added while the look went on; those of members who
are listed no more (they left) stay until they are handed over.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.contacts.keeping import keep_told, seen_of
from bot.channels.wecom.contacts.names import spelled
from bot.channels.wecom.contacts.reading import page_of
from bot.channels.wecom.contacts.tags import Tags
from bot.channels.wecom.people import WeComPeople
from bot.clock import Clock
from bot.observe import event
from compliance.days import bank_day
from domain.errors import PeibanError
from domain.ports import Store

CURSOR = "wecom-contacts:sync"
_FOLLOWERS, _BATCH = "externalcontact/get_follow_user_list", "externalcontact/batch/get_by_user"
_MEMBERS_AT_ONCE = 100
_PAGE = 100
_NOBODY = 84061


@dataclass(slots=True, kw_only=True)
class Synced:
    """What a look found: members, contacts, contacts that ended, and those whose tags or remark were changed in WeCom."""

    members: int = 0
    contacts: int = 0
    ended: int = 0
    marked: int = 0


class Sync:
    """Looks at all contacts."""

    def __init__(self, store: Store, client: WeComClient, clock: Clock, *, people: WeComPeople, tags: Tags) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._people = people
        self._tags = tags
        self.stopping = threading.Event()  # ends a look at its next page; what was read is kept

    def run(self, heard: Callable[[int, int], None] = lambda _done, _all: None) -> Synced:
        """Look. `heard` is told how many members of how many are done.

        Raises as `WeComClient.call`, and PeibanError when stopped; what was read until then is kept.
        """
        began = self._clock()
        self._tags.forget()
        members = followers(self._client)
        found = Synced(members=len(members))
        for start in range(0, len(members), _MEMBERS_AT_ONCE):
            heard(start, len(members))
            self._members(members[start : start + _MEMBERS_AT_ONCE], found, began=began)
        heard(len(members), len(members))
        self._remember_day(began)
        event("contacts.synced", members=found.members, contacts=found.contacts, ended=found.ended, marked=found.marked)
        return found

    def due(self) -> bool:
        """Whether nobody has looked today."""
        with self._store.reading() as records:
            known = records.links.cursor(CURSOR)
        return known is None or known[0] != bank_day(self._clock()).isoformat()

    def _members(self, members: list[str], found: Synced, *, began: datetime) -> None:
        listed: set[tuple[str, str]] = set()
        cursor = ""
        while True:
            if self.stopping.is_set():
                raise PeibanError("the look was stopped")
            try:
                answer = self._client.call(_BATCH, {"userid_list": members, "cursor": cursor, "limit": _PAGE})
            except WeComRefused as refused:
                if refused.code != _NOBODY:
                    raise
                answer = {}
            told = page_of(answer)
            kept = keep_told(self._store, told, self._people, self._tags)
            gone = {(one.external_userid, one.userid) for one in kept if one.left_at is not None}
            seen = seen_of(told, self._people)
            found.marked += self._tags.settle(one for one in seen if (one.external_userid, one.userid) not in gone)
            listed.update((one.external_userid, one.userid) for one in seen)
            following = answer.get("next_cursor")
            if not isinstance(following, str) or not following or following == cursor:
                break
            cursor = following
        found.contacts += len(listed)
        found.ended += self._end_others(members, listed, began=began)

    def _end_others(self, members: list[str], listed: set[tuple[str, str]], *, began: datetime) -> int:
        with self._store.writing() as records:
            missing = [
                one
                for userid in members
                for one in records.contacts.of_member(spelled(self._people, userid))
                if (one.external_userid, one.userid) not in listed and one.added_at < began
            ]
            records.contacts.end(missing, at=began)
        return len(missing)

    def _remember_day(self, at: datetime) -> None:
        with self._store.writing() as records:
            records.links.begin_cursor(CURSOR, at=at)
            before, _ = records.links.cursor(CURSOR) or ("", at)
            records.links.move_cursor(CURSOR, before=before, after=bank_day(at).isoformat(), at=at)


def followers(client: WeComClient) -> list[str]:
    """The members who may have contacts."""
    found = client.call(_FOLLOWERS).get("follow_user")
    return [one for one in found if isinstance(one, str) and one] if isinstance(found, list) else []
