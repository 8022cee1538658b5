"""The tables of a facts snapshot: how each is made of the checked feeds and of the snapshot before.

Names, telephones and identity numbers stay in the book: a snapshot knows customers by id. Where the other side of an entry bears the
customer's own name, 本人 stands in its place (`own_name`); a namesake with an account of this bank is somebody else.
"""

from dataclasses import dataclass

from crm.importing.feeds import FEEDS
from crm.importing.schema import Feed, Type

BANK_TIME = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTable:
    """A Parquet file of the snapshot. `query` makes it of `taken_<feed>` views; rows are sorted, so that one customer's lie together."""

    name: str
    feeds: tuple[str, ...]
    key: tuple[str, ...]
    sort: tuple[str, ...]
    query: str


def _as_delivered(feed: Feed) -> FactTable:
    """A feed whose rows need no work: every column that is not personal, the rows of a customer together.

    Beside each instant stands its day at the bank (`at` -> `on`, `opened_at` -> `opened_on`), and the hour beside `at`: the engines that
    read a snapshot do not agree on time zones.
    """
    columns = [column.name for column in feed.columns if not column.personal]
    instants = [column.name for column in feed.columns if column.type is Type.INSTANT and not column.personal]
    days = [(name, f"{name[:-2]}on") for name in instants if f"{name[:-2]}on" not in columns]
    listed = ", ".join(
        [f'"{name}"' for name in columns]
        + [f'CAST("{name}" AT TIME ZONE \'{BANK_TIME}\' AS DATE) AS "{day}"' for name, day in days]
        + [f'CAST(hour("at" AT TIME ZONE \'{BANK_TIME}\') AS INTEGER) AS "hour"' for name in instants if name == "at"]
    )
    first = [name for name in ("customer_id", "at") if name in columns]
    return FactTable(
        name=feed.name,
        feeds=(feed.name,),
        key=feed.key,
        sort=tuple(dict.fromkeys((*first, *feed.key))),
        query=f"SELECT {listed} FROM taken_{feed.name}",
    )


_SHAPED = (
    FactTable(name="branches", feeds=("branches",), key=("branch_id",), sort=("branch_id",), query="SELECT branch_id FROM taken_branches"),
    FactTable(
        name="staff",
        feeds=("staff",),
        key=("staff_id",),
        sort=("staff_id",),
        query="SELECT staff_id, role, branch_id FROM taken_staff",
    ),
    FactTable(
        name="products",
        feeds=("products",),
        key=("product_code",),
        sort=("product_code",),
        query="""SELECT product_code, name, kind, category, risk, rate, currency, term_days, min_amount, valid_from, valid_until
            FROM taken_products""",
    ),
    FactTable(
        name="customers",
        feeds=("persons", "companies"),
        key=("customer_id",),
        sort=("customer_id",),
        query="""SELECT customer_id, 'person' AS kind, opened_at, status, rm_id, branch_id, gender, birth_date,
                CAST(NULL AS VARCHAR) AS industry, occupation, segments,
                CAST(opened_at AT TIME ZONE 'Asia/Shanghai' AS DATE) AS opened_on, city, monthly_income, marital_status, education,
                preferred_channel, identity_valid_until, identified_on, CAST(NULL AS VARCHAR) AS industry_code,
                CAST(NULL AS DATE) AS founded_on,
                CAST(NULL AS DECIMAL(15, 2)) AS registered_capital, CAST(NULL AS INTEGER) AS employees,
                CAST(NULL AS DECIMAL(15, 2)) AS annual_revenue FROM taken_persons
            UNION ALL
            SELECT customer_id, 'company' AS kind, opened_at, status, rm_id, branch_id, NULL, NULL,
                industry, NULL, segments, CAST(opened_at AT TIME ZONE 'Asia/Shanghai' AS DATE), city, NULL, NULL, NULL,
                NULL, NULL, identified_on, industry_code, founded_on, registered_capital, employees, annual_revenue FROM taken_companies""",
    ),
    FactTable(
        name="accounts",
        feeds=("accounts",),
        key=("account_id",),
        sort=("customer_id", "account_id"),
        query="""SELECT account_id, customer_id, kind, coalesce(product_code, '') AS product_code, currency, opened_on, closed_on,
                matures_on, rate, credit_limit, restriction, renews FROM taken_accounts""",
    ),
    FactTable(
        name="balances",
        feeds=("balances",),
        key=("account_id", "on"),
        sort=("customer_id", "account_id", "on"),
        query="""SELECT b.account_id, a.customer_id, b."on", b.balance AS amount, coalesce(b.balance_cny, b.balance) AS amount_cny
            FROM taken_balances AS b JOIN known_accounts AS a ON a.id = b.account_id""",
    ),
    FactTable(
        name="holdings",
        feeds=("holdings",),
        key=("customer_id", "product_code", "on"),
        sort=("customer_id", "product_code", "on"),
        query="""SELECT customer_id, product_code, "on", currency, amount, coalesce(amount_cny, amount) AS amount_cny, plan
            FROM taken_holdings""",
    ),
    FactTable(
        name="transactions",
        feeds=("transactions",),
        key=("transaction_id",),
        sort=("customer_id", "at", "transaction_id"),
        query="""SELECT t.transaction_id, t.account_id, a.customer_id, t."at",
                CAST(t."at" AT TIME ZONE 'Asia/Shanghai' AS DATE) AS "on",
                t.amount, coalesce(t.amount_cny, t.amount) AS amount_cny, t.initiator, t.kind, t.channel, t.mcc, t.country,
                CASE WHEN own.spelled IS NULL THEN t.counterparty ELSE '本人' END AS counterparty,
                t.counterparty_account, coalesce(t.own_transfer, other.customer_id = a.customer_id, false) AS own_transfer,
                t.reversal, t.reverses, CAST(hour(t."at" AT TIME ZONE 'Asia/Shanghai') AS INTEGER) AS "hour", t.counterparty_bank,
                own.spelled IS NOT NULL AS own_name
            FROM taken_transactions AS t JOIN known_accounts AS a ON a.id = t.account_id
            LEFT JOIN known_accounts AS other ON other.id = t.counterparty_account
            LEFT JOIN own_spellings AS own ON own.customer_id = a.customer_id AND own.spelled = t.counterparty
                AND coalesce(other.customer_id, a.customer_id) = a.customer_id""",
    ),
)
#: Names of people to be looked at stay in the book, second factors nowhere else.
_BOOK_ONLY = frozenset({"watchlist", "staff_secrets"})
_FED = {name for table in _SHAPED for name in table.feeds}
FACT_TABLES = (*_SHAPED, *(_as_delivered(feed) for feed in FEEDS if feed.name not in _FED | _BOOK_ONLY))
