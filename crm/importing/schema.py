"""The data contract, version 1, as values: which files a bank delivers, with which columns.

`docs/data-contract.md` says the same in tables and a test compares them. Within a version, feeds and optional columns may be added;
a column never changes its meaning, and files that lack what was added stay valid.
"""

from dataclasses import dataclass
from enum import StrEnum

CONTRACT_VERSION = 1
TIME_ZONE = "Asia/Shanghai"
FORMATS = (".csv", ".csv.gz", ".parquet")

# Money is up to ten trillion with two decimals: more is a mistake of units.
MONEY_DIGITS = 13


class Type(StrEnum):
    """How a value is written. In CSV an empty cell is a missing value."""

    ID = "id"  # no blanks
    TEXT = "text"
    LIST = "list"  # texts separated by ;
    DATE = "date"  # YYYY-MM-DD, a day of the bank
    INSTANT = "instant"  # ISO 8601 with offset
    MONEY = "money"  # DECIMAL(15, 2)
    RATE = "rate"  # DECIMAL(9, 4), percent
    INTEGER = "integer"
    BOOLEAN = "boolean"  # true or false


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `refers` names the feed whose key the value must be; `default` stands for a missing optional value."""

    name: str
    type: Type
    meaning: str
    example: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    default: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    longest: int = 120  # characters
    refers: str | None = None
    apart_from: str | None = None  # the feed whose key the value must not be
    past: bool = False  # not after the day of the delivery
    personal: bool = False  # never shown whole in a rejects file


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule between columns. `fails` is SQL over the typed columns that is true for a bad row; the column gets the blame.

    The row that a column refers to is there under the name of its feed: `accounts.kind`.
    """

    column: str
    reason: str
    fails: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One file of the folder. Two rows with the same key are one thing: equal rows count once, unequal ones are refused."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    sandbox_only: bool = False

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def _id(name: str, meaning: str, example: str, *, required: bool = True, refers: str | None = None) -> Column:
    return Column(name=name, type=Type.ID, meaning=meaning, example=example, required=required, refers=refers, longest=60)


def _text(name: str, meaning: str, example: str, *, longest: int = 120, required: bool = False, personal: bool = False) -> Column:
    return Column(name=name, type=Type.TEXT, meaning=meaning, example=example, required=required, longest=longest, personal=personal)


def _date(name: str, meaning: str, example: str, *, required: bool = False, past: bool = False) -> Column:
    return Column(name=name, type=Type.DATE, meaning=meaning, example=example, required=required, past=past)


def _money(name: str, meaning: str, example: str, *, required: bool = False, minimum: int | None = None) -> Column:
    return Column(name=name, type=Type.MONEY, meaning=meaning, example=example, required=required, minimum=minimum)


def _one_of(
    name: str, meaning: str, allowed: tuple[str, ...], example: str, *, required: bool = False, default: str | None = None
) -> Column:
    return Column(name=name, type=Type.TEXT, meaning=meaning, example=example, required=required, allowed=allowed, default=default)


def _flag(name: str, meaning: str, example: str, *, default: str | None = None, required: bool = False) -> Column:
    return Column(name=name, type=Type.BOOLEAN, meaning=meaning, example=example, required=required, default=default)


def _instant(name: str, meaning: str, example: str) -> Column:
    return Column(name=name, type=Type.INSTANT, meaning=meaning, example=example, required=True, past=True)


_CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP", "AUD", "CAD", "CHF", "SGD")
_CURRENCY = _one_of("currency", "ISO 4217 code", _CURRENCIES, "CNY", default="CNY")
_STATUS = _one_of("status", "whether the relation goes on", ("active", "closed", "deceased"), "active", default="active")
_RM = _id("rm_id", "the relationship manager who owns the relation", "S0003", required=False, refers="staff")
_BRANCH = _id("branch_id", "the branch that keeps the relation", "B001", refers="branches")
_OPENED = _instant("opened_at", "when the relation began", "2024-03-08T10:15:00+08:00")
_SEGMENTS = Column(name="segments", type=Type.LIST, meaning="tags of the bank", example="育儿家庭;代发")
_CNY_NEEDED = "the currency is not CNY: the value in CNY is needed"

