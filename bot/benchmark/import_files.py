"""Files of a bank that is nobody's, made by SQL as large as one likes: only their shape and size matter."""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

_PER_CUSTOMER = 260  # transactions; three accounts and two years of month ends go with them
_MONTHS = 23
_SECONDS = 720 * 86_400
_MEMORY = "1GB"


def make(folder: Path, *, transactions: int, form: str, whole: bool = False, customers: int | None = None) -> None:
    """Write `persons`, `accounts`, `balances` and `transactions` as `form`, csv or parquet.

    `whole` adds what judging reads beside them: `staff` with 200 customers each, `products`, `holdings`, `loans`, `app_events`, `contacts`.
    A number of `customers` makes them such as a large bank has most of: few transactions, one account, holdings of every fifth.
    """
    folder.mkdir(parents=True)
    body = {"contract": 2, "bank": "测速银行", "as_of": "2026-11-23", "time_zone": "Asia/Shanghai", "sandbox": True}
    (folder / "manifest.json").write_text(json.dumps(body), encoding="utf-8")
    with duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(folder / ".spill")}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        size = _Size(transactions, customers or max(1, transactions // _PER_CUSTOMER), dense=customers is None)
        for feed, query in (_queries(size, whole) | (_more(size) if whole else {})).items():
            target = str(folder / f"{feed}.{form}").replace("'", "''")
            instants = ", TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'" if form == "csv" else ""
            connection.execute(f"COPY ({query}) TO '{target}' (FORMAT {form}{instants})")


@dataclass(frozen=True, slots=True)
class _Size:
    transactions: int
    customers: int
    dense: bool


def _queries(size: _Size, whole: bool) -> dict[str, str]:
    customers, transactions = size.customers, size.transactions
    accounts = customers * (3 if size.dense else 1)
    # One entry in a thousand takes back the one before it, which is of the same account.
    entry = "(i - CAST(i % 1000 = 999 AS BIGINT))" if whole else "i"
    account = f"'A' || lpad(CAST({_draw(1, accounts, entry)} AS VARCHAR), 9, '0')"
    other = f"'A' || lpad(CAST({_draw(2, accounts)} AS VARCHAR), 9, '0')"
    taken_back = "i % 1000 = 999 AS reversal, CASE WHEN i % 1000 = 999 THEN 'T' || lpad(CAST(i - 1 AS VARCHAR), 12, '0') END AS reverses"
    reversal = taken_back if whole else "false AS reversal"
    managed = f", 'S' || (i % {_managers(customers)}) AS rm_id" if whole else ""
    return {
        "persons": f"""SELECT 'C' || lpad(CAST(i AS VARCHAR), 7, '0') AS customer_id, '客户' || i AS name, 'B001' AS branch_id,
            TIMESTAMPTZ '2024-01-02 10:00:00+08' AS opened_at{managed} FROM range({customers}) AS t (i)""",
        "accounts": f"""SELECT 'A' || lpad(CAST(i AS VARCHAR), 9, '0') AS account_id,
            'C' || lpad(CAST(i % {customers} AS VARCHAR), 7, '0') AS customer_id,
            CASE WHEN i % 3 = 2 THEN 'card' ELSE 'deposit' END AS kind, DATE '2024-01-02' AS opened_on FROM range({accounts}) AS t (i)""",
        "balances": f"""SELECT 'A' || lpad(CAST(i % {accounts} AS VARCHAR), 9, '0') AS account_id,
            CAST(DATE '2024-12-31' + INTERVAL 1 MONTH * (i // {accounts}) AS DATE) AS "on",
            CAST({_draw(3, 9_000_000)} / 100 AS DECIMAL(15, 2)) AS balance FROM range({accounts * _MONTHS}) AS t (i)""",
        "transactions": f"""SELECT 'T' || lpad(CAST(i AS VARCHAR), 12, '0') AS transaction_id, {account} AS account_id,
            TIMESTAMPTZ '2024-12-01 00:00:00+08' + INTERVAL 1 SECOND * (i * {_SECONDS} // {transactions}) AS "at",
            CAST({_draw(4, 900_000)} / 100 + 0.01 AS DECIMAL(15, 2)) AS amount,
            CASE WHEN {_draw(5, 5)} = 0 THEN 'bank' ELSE 'customer' END AS initiator,
            ['payment', 'transfer', 'cash', 'payroll', 'fee', 'interest'][1 + {_draw(6, 6)}] AS kind,
            ['mobile', 'pos', 'atm', 'third_party', 'batch'][1 + {_draw(7, 5)}] AS channel, '商户' || {_draw(8, 20_000)} AS counterparty,
            CASE WHEN {_draw(9, 10)} = 0 THEN {other} END AS counterparty_account,
            CASE WHEN {_draw(10, 2)} = 0 THEN CAST(5000 + {_draw(11, 50)} AS VARCHAR) END AS mcc, {reversal}
            FROM range({transactions}) AS t (i)""",
    }


def _more(size: _Size) -> dict[str, str]:
    """As many events of the app as transactions are usual; the rest follows the customers."""
    customers, transactions = size.customers, size.transactions
    investors = customers if size.dense else customers // 5
    customer = "'C' || lpad(CAST({} AS VARCHAR), 7, '0')"
    someone = customer.format(_draw(21, customers))
    one_each = customer.format("i")
    return {
        "staff": f"""SELECT 'S' || i AS staff_id, '经理' || i AS name, 'rm' AS role, 'B001' AS branch_id
            FROM range({_managers(customers)}) AS t (i)""",
        "products": """SELECT * FROM (VALUES ('P-1', '理财', 'wealth', 'wealth', 'R2', 'A-1', DATE '2026-01-01'),
            ('P-2', '基金', 'fund', 'fund', 'R3', 'A-2', DATE '2026-01-01'))
            AS t (product_code, name, kind, category, risk, approval, as_of)""",
        "holdings": f"""SELECT {customer.format(f"i % {investors}")} AS customer_id, 'P-' || (1 + i % 2) AS product_code,
            CAST(DATE '2025-01-31' + INTERVAL 1 MONTH * (i // {investors}) AS DATE) AS "on",
            CAST({_draw(22, 9_000_000)} / 100 AS DECIMAL(15, 2)) AS amount FROM range({investors * 20}) AS t (i)""",
        "loans": f"""SELECT 'L' || i AS loan_id, {one_each} AS customer_id, 'mortgage' AS kind, CAST(900000 AS DECIMAL(15, 2)) AS principal,
            CAST(DATE '2026-11-01' - INTERVAL 1 DAY * (i % 3000) AS DATE) AS started_on, DATE '2046-01-01' AS ends_on
            FROM range({customers // 5}) AS t (i)""",
        "app_events": f"""SELECT 'V' || lpad(CAST(i AS VARCHAR), 12, '0') AS event_id, {someone} AS customer_id,
            TIMESTAMPTZ '2024-12-01 00:00:00+08' + INTERVAL 1 SECOND * (i * {_SECONDS} // {transactions}) AS "at",
            CASE WHEN {_draw(23, 10)} = 0 THEN 'login' ELSE 'view' END AS kind,
            ['基金', '理财', '转账', '外汇', '贷款', '首页'][1 + {_draw(24, 6)}] AS page, {_draw(25, 90)} AS seconds
            FROM range({transactions}) AS t (i)""",
        "contacts": f"""SELECT 'K' || i AS contact_id, {someone} AS customer_id,
            TIMESTAMPTZ '2024-12-01 10:00:00+08' + INTERVAL 1 SECOND * (i * {_SECONDS} // {customers * 6}) AS "at",
            'wecom' AS channel, CASE WHEN {_draw(26, 3)} = 0 THEN 'in' ELSE 'out' END AS direction, 'service' AS purpose
            FROM range({customers * 6}) AS t (i)""",
    }


def _managers(customers: int) -> int:
    return max(1, customers // 200)


def _draw(which: int, below: int, of: str = "i") -> str:
    # Numbers that look thrown and are the same every time.
    return f"CAST(hash({of} * 16 + {which}) % {below} AS BIGINT)"
