"""Everything there is on one server. Plain data: it can be written to a file and read again."""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.wecom.app.state import AppState
from sandbox.wecom.clock import Clock
from sandbox.wecom.contacts.state import ContactsState
from sandbox.wecom.errors import Refused
from sandbox.wecom.kf.state import KfState
from sandbox.wecom.limits import Limits
from sandbox.wecom.options import Options, Settings
from sandbox.wecom.people import Customer, Directory, Member
from sandbox.wecom.phones import Phones
from sandbox.wecom.stored import Media
from sandbox.wecom.tokens import Tokens


@dataclass
class Push:
    """A callback to be delivered: whose address, the pairs of its XML, and for kf the account that it is about."""

    to: str
    pairs: list[tuple[str, Any]]
    about: str = ""


@dataclass
class World:
    """One corp."""

    options: Options = field(default_factory=Options)
    settings: Settings = field(default_factory=Settings)
    clock: Clock = field(default_factory=Clock)
    directory: Directory = field(default_factory=Directory)
    tokens: Tokens = field(default_factory=Tokens)
    limits: Limits = field(default_factory=Limits)
    media: Media = field(default_factory=Media)
    phones: Phones = field(default_factory=Phones)
    kf: KfState = field(default_factory=KfState)
    app: AppState = field(default_factory=AppState)
    contacts: ContactsState = field(default_factory=ContactsState)
    pushes: deque[Push] = field(default_factory=deque)
    numbers: Counter[str] = field(default_factory=Counter)

    def new_id(self, prefix: str) -> str:
        """An id of that kind that was never given before."""
        self.numbers[prefix] += 1
        return f"{prefix}Sandbox{self.numbers[prefix]:010d}"

    def new_number(self) -> int:
        """A 64-bit MsgId."""
        self.numbers["MsgId"] += 1
        return 7_000_000_000_000_000_000 + self.numbers["MsgId"]

    def push(self, to: str, event: Sequence[tuple[str, Any]], *, sender: str = "", about: str = "") -> None:
        """A callback, to the address of `to` (app, contacts, kf). The head of the XML is put before the given pairs."""
        if about and self.settings.coalesce and any(push.about == about for push in self.pushes):
            return  # one that waits stands for this one too
        head: list[tuple[str, Any]] = [("ToUserName", self.options.corp_id)]
        if sender:
            head.append(("FromUserName", sender))
        head.append(("CreateTime", self.clock.seconds()))
        self.pushes.append(Push(to, [*head, *event], about))

    def member(self, userid: str) -> Member:
        """A member who works here. Refused 60111."""
        found = self.directory.member(userid)
        if found is None:
            raise Refused(60111, userid)
        return found

    def customer(self, external_userid: str) -> Customer:
        """A customer. Refused 40096."""
        found = self.directory.customers.get(external_userid)
        if found is None:
            raise Refused(40096, external_userid)
        return found
