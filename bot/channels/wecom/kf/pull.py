"""Pulls what happened on an account of WeChat customer service: page by page, in order, once.

A callback only says that there is something. Each one marks its account; one thread at a time pulls an account until WeCom has no more,
and a mark that is set meanwhile causes one more pull. The place where reading stopped is committed together with the rows of the page:
whatever is killed, the next pull begins where the last commit ended, and a message that comes again is known by its id.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.binding import counts, settle
from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.kf.messages import Answered, Happened, Item, Said, Unreadable, read_item
from bot.channels.wecom.kf.names import CHANNEL, conversation_of, cursor_name, visitor
from bot.channels.wecom.kf.sessions import CODE_LASTS, WELCOME, answered, happened, heard
from bot.channels.wecom.people import WeComPeople
from bot.clock import Clock
from bot.inbound import clipped
from bot.observe import event, fault
from domain.errors import PeibanError
from domain.media import MEDIA_KINDS
from domain.message import Inbound
from domain.party import Party, Role
from domain.ports import Records, Store

Bound = Mapping[str, str | None]
_PATH = "kf/sync_msg"
_PAGE = 1000
_BAD_TOKEN = 95007  # that of the callback, good for ten minutes
_NO_SUCH_ACCOUNT = frozenset({95000, 95004})  # deleted, or of another corp
_AMR, _SILK = 0, 1
_WAITS_S = (0.2, 1.0, 2.0, 5.0, 15.0, 30.0)
_STANDS_STILL = 3  # pages in a row that bring nothing, do not move the cursor and still promise more
_AT_ONCE = 4  # accounts
_LOOK_ANYWAY_S = 300.0  # a callback that never arrived: each is tried three times only


@dataclass(slots=True)
class _Account:
    token: str = ""
    marked: bool = False
    pulling: bool = False
    misses: int = 0


class Puller:
    """Keeps the accounts that were ever heard of pulled.

    `arrived` hears the conversations that got something to work on, `wanted` that there may be something to fetch.
    """

    def __init__(
        self,
        store: Store,
        client: WeComClient,
        clock: Clock,
        *,
        people: WeComPeople,
        fresh: timedelta,
        arrived: Callable[[Sequence[str]], None],
        wanted: Callable[[], None],
        voice_waits: timedelta | None = None,
        look_anyway_s: float = _LOOK_ANYWAY_S,
    ) -> None:
        """What is older than `fresh` when an account is first heard of is recorded and not answered.

        `voice_waits`: how long a voice message waits for its words; None where nobody writes them down.
        """
        self._store = store
        self._client = client
        self._clock = clock
        self._people = people
        self._fresh = fresh
        self._arrived = arrived
        self._wanted = wanted
        self._voice_waits = voice_waits
        self._look_anyway_s = look_anyway_s
        self._accounts: dict[str, _Account] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="kf-pull")
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._look, name="kf-look", daemon=True)

    def start(self) -> None:
        """Pull what arrived while nobody listened, and go on."""
        self._watch.start()

    def stop(self) -> None:
        """Finish the page in hand."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._watch.ident is not None:
            self._watch.join(5.0)

    def mark(self, open_kfid: str, token: str) -> None:
        """Something happened there. Returns once that cannot be forgotten; nothing is waited for but, the first time, a commit."""
        with self._lock:
            known = open_kfid in self._accounts
        if not known:
            with self._store.writing() as records:
                records.links.begin_cursor(cursor_name(open_kfid), at=self._clock())
        self._begin(open_kfid, token)

    def _begin(self, open_kfid: str, token: str = "") -> None:
        with self._lock:
            account = self._accounts.setdefault(open_kfid, _Account())
            account.token = token or account.token
            account.marked = True
            if account.pulling or self._stopping.is_set():
                return
            account.pulling = True
        self._pool.submit(self._pull, open_kfid, account)

    def _look(self) -> None:
        while not self._stopping.is_set():
            try:
                prefix = cursor_name("")
                with self._store.reading() as records:
                    names = records.links.cursors(prefix)
                for name in names:
                    self._begin(name.removeprefix(prefix))
            except Exception as error:  # the thread's boundary: a database that restarts must not end it
                fault("kf.look.failed", error)
            self._stopping.wait(self._look_anyway_s)

    def _pull(self, open_kfid: str, account: _Account) -> None:
        while True:
            with self._lock:
                if not account.marked or self._stopping.is_set():
                    account.pulling = False
                    return
                account.marked = False
            try:
                self._pull_all(open_kfid, account)
                account.misses = 0
            except Exception as error:  # the boundary of pulling: whatever WeCom or a row did, the account is pulled again
                if isinstance(error, WeComRefused) and error.code in _NO_SUCH_ACCOUNT:
                    event("kf.account.gone", account=open_kfid, code=error.code)
                    continue  # the look that comes anyway asks again; waiting here would keep others from being pulled
                if not isinstance(error, PeibanError):
                    fault("kf.pull.failed", error, account=open_kfid)
                wait = _WAITS_S[min(account.misses, len(_WAITS_S) - 1)]
                account.misses += 1
                event("kf.pull.waits", account=open_kfid, error=type(error).__name__, seconds=wait)
                account.marked = True
                self._stopping.wait(max(wait, getattr(error, "retry_after_s", 0.0)))

    def _pull_all(self, open_kfid: str, account: _Account) -> None:
        still = 0
        while not self._stopping.is_set():
            moved, more = self._page(open_kfid, account)
            if not more:
                return
            still = 0 if moved else still + 1
            if still >= _STANDS_STILL:
                event("kf.pull.stands_still", account=open_kfid)
                return
            if not moved:
                time.sleep(_WAITS_S[0])

    def _page(self, open_kfid: str, account: _Account) -> tuple[bool, bool]:
        """Whether something came or the cursor moved, and whether there is more."""
        name = cursor_name(open_kfid)
        with self._store.reading() as records:
            before, begun_at = records.links.cursor(name) or ("", self._clock())
        answer = self._ask(open_kfid, account, before)
        found = answer.get("msg_list")
        items = [read_item(one, open_kfid=open_kfid) for one in found] if isinstance(found, list) else []
        after = answer.get("next_cursor")
        after = after if isinstance(after, str) and after else before
        conversations = self._store_page(name, items, before=before, after=after, oldest=begun_at - self._fresh)
        if conversations:
            self._arrived(conversations)
        if any(_to_fetch(item) for item in items):
            self._wanted()
        return bool(items) or after != before, answer.get("has_more") in (1, True, "1")

    def _ask(self, open_kfid: str, account: _Account, cursor: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "cursor": cursor,
            "limit": _PAGE,
            "voice_format": _AMR if self._voice_waits else _SILK,
            "open_kfid": open_kfid,
        }
        try:
            return self._client.call(_PATH, body | ({"token": account.token} if account.token else {}))
        except WeComRefused as refused:
            if refused.code != _BAD_TOKEN or not account.token:
                raise
            account.token = ""  # older than ten minutes: without it WeCom only answers less often
            return self._client.call(_PATH, body)

    def _store_page(self, name: str, items: Sequence[Item], *, before: str, after: str, oldest: datetime) -> list[str]:
        now = self._clock()
        arrived: list[str] = []
        with self._store.writing() as records:
            if before != after and not records.links.move_cursor(name, before=before, after=after, at=now):
                return []  # another process read the page meanwhile
            bound = self._bound(records, items)
            for item in items:
                match item:
                    case Said():
                        done_at = now if item.at < oldest else None
                        inbound = clipped(_inbound(item, bound, now=now, text=item.text, kind=item.kind))
                        if records.inbox.accept(inbound, done_at=done_at, not_before=self._not_before(item, now)) is None:
                            continue
                        _want(records, item, inbound)
                        if done_at is None:
                            heard(records, inbound.conversation, at=now)
                            if item.customer in bound:
                                settle(records, inbound.conversation, inbound.sender, at=now)
                            arrived.append(inbound.conversation)
                    case Answered():
                        # Nobody works on it, a person said it: the row tells whether it was here before.
                        if records.inbox.accept(_inbound(item, bound, now=now), done_at=now) is not None:
                            answered(records, item, self._people, at=now, party=_party(item.customer, bound))
                    case Happened():
                        arrived.extend(self._happened(records, item, bound, now=now))
                    case Unreadable(reason=reason):
                        event("kf.unreadable", reason=reason)
        return arrived

    def _bound(self, records: Records, items: Sequence[Item]) -> Bound:
        """Which customers the people of a page are; None for one bound to a customer who is closed or dead."""
        people = [item.customer for item in items if not isinstance(item, Unreadable) and item.customer]
        found = records.contacts.customers_of(people)
        known = {one.id for one in records.book.customers(set(found.values())) if counts(one)} if found else set()
        return {person: customer_id if customer_id in known else None for person, customer_id in found.items()}

    def _not_before(self, said: Said, now: datetime) -> datetime | None:
        """A voice message waits for its words; whatever becomes of them, no longer than this."""
        waits = self._voice_waits is not None and said.kind == "voice" and bool(said.media_id)
        return now + self._voice_waits if waits and self._voice_waits is not None else None

    def _happened(self, records: Records, item: Happened, bound: Bound, *, now: datetime) -> list[str]:
        """An event takes effect once: its row in the inbox tells whether it was here before. Opening the chat is a greeting."""
        greets = item.what == "enter_session" and bool(item.fields.get("welcome_code")) and now - item.at < CODE_LASTS[WELCOME]
        inbound = _inbound(item, bound, now=now, kind="enter" if greets else "event")
        if records.inbox.accept(inbound, done_at=None if greets else now) is None:
            return []
        happened(records, item, self._people, at=now, party=_party(item.customer, bound))
        return [inbound.conversation] if greets else []