BRANCHES = Feed(
    name="branches",
    meaning="The branches of the bank.",
    key=("branch_id",),
    columns=(
        _id("branch_id", "key", "B001"),
        _text("name", "name", "云桥中心支行", required=True),
        _text("city", "city", "云桥市", longest=60, required=True),
        _text("address", "address", "湖畔区望湖路1号", longest=200),
        _text("phone", "telephone", "0000-5550001", longest=40),
        _text("hours", "opening hours in words", "周一至周五 9:00-17:00"),
    ),
)

STAFF = Feed(
    name="staff",
    meaning="People of the bank who talk to the assistant. Who is away has a deputy from `leave_from` to the day before `leave_until`.",
    key=("staff_id",),
    columns=(
        _id("staff_id", "key", "S0003"),
        _text("name", "name", "周明远", required=True),
        _one_of("role", "role", ("rm", "teller", "lobby", "product", "compliance", "manager"), "rm", required=True),
        _BRANCH,
        _text("phone", "telephone", "12000000003", longest=40, personal=True),
        _id("deputy_id", "who stands in", "S0004", required=False, refers="staff"),
        _date("leave_from", "first day away", "2026-11-20"),
        _date("leave_until", "first day back", "2026-12-04"),
        _flag("active", "whether the person works here", "true", default="true"),
    ),
    checks=(
        Check(column="leave_until", reason="leave ends before it begins", fails='"leave_until" <= "leave_from"'),
        Check(column="deputy_id", reason="nobody is their own deputy", fails='"deputy_id" = "staff_id"'),
    ),
)

PRODUCTS = Feed(
    name="products",
    meaning="The product master. A rate is shown only with its approval and day, so both are needed.",
    key=("product_code",),
    columns=(
        _id("product_code", "key", "P-104"),
        _text("name", "name", "稳享固收90天", required=True),
        _one_of(
            "kind",
            "kind",
            ("deposit", "wealth", "fund", "insurance", "gold", "loan", "card", "service"),
            "wealth",
            required=True,
        ),
        _one_of("risk", "risk rating; needed for wealth and fund", ("R1", "R2", "R3", "R4", "R5"), "R2"),
        Column(name="rate", type=Type.RATE, meaning="percent a year", example="2.45", minimum=-5, maximum=100),
        _text("rate_kind", "what the rate is; needed with a rate", "业绩比较基准", longest=40),
        Column(name="term_days", type=Type.INTEGER, meaning="days", example="90", minimum=1, maximum=36600),
        _money("min_amount", "least amount, in `currency`", "10000.00", minimum=0),
        _CURRENCY,
        _text("approval", "number of the approval of name and figures", "APR-2026-0104", longest=80, required=True),
        _date("as_of", "day of the figures", "2026-11-23", required=True, past=True),
        _date("valid_from", "first day of sale", "2026-01-01"),
        _date("valid_until", "first day after the sale", "2027-01-01"),
        _flag("private", "only for professional or private-banking customers", "false", default="false"),
    ),
    checks=(
        Check(
            column="risk",
            reason="a wealth product or fund needs a risk rating",
            fails="\"kind\" IN ('wealth', 'fund') AND \"risk\" IS NULL",
        ),
        Check(column="rate_kind", reason="a rate needs its kind", fails='"rate" IS NOT NULL AND "rate_kind" IS NULL'),
        Check(column="valid_until", reason="the sale ends before it begins", fails='"valid_until" <= "valid_from"'),
    ),
)

