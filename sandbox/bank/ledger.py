"""The accounts of one customer and every entry in them; balances follow from the entries and never go below zero in a deposit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sandbox.bank.numbers import account_id

_SECOND = 1_000_000
_DAY = 86_400
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_OFFSET = 8 * 3600
USD_IN_CNY = 712  # fen for a dollar: one rate for all days will do


@dataclass(slots=True, kw_only=True)
class Account:
    """An account. `start` is the balance in cents before the first entry."""

    id: str
    kind: str
    product: str
    currency: str
    opened_on: date
    matures_on: date | None = None
    closed_on: date | None = None
    start: int = 0


@dataclass(slots=True, kw_only=True)
class Entry:
    """One entry. `at` is seconds since 1970 UTC; `reverses` the place of the entry that is taken back."""

    at: int
    account: Account
    cents: int
    kind: str
    channel: str
    initiator: str = "customer"
    counterparty: str | None = None
    counterparty_account: str | None = None
    own: bool | None = None
    reverses: "Entry | None" = None
    id: str = ""


class Ledger:
    """Collects accounts and entries, then tells their rows. Entries outside `first` … `as_of` or before the opening are dropped."""

    def __init__(self, customer_id: str, *, opened: datetime, first: date, as_of: date) -> None:
        self.customer_id = customer_id
        self.first = max(first, opened.date())
        self.as_of = as_of
        self.opened = opened
        self.accounts: list[Account] = []
        self.entries: list[Entry] = []
        self._begin = max(instant(first, 0), int(opened.timestamp()))
        self._end = instant(as_of + timedelta(days=1), 0)

    def open(self, kind: str, product: str, on: date, *, currency: str = "CNY", start: int = 0, matures_on: date | None = None) -> Account:
        """Open the next account."""
        account = Account(
            id=account_id(self.customer_id, len(self.accounts) + 1),
            kind=kind,
            product=product,
            currency=currency,
            opened_on=max(on, self.opened.date()),
            matures_on=matures_on,
            start=start,
        )
        self.accounts.append(account)
        return account

    def enter(self, entry: Entry) -> bool:
        """Take the entry, if it lies in the time of the files and of the account."""
        if not self._begin <= entry.at < self._end or entry.cents == 0 or day_of(entry.at) < entry.account.opened_on:
            return False
        self.entries.append(entry)
        return True

    def move(
        self, at: int, source: Account, target: Account, cents: int, *, kind: str = "transfer", by: str = "customer", flagged: bool = True
    ) -> None:
        """Move money between two accounts of the customer: two entries."""
        channel = "mobile" if by == "customer" else "batch"
        for account, other, amount in ((source, target, -cents), (target, source, cents)):
            own = True if flagged else None
            entry = Entry(
                at=at, account=account, cents=amount, kind=kind, channel=channel, initiator=by, counterparty_account=other.id, own=own
            )
            self.enter(entry)

    def fund(self, account: Account, end: int) -> None:
        """Choose the start of a deposit such that it ends at `end` cents or more and is never below zero.

        An account that was opened within the time of the files starts at zero, and what it needs is paid in on the first day.
        """
        running = low = 0
        for entry in sorted((e for e in self.entries if e.account is account), key=lambda e: e.at):
            running += entry.cents
            low = min(low, running)
        needed = max(end - running, -low)
        if account.opened_on > self.first or self.opened.date() >= self.first:
            at = max(int(self.opened.timestamp()) + 300, instant(account.opened_on, 0) + 60)
            # Paid in before anything else moves; a few seconds past the opening, whatever the hour.
            earliest = min((e.at for e in self.entries if e.account is account), default=at)
            self.enter(Entry(at=max(self._begin, min(at, earliest)), account=account, cents=needed, kind="cash", channel="counter"))
            self.entries.insert(0, self.entries.pop())
        else:
            account.start = needed

    def pay_interest(self, account: Account, percent: float) -> None:
        """Book the interest of each month on its last day, by the bank."""
        balances = dict(self._days(account))
        balance = account.start
        for ordinal in range(self.first.toordinal(), self.as_of.toordinal() + 1):
            on = date.fromordinal(ordinal)
            balance = balances.get(on, balance)
            if (on + timedelta(days=1)).day == 1:
                cents = int(balance * percent / 1200)
                self.enter(
                    Entry(
                        at=instant(on, 23 * 3600 + 1800), account=account, cents=cents, kind="interest", channel="batch", initiator="bank"
                    )
                )

    def number(self) -> None:
        """Sort the entries by time and give them their ids."""
        self.entries.sort(key=lambda entry: entry.at)
        for place, entry in enumerate(self.entries, start=1):
            entry.id = f"T{self.customer_id[1:]}{place:06d}"

    def account_rows(self) -> Iterator[dict[str, object]]:
        """The lines of accounts.csv."""
        for account in self.accounts:
            yield {
                "account_id": account.id,
                "customer_id": self.customer_id,
                "kind": account.kind,
                "product_code": account.product,
                "currency": account.currency,
                "opened_on": account.opened_on,
                "closed_on": account.closed_on,
                "matures_on": account.matures_on,
            }

    def balance_rows(self) -> Iterator[tuple[object, ...]]:
        """A row for each day on which an account changed, and for the first."""
        for account in self.accounts:
            for on, cents in self._days(account):
                yield (account.id, on, cents, cents * USD_IN_CNY // 100 if account.currency == "USD" else None)

    def transaction_rows(self) -> Iterator[tuple[object, ...]]:
        """Every entry, once `number` was called."""
        for entry in self.entries:
            foreign = entry.account.currency == "USD"
            yield (
                entry.id,
                entry.account.id,
                entry.at * _SECOND,
                entry.cents,
                entry.account.currency,
                entry.cents * USD_IN_CNY // 100 if foreign else None,
                entry.initiator,
                entry.kind,
                entry.channel,
                entry.counterparty,
                entry.counterparty_account,
                entry.own,
                entry.reverses is not None,
                entry.reverses.id if entry.reverses else None,
            )

    def _days(self, account: Account) -> Iterator[tuple[date, int]]:
        begin = max(self.first, account.opened_on)
        balance = account.start
        days: dict[date, int] = {begin: balance}
        for entry in sorted((e for e in self.entries if e.account is account), key=lambda e: e.at):
            balance += entry.cents
            days[day_of(entry.at)] = balance
        yield from days.items()


def instant(on: date, second: int) -> int:
    """Seconds since 1970 UTC of a second of a day in China."""
    return (on.toordinal() - _EPOCH_DAY) * _DAY + second - _OFFSET


def day_of(at: int) -> date:
    """The day in China."""
    return date.fromordinal((at + _OFFSET) // _DAY + _EPOCH_DAY)


def months_between(first: date, as_of: date) -> list[date]:
    """The first days of the months from `first` to `as_of`."""
    months = []
    month = first.replace(day=1)
    while month <= as_of:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months
