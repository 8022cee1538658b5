"""Money laundering, its honest look-alikes, and the watchlist."""

import pytest

from tests.unit.sandbox.behaviour.behaviour_bank import Bank

pytestmark = pytest.mark.slow  # a bank of two thousand


def test_a_few_accounts_launder_and_honest_ones_look_alike(bank: Bank) -> None:
    persons = len(bank.people.number)
    bad = bank.value("SELECT count(*) FROM cases WHERE typology <> 'hard_negative'")
    patterns = {row[0] for row in bank.rows("SELECT DISTINCT typology FROM cases")}

    assert patterns == {
        "structuring",
        "fan_in",
        "fan_out",
        "cycle",
        "rapid_in_out",
        "dormant_awake",
        "cross_border_burst",
        "mule",
        "hard_negative",
    }
    assert 0.001 <= bad / (1.6 * persons) <= 0.01
    assert bank.value("SELECT count(*) FROM cases WHERE since >= until OR until > DATE '2026-11-24'") == 0
    assert bank.value("SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT 1 FROM transactions t WHERE t.account_id = c.account_id)") == 0


def test_alerts_are_the_cases_and_nothing_else(bank: Bank) -> None:
    accounts = "SELECT account_id FROM cases WHERE typology <> 'hard_negative'"

    wrong = f"SELECT count(*) FROM transfers WHERE alert AND from_account NOT IN ({accounts}) AND to_account NOT IN ({accounts})"
    silent = f"SELECT count(*) FROM transfers WHERE NOT alert AND from_account IN ({accounts})"

    assert (bank.value(wrong), bank.value(silent)) == (0, 0)
    assert bank.value("SELECT count(*) FROM transfers WHERE NOT alert") > bank.value("SELECT count(*) FROM transfers WHERE alert") > 0


def test_balances_of_the_second_accounts_are_the_sum_of_their_entries(bank: Bank) -> None:
    wrong = bank.value(
        """WITH ends AS (SELECT account_id, arg_max(balance, "on") AS last, arg_min(balance, "on") AS first, min("on") AS since
            FROM balances GROUP BY 1),
        moved AS (SELECT account_id, sum(amount) AS total FROM transactions t JOIN ends e USING (account_id)
            WHERE CAST(t."at" AS DATE) > e.since GROUP BY 1)
        SELECT count(*) FROM ends LEFT JOIN moved USING (account_id) WHERE last <> first + coalesce(total, 0)"""
    )

    assert wrong == 0
    assert bank.value("SELECT min(balance) FROM balances") >= 0
    assert (
        bank.value('SELECT count(*) FROM transactions t JOIN accounts a USING (account_id) WHERE CAST(t."at" AS DATE) < a.opened_on') == 0
    )


def test_rings_close_and_sleepers_had_slept(bank: Bank) -> None:
    for case, accounts in bank.rows("SELECT case_id, list(account_id) FROM cases WHERE typology = 'cycle' GROUP BY 1"):
        inside = bank.rows(
            f"SELECT from_account, to_account FROM transfers WHERE from_account IN {tuple(accounts)} AND to_account IN {tuple(accounts)}"
        )
        assert (case, {pair[0] for pair in inside}) == (case, set(accounts))
        assert {pair[1] for pair in inside} == set(accounts)
    for name, since in bank.rows("SELECT account_id, since FROM cases WHERE typology = 'dormant_awake'"):
        opened = bank.value(f"SELECT opened_on FROM accounts WHERE account_id = '{name}'")
        first = bank.value(f"SELECT CAST(min(\"at\") AS DATE) FROM transactions WHERE account_id = '{name}'")
        assert first == since
        assert (since - opened).days > 150


def test_the_watchlist_matches_some_and_only_resembles_others(bank: Bank) -> None:
    names = {str(name) for name in bank.people.name}
    entries = bank.rows("SELECT name, id_number FROM watchlist")
    known = [entry for entry in entries if entry[0] in names]

    assert 0 < len(known) < len(entries)
    assert any(entry[1] for entry in known)
    assert any(not entry[1] for entry in entries)
