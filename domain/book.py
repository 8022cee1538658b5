"""The bank's book as the bot needs it: people, companies, staff, products, assessments. Filled by import, extended by what is said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain.party import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch of the bank."""

    id: str
    name: str
    city: str
    address: str
    phone: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody of the bank. `deputy_id` stands in while `leave_from <= on < leave_until`."""

    id: str
    name: str
    role: Role
    branch_id: str
    phone: str
    deputy_id: str | None = None
    leave_from: date | None = None
    leave_until: date | None = None
    active: bool = True

    def on_leave(self, on: date) -> bool:
        """Whether the person is away on that day."""
        return bool(self.leave_from and self.leave_until and self.leave_from <= on < self.leave_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A person or company known to the bank. `segments` are the bank's own tags, as 育儿家庭 or 外贸企业."""

    id: str
    kind: str  # person | company
    name: str
    rm_id: str | None
    branch_id: str
    opened_at: datetime
    gender: str = ""
    birth_date: date | None = None
    phone: str = ""
    id_number: str = ""
    city: str = ""
    industry: str = ""
    occupation: str = ""
    segments: tuple[str, ...] = ()
    status: str = "active"  # active | closed | deceased
    contact_name: str = ""  # of a company: the person who deals with the bank (经办人); `phone` is theirs

    def age(self, on: date) -> int | None:
        """Full years on that day, or None when the birth date is unknown."""
        if self.birth_date is None:
            return None
        before = (on.month, on.day) < (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - before


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A line of the product master. `rate` is percent a year, only ever shown with `approval` and `as_of`.

    `risk` is R1–R5, or empty for what is not risk-rated (deposits, cards, loans). Issuer and seller may rate differently: this is
    the higher one (NFRA Order 2025-7).
    """

    code: str
    name: str
    kind: str  # deposit | wealth | fund | insurance | gold | loan | card | service
    risk: str
    approval: str
    as_of: date
    rate: Decimal | None = None
    rate_kind: str = ""  # 年利率 | 业绩比较基准 | …
    term_days: int | None = None
    min_amount: Decimal | None = None
    currency: str = "CNY"
    valid_from: date | None = None
    valid_until: date | None = None
    private: bool = False

    def on_sale(self, on: date) -> bool:
        """Whether the product may be spoken of on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of a customer. Balances and transactions are facts and not here."""

    id: str
    customer_id: str
    kind: str  # deposit | card | loan
    opened_on: date
    product_code: str = ""
    currency: str = "CNY"
    closed_on: date | None = None
    matures_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAssessment:
    """The outcome of a risk tolerance test: C1 (most cautious) to C5, valid for 12 calendar months from the day."""

    customer_id: str
    level: str
    assessed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One word of a customer on being contacted for a purpose. The latest word counts."""

    customer_id: str
    purpose: str
    granted: bool
    at: datetime
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a customer holds of one product, from the facts, as of a day."""

    product_code: str
    product_name: str
    kind: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """The assets layer of a profile. `aum` is the sum of the holdings in CNY on `as_of`; `month_average` its month-daily average.

    `holdings` come the most valuable in CNY first: amounts in several currencies cannot be compared as they stand.
    """

    customer_id: str
    as_of: date
    aum: Decimal
    month_average: Decimal | None
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """The customer's own dealings in a window of days ending on `as_of` (bank-generated rows never count)."""

    customer_id: str
    as_of: date
    days: int
    active_days: int
    transactions: int
    last_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BankSizes:
    """How large the bank is on `as_of`: active customers, open accounts, and the transactions of the twelve months up to that day."""

    as_of: date
    persons: int
    companies: int
    accounts: int
    transactions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFreshness:
    """The last moment of a feed and how long it usually is silent at a close of day (None: not learned), from `closes` days.

    A feed that knows days only (`dated`) has the end of its last day as `last_at`.
    """

    feed: str
    last_at: datetime
    usual_silence: timedelta | None
    closes: int
    dated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBatch:
    """One applied delivery of the bank. `digest` identifies its content, `snapshot` the facts that it published."""

    digest: str
    bank: str
    source: str
    as_of: date
    at: datetime
    snapshot: str
    counts: tuple[tuple[str, int], ...] = ()