PERSONS = Feed(
    name="persons",
    meaning="Customers who are people.",
    key=("customer_id",),
    columns=(
        Column(
            name="customer_id",
            type=Type.ID,
            meaning="key, apart from those of companies",
            example="C000001",
            required=True,
            longest=60,
            apart_from="companies",
        ),
        _text("name", "name as in the identity document", "张伟", required=True, personal=True),
        _one_of("gender", "gender", ("male", "female"), "male"),
        _date("birth_date", "day of birth", "1985-06-18", past=True),
        _text("id_number", "resident identity number or passport, as the bank has it", "990000198506180015", longest=40, personal=True),
        _text("phone", "mobile telephone", "12000100001", longest=40, personal=True),
        _text("city", "city of residence", "云桥市", longest=60),
        _text("occupation", "occupation", "中学教师", longest=60),
        _SEGMENTS,
        _RM,
        _BRANCH,
        _OPENED,
        _STATUS,
    ),
    checks=(Check(column="birth_date", reason="born before 1890", fails="\"birth_date\" < DATE '1890-01-01'"),),
)

COMPANIES = Feed(
    name="companies",
    meaning="Customers who are companies or other organisations.",
    key=("customer_id",),
    columns=(
        Column(
            name="customer_id",
            type=Type.ID,
            meaning="key, apart from those of persons",
            example="C900001",
            required=True,
            longest=60,
            apart_from="persons",
        ),
        _text("name", "registered name", "华贸进出口有限公司", required=True),
        _text("uscc", "unified social credit code", "91990000MA0A000015", longest=40),
        _text("industry", "industry", "外贸", longest=60),
        _text("contact_name", "the person who deals with the bank (经办人)", "何静", personal=True),
        _text("contact_phone", "their telephone", "12000900001", longest=40, personal=True),
        _text("city", "city", "云桥市", longest=60),
        _SEGMENTS,
        _RM,
        _BRANCH,
        _OPENED,
        _STATUS,
    ),
)

ACCOUNTS = Feed(
    name="accounts",
    meaning="Accounts. An overdraft or credit line is an account of kind loan or card, so a deposit is never below zero.",
    key=("account_id",),
    columns=(
        _id("account_id", "key", "A00000101"),
        _id("customer_id", "the holder", "C000001", refers="customers"),
        _one_of("kind", "kind", ("deposit", "card", "loan"), "deposit", required=True),
        _id("product_code", "product", "P-001", required=False, refers="products"),
        _CURRENCY,
        _date("opened_on", "first day", "2024-03-08", required=True, past=True),
        _date("closed_on", "day of closing; the account counts for nothing from then on", "", past=True),
        _date("matures_on", "day of maturity of a time deposit or loan", ""),
    ),
    checks=(Check(column="closed_on", reason="closed before it was opened", fails='"closed_on" < "opened_on"'),),
)

BALANCES = Feed(
    name="balances",
    meaning="Balances at the end of a day, daily or monthly or on change. A balance holds until the next row of the account.",
    key=("account_id", "on"),
    columns=(
        _id("account_id", "account", "A00000101", refers="accounts"),
        _date("on", "day", "2026-10-31", required=True, past=True),
        _money("balance", "in the currency of the account; what the customer owes is negative", "52300.18", required=True),
        _money("balance_cny", "the same in CNY, converted by the bank; needed where the currency is not CNY", ""),
    ),
    checks=(
        Check(column="balance", reason="a deposit below zero", fails="accounts.kind = 'deposit' AND \"balance\" < 0"),
        Check(column="balance_cny", reason=_CNY_NEEDED, fails="accounts.currency <> 'CNY' AND \"balance_cny\" IS NULL"),
    ),
)

HOLDINGS = Feed(
    name="holdings",
    meaning="What a customer holds of a product at the end of a day. It holds until the next row; sold out is a row with 0.00.",
    key=("customer_id", "product_code", "on"),
    columns=(
        _id("customer_id", "holder", "C000001", refers="customers"),
        _id("product_code", "product", "P-104", refers="products"),
        _date("on", "day", "2026-10-31", required=True, past=True),
        _money("amount", "market value in `currency`", "100000.00", required=True, minimum=0),
        _CURRENCY,
        _money("amount_cny", "the same in CNY, converted by the bank; needed where the currency is not CNY", "", minimum=0),
    ),
    checks=(Check(column="amount_cny", reason=_CNY_NEEDED, fails='"currency" <> \'CNY\' AND "amount_cny" IS NULL'),),
)