def _to_fetch(item: Item) -> bool:
    return isinstance(item, Said) and bool(item.media_id) and item.kind in MEDIA_KINDS


def _want(records: Records, said: Said, inbound: Inbound) -> None:
    """What comes with a media id is fetched; the wish is committed with the message."""
    if _to_fetch(said):
        records.media.want(
            channel=CHANNEL,
            message_id=inbound.message_id,
            conversation_id=inbound.conversation,
            media_id=said.media_id,
            kind=said.kind,
            at=inbound.received_at,
        )


def _party(external_userid: str, bound: Bound) -> Party:
    customer_id = bound.get(external_userid)
    return Party(Role.CUSTOMER, customer_id) if customer_id else visitor(external_userid)


def _inbound(item: Said | Answered | Happened, bound: Bound, *, now: datetime, text: str = "", kind: str = "event") -> Inbound:
    """The row of an item. An event of the account itself, without a customer, goes under the account's name."""
    return Inbound(
        channel=CHANNEL,
        message_id=item.msgid,
        sender=_party(item.customer, bound),
        text=text,
        received_at=min(item.at.astimezone(now.tzinfo), now),
        kind=kind,
        conversation_id=conversation_of(item.open_kfid, item.customer) if item.customer else cursor_name(item.open_kfid),
    )
