"""WeChat people whom members of staff have added (客户联系), and which customer of the bank each of them is.

An external_userid names one WeChat person towards one corp, in customer service and in contacts alike
(developer.work.weixin.qq.com/document/path/92114).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One member has one WeChat person among their contacts. `tags` are WeCom's tag ids; `state` is that of the code that was scanned.

    `left_at` is when either side ended it; `tags` and `remark` are as last read from WeCom or set there by us.
    """

    external_userid: str
    userid: str
    name: str = ""
    remark: str = ""
    state: str = ""
    tags: tuple[str, ...] = ()
    added_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A WeChat person was shown to be this customer. `how` names the verified step (rm_code | web_code | contact_code), `by` who did it."""

    external_userid: str
    customer_id: str
    at: datetime
    how: str
    by: str


class ContactRecords(Protocol):
    """Contacts and bindings."""

    def contact(self, external_userid: str, userid: str) -> Contact | None: ...

    def followers(self, external_userid: str) -> Sequence[Contact]:
        """Who has that person as a contact now, the earliest first."""

    def of_member(self, userid: str) -> Sequence[Contact]:
        """Whom a member has as contacts now."""

    def keep(self, contacts: Iterable[Contact]) -> None:
        """Store them; one that is known is overwritten."""

    def of_people(self, external_userids: Iterable[str]) -> Sequence[Contact]:
        """Who has these people as contacts, or had them."""

    def end(self, contacts: Iterable[Contact], *, at: datetime) -> None:
        """End them all, those that have not ended."""

    def left(self, external_userid: str, userid: str, *, at: datetime) -> bool:
        """End it. False when it was not known or had ended."""

    def customers_of(self, external_userids: Iterable[str]) -> Mapping[str, str]:
        """The customer ids of those who are bound."""

    def bind(self, binding: Binding) -> None:
        """Bind, in place of an earlier binding of that person. Several WeChat people may be one customer: a company has more than one."""

    def unbind(self, external_userid: str) -> Binding | None:
        """End a binding and return what it was, None when there was none."""

    def bindings_of(self, customer_id: str) -> Sequence[Binding]:
        """By whom a customer is reached on WeChat, the latest first."""