TRANSACTIONS = Feed(
    name="transactions",
    meaning="Entries of accounts. A delivery may repeat entries of earlier ones, late and in any order: each counts once.",
    key=("transaction_id",),
    columns=(
        _id("transaction_id", "key, unique for ever", "T20261105-000017"),
        _id("account_id", "account", "A00000101", refers="accounts"),
        _instant("at", "when it was booked", "2026-11-05T18:42:07+08:00"),
        _money("amount", "in the currency of the account; into it is positive, out of it negative", "-268.50", required=True),
        _one_of("currency", "the currency of the account, if given", _CURRENCIES, "CNY"),
        _money("amount_cny", "the same in CNY, converted by the bank; needed where the currency is not CNY", ""),
        _one_of(
            "initiator",
            "who caused it; interest, fees and standing orders are the bank's",
            ("customer", "bank"),
            "customer",
            required=True,
        ),
        _one_of(
            "kind",
            "kind",
            (
                "payment",
                "transfer",
                "cash",
                "payroll",
                "pension",
                "purchase",
                "redemption",
                "repayment",
                "exchange",
                "tax",
                "interest",
                "fee",
                "other",
            ),
            "payment",
            required=True,
        ),
        _one_of(
            "channel",
            "where",
            ("mobile", "web", "counter", "atm", "pos", "third_party", "batch", "other"),
            "third_party",
            default="other",
        ),
        _text("counterparty", "name of the other side", "鲜来超市", longest=200, personal=True),
        _text("counterparty_account", "account of the other side", "", longest=60, personal=True),
        _flag("own_transfer", "between accounts of one customer; when missing, told from `counterparty_account`", "false"),
        _flag("reversal", "takes an earlier entry back", "false", default="false"),
        _id("reverses", "the entry that is taken back", "", required=False),
    ),
    checks=(
        Check(column="currency", reason="not the currency of the account", fails='"currency" <> accounts.currency'),
        Check(column="amount_cny", reason=_CNY_NEEDED, fails="accounts.currency <> 'CNY' AND \"amount_cny\" IS NULL"),
        Check(column="amount", reason="nothing moved", fails='"amount" = 0'),
    ),
)

RISK_ASSESSMENTS = Feed(
    name="risk_assessments",
    meaning="Outcomes of risk tolerance tests, old ones too. A test is valid for 12 months from its day.",
    key=("customer_id", "assessed_on"),
    columns=(
        _id("customer_id", "customer", "C000001", refers="customers"),
        _one_of("level", "outcome", ("C1", "C2", "C3", "C4", "C5"), "C3", required=True),
        _date("assessed_on", "day of the test", "2026-02-14", required=True, past=True),
    ),
)

CONSENTS = Feed(
    name="consents",
    meaning="Every word of a customer on being contacted or profiled, granted or withdrawn. The latest word per purpose counts.",
    key=("customer_id", "purpose", "at"),
    columns=(
        _id("customer_id", "customer", "C000001", refers="customers"),
        _one_of("purpose", "purpose", ("care", "marketing", "profiling"), "marketing", required=True),
        _flag("granted", "true: granted, false: refused or withdrawn", "true", required=True),
        _instant("at", "when it was said", "2026-02-14T11:05:00+08:00"),
        _text("source", "where it was said", "手机银行"),
    ),
)

STAFF_SECRETS = Feed(
    name="staff_secrets",
    meaning="Second factors of invented staff. Part of a simulated bank only; a real bank enrols its staff in person.",
    key=("staff_id",),
    columns=(
        _id("staff_id", "member of staff", "S0003", refers="staff"),
        _text("totp_secret", "TOTP secret, base32", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", required=True, personal=True),
    ),
    sandbox_only=True,
)

# In the order of import: each refers only to feeds before it (staff also to itself).
FEEDS = (
    BRANCHES,
    STAFF,
    PRODUCTS,
    PERSONS,
    COMPANIES,
    ACCOUNTS,
    BALANCES,
    HOLDINGS,
    TRANSACTIONS,
    RISK_ASSESSMENTS,
    CONSENTS,
    STAFF_SECRETS,
)
