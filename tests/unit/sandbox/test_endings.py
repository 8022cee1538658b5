"""Some customers die and some companies are wound up: the same story in every feed, and nothing of theirs comes afterwards."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sandbox.bank.command import generate

pytestmark = [pytest.mark.slow, pytest.mark.long(seconds=10)]  # few die in a year: a bank of thousands over two

AS_OF = date(2026, 11, 23)
# What a customer does or says, or is done to them while the relation lasts, by feed: the day of it.
DOINGS = {
    "app_events": 'CAST("at" AS DATE)',
    "contacts": 'CAST("at" AS DATE)',
    "complaints": "CAST(opened_at AS DATE)",
    "surveys": "CAST(asked_at AS DATE)",
    "entitlements": "greatest(granted_on, CAST(redeemed_at AS DATE))",
    "recordings": "CAST(started_at AS DATE)",
    "consents": 'CAST("at" AS DATE)',
    "risk_assessments": "assessed_on",
    "assignments": "since",
    "tax": "month",
    "social_security": "month",
    "attributes": "as_of",
    "outcomes": '"on"',
    "loans": "started_on",
    "holdings": '"on"',
    "accounts": "opened_on",
    "persons": "identified_on",
    "companies": "identified_on",
    "needs": "since",
}


class Bank:
    """The files of a bank as tables; `ended` are those who died or were wound up, and the day."""

    def __init__(self, folder: Path, tables: duckdb.DuckDBPyConnection) -> None:
        self._tables = tables
        tables.execute("SET TimeZone = 'Asia/Shanghai'")
        for path in [*folder.glob("*.csv"), *folder.glob("*.parquet"), *(folder / "truth").iterdir()]:
            tables.execute(f"CREATE VIEW {path.name.partition('.')[0]} AS SELECT * FROM '{path}'")
        tables.execute(
            """CREATE TABLE ended AS SELECT customer_id, kind AS ending, "on" AS day FROM life_events WHERE kind IN ('death', 'wound_up')"""
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._tables.execute(query).fetchall()
        return found

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    folder = tmp_path_factory.mktemp("endings")
    generate(out=folder, as_of=AS_OF, customers=4_000, companies=400, months=24, seed=5)
    with duckdb.connect() as tables:
        yield Bank(folder, tables)


def test_the_bank_sees_who_died_and_which_companies_are_closed(bank: Bank) -> None:
    said = dict(bank.rows("SELECT status, count(*) FROM persons GROUP BY 1"))
    died = bank.value("SELECT count(*) FROM ended WHERE ending = 'death'")
    wound_up = bank.value("SELECT count(*) FROM ended WHERE ending = 'wound_up'")

    assert 5 < said["deceased"] == died < 40
    assert bank.value("SELECT count(*) FROM persons JOIN ended USING (customer_id) WHERE status <> 'deceased'") == 0
    assert wound_up > 5
    assert bank.value("SELECT count(*) FROM companies JOIN ended USING (customer_id) WHERE status <> 'closed'") == 0
    assert bank.value("SELECT count(*) FROM companies WHERE status = 'closed'") > wound_up  # some left for another bank
    assert bank.value("SELECT count(*) FROM companies WHERE status = 'active'") > 300


@pytest.mark.parametrize("feed", DOINGS)
def test_nothing_is_done_by_or_to_who_is_no_more(bank: Bank, feed: str) -> None:
    assert bank.rows(f"SELECT t.* FROM {feed} AS t JOIN ended AS e USING (customer_id) WHERE {DOINGS[feed]} >= e.day") == []


def test_what_moves_on_the_accounts_afterwards_moves_by_itself_until_they_are_closed(bank: Bank) -> None:
    later = """SELECT t.kind, t.initiator, t.memo FROM transactions AS t JOIN accounts USING (account_id) JOIN ended AS e USING
        (customer_id)
        WHERE CAST(t."at" AS DATE) >= e.day AND NOT t.reversal"""
    closed = "SELECT a.closed_on, customer_id, day FROM accounts AS a JOIN ended USING (customer_id) WHERE a.closed_on IS NOT NULL"

    assert {(kind, by) for kind, by, _ in bank.rows(f"{later} AND memo IS DISTINCT FROM '销户'")} <= {
        ("fee", "bank"),
        ("interest", "bank"),
        ("repayment", "bank"),
    }
    assert bank.value(f"SELECT count(DISTINCT customer_id) FROM ({closed}) WHERE closed_on > day") > 10
    assert bank.value('SELECT count(*) FROM transactions JOIN accounts USING (account_id) WHERE CAST("at" AS DATE) >= closed_on') == 0
    left = """SELECT arg_max(balance, "on") AS balance FROM balances JOIN accounts USING (account_id)
        WHERE kind = 'deposit' AND closed_on IS NOT NULL GROUP BY account_id"""
    assert bank.value(f"SELECT max(abs(balance)) FROM ({left})") == 0


def test_who_closed_the_accounts_is_closed_and_the_other_way_round(bank: Bank) -> None:
    gone = """SELECT customer_id FROM persons WHERE status = 'closed'
        UNION SELECT customer_id FROM companies WHERE status = 'closed' EXCEPT SELECT customer_id FROM ended"""
    main = "SELECT customer_id, closed_on FROM accounts WHERE kind = 'deposit' AND account_id LIKE '%01'"

    assert bank.value(f"SELECT count(*) FROM ({main}) JOIN ({gone}) USING (customer_id) WHERE closed_on IS NULL") == 0
    ended = "customer_id IN (SELECT customer_id FROM ended)"
    assert bank.value(f"SELECT count(*) FROM ({main}) WHERE closed_on IS NOT NULL AND NOT {ended} AND customer_id NOT IN ({gone})") == 0


def test_those_who_stay_behind_know(bank: Bank) -> None:
    both = "relations AS r JOIN ended AS e ON e.customer_id IN (r.customer_id, r.related_id)"

    assert bank.value(f"SELECT count(*) FROM {both} WHERE r.kind IN ('spouse', 'parent', 'supplier', 'buyer') AND until IS NULL") == 0
    assert bank.value("SELECT count(*) FROM relations AS r JOIN ended AS e ON e.customer_id = r.related_id WHERE r.kind = 'owner'") == 0
    widowed = "SELECT p.marital_status FROM persons AS p JOIN life_events AS l USING (customer_id) WHERE l.kind = 'bereavement'"
    assert {status for (status,) in bank.rows(widowed)} <= {"widowed", None}
    assert bank.value(f"SELECT count(*) FROM ({widowed})") > 0


def test_an_ending_is_no_leaving_and_the_register_says_so_too(bank: Bank) -> None:
    assert bank.value("SELECT count(*) FROM churn JOIN ended USING (customer_id)") == 0
    assert bank.value("SELECT count(*) FROM outcomes JOIN ended USING (customer_id) WHERE outcomes.kind = 'churned'") == 0
    assert bank.value("SELECT count(*) FROM ceilings JOIN ended USING (customer_id) WHERE target = 'churn' AND percent > 0") == 0
    register = "SELECT status, as_of >= day AS later FROM registry JOIN ended USING (customer_id)"
    assert bank.value(f"SELECT count(*) FROM ({register}) WHERE later AND status <> 'cancelled'") == 0
    assert bank.value(f"SELECT count(*) FROM ({register}) WHERE later") > 0


def test_both_sides_of_a_payment_among_companies_are_there(bank: Bank) -> None:
    """Money that one customer sends to another arrives: nobody pays a company that has closed."""
    sent = """SELECT t.transaction_id, t.counterparty_account AS other, t."at", t.amount FROM transactions AS t
        WHERE t.memo = '货款' AND t.counterparty_account LIKE 'A%' AND t.amount < 0 AND NOT t.reversal"""
    alone = f"""SELECT count(DISTINCT s.transaction_id) FROM ({sent}) AS s
        LEFT JOIN transactions AS g ON g.account_id = s.other AND g."at" = s."at" AND g.amount = -s.amount WHERE g.account_id IS NULL"""

    assert bank.value(f"SELECT count(*) FROM ({sent})") > 1_000
    assert bank.value(alone) / bank.value(f"SELECT count(*) FROM ({sent})") < 0.01
