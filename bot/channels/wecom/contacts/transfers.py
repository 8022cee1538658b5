"""Handing contacts over, from a member who stays (document/path/92125, 94088) or who left (92124, 94081, 94082).

WeCom answers for each contact by itself, and a handing-over takes effect after 24 hours unless the customer refuses. Nothing of ours is
said to customers on the way: the word that they read is WeCom's own.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.contacts.names import spelled
from bot.channels.wecom.contacts.notes import manager_of, tell_of_refusal
from bot.channels.wecom.contacts.wording import words
from bot.channels.wecom.people import WeComPeople
from bot.clock import Clock
from domain.audit import AuditRecord
from domain.errors import BadInput
from domain.party import SYSTEM, Party
from domain.ports import Store

CURSOR = "wecom-transfer:"
DONE, WAITING, REFUSED, FULL, UNKNOWN = 1, 2, 3, 4, 5
_AT_ONCE = 100
_PAGE = 1000
_SEPARATOR = ">"
_SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOver:
    """From whom to whom. `leaver`: the first has left the bank."""

    handover: str
    takeover: str
    leaver: bool = False

    @property
    def name(self) -> str:
        """Under which it is kept."""
        return f"{CURSOR}{self.handover}{_SEPARATOR}{self.takeover}{_SEPARATOR}{int(self.leaver)}"

    @property
    def path(self) -> str:
        """Where it is asked for."""
        return f"externalcontact/{'resigned/' if self.leaver else ''}"

    @classmethod
    def of(cls, name: str) -> "HandingOver":
        """The one that is kept under this name."""
        handover, takeover, leaver = name.removeprefix(CURSOR).split(_SEPARATOR)
        return cls(handover=handover, takeover=takeover, leaver=leaver == "1")


class Transfers:
    """Begins them, and looks what became of them."""

    def __init__(self, store: Store, client: WeComClient, clock: Clock, *, people: WeComPeople) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._people = people

    def contacts(self, handing: HandingOver) -> list[str]:
        """The external_userids that would go over: of a leaver those whom WeCom has not assigned, else those that we know."""
        if handing.leaver:
            return self._unassigned().get(handing.handover, [])
        with self._store.reading() as records:
            return [one.external_userid for one in records.contacts.of_member(handing.handover)]

    def tell_of_leavers(self) -> None:
        """A task for the manager of each member who left and whose contacts nobody has taken, once. Raises as `WeComClient.call`."""
        waiting = self._unassigned()
        at = self._clock()
        with self._store.writing() as records:
            for userid, people in waiting.items():
                member = records.book.staff(self._people.staff_id(userid))
                manager = manager_of(records, member)
                who = str(Party(member.role, member.id)) if member else userid
                records.tasks.open(
                    key=f"contact-leaver/{userid}",
                    kind="contact",
                    title=words("tasks", "leaver_title", name=member.name if member else userid, count=len(people)),
                    detail=words("tasks", "leaver_detail", who=who),
                    at=at,
                    assignee=manager.id if manager else None,
                )

    def _unassigned(self) -> dict[str, list[str]]:
        """Contacts of members who left, by userid as we spell it."""
        found: dict[str, list[str]] = {}
        for one in self._pages("externalcontact/get_unassigned_list", {"page_size": _PAGE}, "info"):
            if one.get("external_userid") and one.get("handover_userid"):
                found.setdefault(spelled(self._people, str(one["handover_userid"])), []).append(str(one["external_userid"]))
        return found

    def begin(self, handing: HandingOver, external_userids: Sequence[str], *, by: str) -> Counter[int]:
        """Ask for it. Returns how many contacts got which errcode, 0 for begun. One audit record each."""
        if len(handing.name) > 120 or _SEPARATOR in handing.handover + handing.takeover:
            raise BadInput("these userids cannot be kept")
        told: Counter[int] = Counter()
        for start in range(0, len(external_userids), _AT_ONCE):
            body = {
                "handover_userid": handing.handover,
                "takeover_userid": handing.takeover,
                "external_userid": list(external_userids[start : start + _AT_ONCE]),
            }
            answer = self._client.call(f"{handing.path}transfer_customer", body)
            codes = {str(one.get("external_userid", "")): int(one.get("errcode", 0)) for one in answer.get("customer") or []}
            told.update(codes.values())
            self._remember(handing, codes, by=by)
        return told

    def results(self, handing: HandingOver) -> dict[str, int]:
        """What became of each contact, in WeCom's numbers."""
        body = {"handover_userid": handing.handover, "takeover_userid": handing.takeover}
        pages = self._pages(f"{handing.path}transfer_result", body, "customer")
        return {str(one["external_userid"]): int(one.get("status", UNKNOWN)) for one in pages if one.get("external_userid")}

    def open(self) -> list[HandingOver]:
        """Those that are not settled."""
        with self._store.reading() as records:
            names = records.links.cursors(CURSOR)
            return [HandingOver.of(name) for name in names if (records.links.cursor(name) or ("",))[0] != _SETTLED]

    def look(self) -> None:
        """See what became of those that are not settled: who went over, who refused (a task for the manager), each once.

        Raises as `WeComClient.call`.
        """
        for handing in self.open():
            found = self.results(handing)
            if any(status == WAITING for status in found.values()):
                continue
            self._settle(handing, found)

    def _settle(self, handing: HandingOver, found: Mapping[str, int]) -> None:
        at = self._clock()
        with self._store.writing() as records:
            before, _ = records.links.cursor(handing.name) or ("", at)
            if before == _SETTLED or not records.links.move_cursor(handing.name, before=before, after=_SETTLED, at=at):
                return
            for external_userid, status in found.items():
                records.audit.append(_record(handing, external_userid, "settled", status, by=str(SYSTEM), at=at))
                if status in (REFUSED, FULL):
                    tell_of_refusal(records, external_userid, handing.takeover, self._people, full=status == FULL, at=at)
                if status == DONE:
                    records.contacts.left(external_userid, handing.handover, at=at)

    def _remember(self, handing: HandingOver, codes: Mapping[str, int], *, by: str) -> None:
        at = self._clock()
        with self._store.writing() as records:
            for external_userid, code in codes.items():
                records.audit.append(_record(handing, external_userid, "begun", code, by=by, at=at))
            if 0 in codes.values():
                records.links.begin_cursor(handing.name, at=at)
                before, _ = records.links.cursor(handing.name) or ("", at)
                records.links.move_cursor(handing.name, before=before, after=at.isoformat(), at=at)

    def _pages(self, path: str, body: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            answer = self._client.call(path, body | ({"cursor": cursor} if cursor else {}))
            yield from (one for one in answer.get(name) or [] if isinstance(one, dict))
            following = answer.get("next_cursor")
            if not isinstance(following, str) or not following or following == cursor:
                return
            cursor = following


def _record(handing: HandingOver, external_userid: str, what: str, code: int, *, by: str, at: datetime) -> AuditRecord:
    detail = (("from", handing.handover), ("to", handing.takeover), ("code", str(code)))
    return AuditRecord(at=at, actor=by, action=f"wecom_contacts.transfer.{what}", subject=external_userid, detail=detail)
