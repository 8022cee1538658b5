"""The segments of bound customers as corp tags of one group of ours, and the names of customers as remarks that nobody wrote yet.

What we set by API makes no callback (document/path/96361), so nothing echoes. Of tags only those of our group are ours: all others are the
members' word, and neither added nor removed here (document/path/92117, 92118).
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.observe import event
from domain.book import Customer
from domain.ports import Store

GROUP = "陪伴"
_LONGEST_TAG = 30  # characters
_LONGEST_REMARK = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A contact as WeCom has it now. `tags` are all its corp tags, ours too."""

    external_userid: str
    userid: str
    remark: str
    tags: tuple[str, ...]


class Tags:
    """Puts our tags and remarks where they belong. Safe to use from several threads."""

    def __init__(self, store: Store, client: WeComClient) -> None:
        self._store = store
        self._client = client
        self._lock = threading.Lock()
        self._ours: dict[str, str] | None = None

    def ours(self) -> Mapping[str, str]:
        """Tag ids of our group by name, as WeCom has them."""
        with self._lock:
            if self._ours is None:
                self._ours = self._read()
            return self._ours

    def forget(self) -> None:
        """Somebody changed tags in the console: read them again when they are needed."""
        with self._lock:
            self._ours = None

    def of_others(self, tags: Iterable[str]) -> tuple[str, ...]:
        """The tags that members set: all that are not of our group. Where the right to read groups is missing, all."""
        try:
            ours = set(self.ours().values())
        except WeComRefused as refused:
            event("contacts.tags.refused", code=refused.code)
            ours = set()
        return tuple(tag for tag in tags if tag not in ours)

    def settle(self, seen: Iterable[Seen]) -> int:
        """Bring contacts to what the book says of the customers whom they are bound to. Returns how many were changed in WeCom."""
        contacts = list(seen)
        with self._store.reading() as records:
            bound = records.contacts.customers_of(one.external_userid for one in contacts)
            customers = {one.id: one for one in records.book.customers(sorted(set(bound.values())))} if bound else {}
        changed = 0
        for one in contacts:
            customer = customers.get(bound.get(one.external_userid, ""))
            try:
                changed += self._settle(one, customer)
            except WeComRefused as refused:  # one contact that cannot be marked must not keep back the others
                event("contacts.tags.refused", code=refused.code)
                self.forget()
        return changed

    def _settle(self, seen: Seen, customer: Customer | None) -> bool:
        wanted = self._wanted(customer)
        ours = set(self.ours().values())
        adds, removes = sorted(wanted - set(seen.tags)), sorted((set(seen.tags) & ours) - wanted)
        whom = {"userid": seen.userid, "external_userid": seen.external_userid}
        if adds or removes:
            self._client.call(
                "externalcontact/mark_tag", whom | ({"add_tag": adds} if adds else {}) | ({"remove_tag": removes} if removes else {})
            )
        remark = customer.name[:_LONGEST_REMARK] if customer and not seen.remark else ""
        if remark:
            self._client.call("externalcontact/remark", whom | {"remark": remark})
        return bool(adds or removes or remark)

    def _wanted(self, customer: Customer | None) -> set[str]:
        names = [name for name in customer.segments if 0 < len(name) <= _LONGEST_TAG] if customer else []
        missing = [name for name in dict.fromkeys(names) if name not in self.ours()]
        if missing:
            self._client.call("externalcontact/add_corp_tag", {"group_name": GROUP, "tag": [{"name": name} for name in missing]})
            self.forget()
        known = self.ours()
        return {known[name] for name in names if name in known}

    def _read(self) -> dict[str, str]:
        groups = self._client.call("externalcontact/get_corp_tag_list", {}).get("tag_group") or []
        return {
            str(tag["name"]): str(tag["id"])
            for group in groups
            if group.get("group_name") == GROUP and not group.get("deleted")
            for tag in group.get("tag") or []
            if tag.get("id") and tag.get("name") and not tag.get("deleted")
        }
