"""Entitlements, recordings, facts from outside, labels and what was bought; and the stories of the cast."""

import numpy as np
import pytest

from tests.unit.sandbox.behaviour.behaviour_bank import Bank

pytestmark = pytest.mark.slow  # a bank of two thousand


def test_a_newcomer_gets_a_waiver_and_nothing_is_used_late(bank: Bank) -> None:
    opened = (bank.people.opened_at + 8 * 3_600) // 86_400
    new = {name for name, day in zip(bank.people.ids.to_pylist(), opened.tolist(), strict=True) if day >= bank.world.first_day}
    waived = {
        row[0] for row in bank.rows("SELECT customer_id FROM entitlements WHERE name = '首笔转账免手续费' AND customer_id < 'C900000'")
    }

    assert waived == new
    assert bank.value("SELECT count(*) FROM entitlements WHERE redeemed_at >= expires_on OR redeemed_at < granted_on") == 0
    assert bank.value("SELECT count(redeemed_at) / count(*) FROM entitlements WHERE name = '首笔转账免手续费'") > 0.4
    assert (
        bank.value("SELECT count(*) FROM entitlements WHERE redeemed_at IS NULL AND expires_on BETWEEN '2026-11-24' AND '2026-12-01'") > 0
    )


def test_most_recordings_are_complete_some_lack_a_part_and_some_sales_have_none(bank: Bank) -> None:
    whole, short, weak = bank.rows(
        """SELECT count(*) FILTER (WHERE segments = 'identity;risk_disclosure;consent;signature'),
        count(*) FILTER (WHERE segments <> 'identity;risk_disclosure;consent;signature'),
        count(*) FILTER (WHERE quality < 60) FROM recordings"""
    )[0]
    sold = bank.value("SELECT count(*) FROM outcomes WHERE kind IN ('bought:wealth', 'bought:fund', 'bought:insurance', 'bought:pension')")

    assert whole > short > 0
    assert weak > 0
    assert 0 < whole + short < sold


def test_outside_facts_are_only_of_those_who_allowed_them(bank: Bank) -> None:
    for feed, day in (("registry", "as_of"), ("tax", "month"), ("social_security", "month")):
        without = bank.value(
            f"SELECT count(*) FROM {feed} f WHERE NOT EXISTS (SELECT 1 FROM consents c WHERE c.customer_id = f.customer_id "
            f"AND purpose = '{feed}' AND granted)"
        )
        after = bank.value(
            f"SELECT count(*) FROM {feed} f JOIN consents c ON c.customer_id = f.customer_id AND purpose = '{feed}' AND NOT granted "
            f'WHERE f.{day} > CAST(c."at" AS DATE)'
        )
        assert (feed, without, after) == (feed, 0, 0)
    assert bank.value("SELECT count(*) FROM consents WHERE NOT granted") > 0
    assert {row[0] for row in bank.rows("SELECT DISTINCT grade FROM tax")} == set("ABMCD")
    assert bank.value("SELECT count(*) FROM intellectual_property") > 10


def test_labels_tell_what_is_true(bank: Bank) -> None:
    people, last = bank.people, bank.world.last_day
    left = (
        ((people.churn_shape == 1) | (people.churn_shape == 2)) & (people.churn_gone <= last) & (people.churn_gone >= bank.world.first_day)
    )
    met = set(np.array(people.ids.to_pylist())[people.need_person[people.need_met]])
    buyers = {row[0] for row in bank.rows("SELECT customer_id FROM outcomes WHERE kind LIKE 'bought:%' AND customer_id < 'C900000'")}
    churned = {row[0] for row in bank.rows("SELECT customer_id FROM outcomes WHERE kind = 'churned' AND customer_id < 'C900000'")}
    latest = bank.rows(
        'SELECT o.customer_id FROM outcomes o JOIN app_events a USING (customer_id) WHERE o.kind = \'churned\' AND a."at" >= o."on" LIMIT 1'
    )

    assert churned == set(np.array(people.ids.to_pylist())[left])
    assert buyers
    assert buyers <= met
    assert latest == []


def test_what_was_bought_is_in_the_books(bank: Bank) -> None:
    for kind, books in (
        ("bought:credit_card", "SELECT customer_id, opened_on AS since FROM accounts WHERE kind = 'card'"),
        ("bought:insurance", "SELECT customer_id, \"on\" AS since FROM holdings WHERE product_code IN ('P-401', 'P-402')"),
        ("bought:consumer_loan", "SELECT customer_id, started_on AS since FROM loans WHERE kind = 'consumer'"),
    ):
        sold, missing = bank.rows(
            f"""SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM ({books}) b WHERE b.customer_id = o.customer_id
            AND b.since <= o."on")) FROM outcomes o WHERE kind = '{kind}'"""
        )[0]
        assert (kind, sold > 5, missing) == (kind, True, 0)


def test_instalments_pay_a_loan_back(bank: Bank) -> None:
    whole = bank.rows(
        """SELECT principal, months, paid FROM (SELECT loan_id, any_value(l.principal) AS principal, count(*) AS months,
        sum(principal_part) AS paid FROM repayments r JOIN loans l USING (loan_id) WHERE l.kind = 'business' GROUP BY 1)
        WHERE months = 12"""
    )

    assert whole
    assert all(abs(principal - paid) <= 1 for principal, _, paid in whole)
    assert bank.value("SELECT count(*) FROM repayments WHERE due_amount < principal_part OR due_on <= DATE '2025-12-01'") == 0


def test_the_cast_does_what_the_documents_tell(bank: Bank) -> None:
    people, companies, last = bank.people, bank.companies, bank.world.last_day
    events = {(str(people.ids[int(place)]), str(event)) for place, event in zip(people.event_person, people.event, strict=True)}
    failures = bank.value("SELECT count(*) FROM app_events WHERE customer_id = 'C000016' AND kind IN ('login_failed', 'crash', 'error')")
    quotes = bank.value("SELECT count(*) FROM app_events WHERE customer_id = 'C900001' AND kind = 'quote' AND page = '外汇牌价'")
    licences = dict(
        bank.rows("SELECT customer_id, bool_or(trade_licence) FROM registry WHERE customer_id IN ('C900001', 'C900003') GROUP BY 1")
    )

    assert {("C000002", "wedding"), ("C000014", "wedding"), ("C000006", "birth"), ("C000004", "job_change")} <= events
    assert (int(people.partner[1]), int(people.partner[13])) == (13, 1)
    assert int((people.opened_at[3] + 8 * 3_600) // 86_400) == last - 40
    assert people.rate[14] == 0
    assert people.wealth[14] > 1_000_000
    assert bank.value("SELECT sum(balance) FROM balances WHERE account_id LIKE 'A000015%'") >= 2_000_000
    assert failures >= 3
    assert quotes >= 6
    assert licences == {"C900001": True, "C900003": False}
    assert bank.value("SELECT count(*) FROM intellectual_property WHERE customer_id = 'C900004'") >= 6
    assert np.sum(companies.link_buyer == 1) >= 5
    assert bank.value("SELECT count(*) FROM app_events WHERE customer_id = 'C000006' AND page = '母婴专区' AND seconds > 20") > 0
    assert bank.value("SELECT count(*) FROM app_events WHERE customer_id = 'C000017' AND page = '出国金融' AND seconds > 20") > 0
