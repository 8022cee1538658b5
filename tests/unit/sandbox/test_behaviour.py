"""What simulated customers do: the figures of the calibration, and that what is seen goes with what is true."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from sandbox.bank.app import app_events
from sandbox.bank.bought import bought
from sandbox.bank.complaints import complaints
from sandbox.bank.contacts import contacts
from sandbox.bank.entitlements import entitlements
from sandbox.bank.firms import draw_companies
from sandbox.bank.labels import labels
from sandbox.bank.laundering import laundering
from sandbox.bank.outside import outside
from sandbox.bank.people import draw_people
from sandbox.bank.permissions import consents
from sandbox.bank.personas import as_told, as_told_of_companies, large_deposits
from sandbox.bank.population import Companies, People
from sandbox.bank.recordings import recordings
from sandbox.bank.surveys import surveys
from sandbox.bank.watchlist import watchlist
from sandbox.bank.world import World
from sandbox.bank.writing import Folder

pytestmark = pytest.mark.slow  # a bank of two thousand


def _consents(people: People, companies: Companies, world: World, folder: Folder) -> None:
    folder.add("consents", consents(world, 0, people))
    if len(companies.number):
        folder.add("consents", consents(world, 0, companies))


PARTS = (
    _consents,
    app_events,
    contacts,
    complaints,
    surveys,
    entitlements,
    recordings,
    outside,
    laundering,
    watchlist,
    labels,
    bought,
    large_deposits,
)
REACHED = "('read', 'clicked', 'answered', 'replied', 'met', 'refused', 'bought')"


def _world(persons: int, companies: int, seed: int = 7) -> World:
    return World(seed, date(2025, 12, 1), date(2026, 11, 23), persons, companies)


@dataclass(frozen=True)
class Bank:
    """A bank of one chunk that holds only behaviour, and what is true of it."""

    world: World
    people: People
    companies: Companies
    tables: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.tables.execute(query).fetchall()
        return found

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]


def _write(out: Path, persons: int, companies: int, seed: int = 7) -> tuple[World, People, Companies]:
    world = _world(persons, companies, seed)
    people, firms = as_told(draw_people(world, 0, persons), world), as_told_of_companies(draw_companies(world, 0, companies), world)
    with Folder(out, "parquet") as folder:
        for part in PARTS:
            part(people, firms, world, folder)
    return world, people, firms


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    out = tmp_path_factory.mktemp("behaviour")
    world, people, firms = _write(out, 2_000, 80)
    with duckdb.connect() as tables:
        tables.execute("SET TimeZone = 'Asia/Shanghai'")
        for path in [*out.glob("*.parquet"), *(out / "truth").glob("*.parquet")]:
            tables.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet('{path}')")
        yield Bank(world, people, firms, tables)


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*.parquet"))}


def test_the_same_seed_writes_the_same_behaviour_and_another_seed_another(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        _write(tmp_path / name, 300, 12, seed)

    one, three = _digests(tmp_path / "one"), _digests(tmp_path / "three")
    assert one == _digests(tmp_path / "two")
    assert {name for name in one if one[name] == three.get(name)} == set()


def test_a_bank_of_five_has_behaviour_too(tmp_path: Path) -> None:
    _write(tmp_path, 5, 0)

    assert {"app_events.parquet", "contacts.parquet"} <= _digests(tmp_path).keys()


def test_the_app_is_used_as_much_as_measured(bank: Bank) -> None:
    month = """SELECT customer_id, date_trunc('month', "at") AS m, count(*) FILTER (WHERE kind = 'view') AS views,
        count(DISTINCT CAST("at" AS DATE)) AS days FROM app_events WHERE customer_id < 'C900000' GROUP BY ALL"""
    median, high, days = bank.rows(f"SELECT median(views), quantile_cont(views, 0.9), median(days) FROM ({month})")[0]
    shares = dict(bank.rows("SELECT page, count(*) / sum(count(*)) OVER () FROM app_events WHERE kind = 'view' GROUP BY page"))

    assert 43 * 0.85 <= median <= 43 * 1.15
    assert 181 * 0.85 <= high <= 181 * 1.15
    assert days == 5
    assert len(shares) == 29
    assert [round(shares[page], 2) for page in ("首页", "账户总览", "转账", "交易明细")] == pytest.approx(
        [0.36, 0.15, 0.15, 0.08], abs=0.02
    )


def test_events_of_a_session_belong_together_and_a_few_come_twice(bank: Bank) -> None:
    sessions = bank.value("SELECT count(*) FROM (SELECT session_id FROM app_events GROUP BY 1 HAVING count(DISTINCT customer_id) > 1)")
    twice = bank.value("SELECT count(*) - count(DISTINCT event_id) FROM app_events")
    differing = bank.value("SELECT count(*) FROM (SELECT DISTINCT * FROM app_events)") - bank.value(
        "SELECT count(DISTINCT event_id) FROM app_events"
    )

    assert sessions == 0
    assert 0.0005 < twice / bank.value("SELECT count(*) FROM app_events") < 0.002
    assert differing == 0


def test_most_traders_ask_for_rates_again_and_again_and_few_others_do(bank: Bank) -> None:
    often = {
        row[0]
        for row in bank.rows(
            """SELECT customer_id FROM app_events WHERE kind = 'quote' AND page = '外汇牌价' AND "at" > TIMESTAMPTZ '2026-08-25'
            GROUP BY 1 HAVING count(*) >= 6 AND count(DISTINCT date_trunc('week', "at")) >= 3"""
        )
    }
    traders = {
        name for name, trades, gone in zip(bank.companies.ids.to_pylist(), bank.companies.trades, _gone(bank.companies), strict=True)
        if trades and not gone
    }  # fmt: skip
    others = {*bank.companies.ids.to_pylist()} - traders

    assert len(often & traders) >= 0.55 * len(traders)
    assert len(often & others) <= 0.05 * len(others)


def _gone(companies: Companies) -> list[bool]:
    return [shape in (1, 2) for shape in companies.churn_shape.tolist()]


def test_who_leaves_because_of_the_app_met_its_failures_before(bank: Bank) -> None:
    failing = {
        row[0]: row[1]
        for row in bank.rows("SELECT customer_id, count(*) FROM app_events WHERE kind IN ('login_failed', 'crash') GROUP BY 1")
    }
    people = bank.people
    leaves = (people.churn_shape == 1) | (people.churn_shape == 2)
    ids = np.array(people.ids.to_pylist())
    hurt = ids[leaves & (people.churn_cause == "app_failure") & (people.churn_since > bank.world.first_day + 60)]
    others = ids[(people.churn_shape == 0) & (people.app_rate > 0)]

    assert np.mean([failing.get(name, 0) for name in hurt]) > 3 * np.mean([failing.get(name, 0) for name in others])


def test_open_needs_are_looked_for_and_idle_people_look_too(bank: Bank) -> None:
    people = bank.people
    felt = (people.need == "fund_plan") & (people.need_since > bank.world.first_day) & (people.app_rate[people.need_person] > 0)
    felt &= people.churn_shape[people.need_person] == 0
    wishing = set(np.array(people.ids.to_pylist())[people.need_person[felt]])
    looking = {
        row[0] for row in bank.rows("SELECT DISTINCT customer_id FROM app_events WHERE page = '基金' AND seconds > 20 AND item = 'P-108'")
    }

    assert len(wishing & looking) >= 0.4 * len(wishing) > 1
    assert looking - wishing


def test_one_evening_of_the_app_is_missing_and_the_surveys_end_early(bank: Bank) -> None:
    hours = bank.rows(
        """SELECT CAST("at" AS DATE) AS d, count(*) FILTER (WHERE hour("at") BETWEEN 18 AND 20) AS evening, count(*) AS whole
        FROM app_events WHERE "at" > TIMESTAMPTZ '2026-10-20' GROUP BY 1"""
    )
    silent = [day for day, evening, whole in hours if evening == 0 and whole > 100]
    last = bank.value("SELECT CAST(max(asked_at) AS DATE) FROM surveys")

    assert len(silent) == 1
    assert 4 <= (bank.world.as_of - last).days <= 12


def test_contacts_reach_as_many_as_assumed_and_a_tenth_is_held_out(bank: Bank) -> None:
    reach = bank.value(f"SELECT avg(CAST(outcome IN {REACHED} AS INT)) FROM contacts WHERE direction = 'out' AND outcome <> 'held_out'")
    clicks = bank.value("SELECT avg(CAST(outcome = 'clicked' AS INT)) FROM contacts WHERE channel = 'sms' AND outcome <> 'held_out'")
    held = bank.value("SELECT avg(CAST(outcome = 'held_out' AS INT)) FROM contacts WHERE campaign IS NOT NULL AND channel <> 'salon'")
    outside_of_campaigns = bank.value("SELECT count(*) FROM contacts WHERE campaign IS NULL AND outcome = 'held_out'")

    assert 0.25 <= reach <= 0.37
    assert 0.003 <= clicks <= 0.014
    assert 0.08 <= held <= 0.12
    assert outside_of_campaigns == 0
    assert bank.value("SELECT count(*) FROM contacts WHERE outcome = 'invalid' AND channel NOT IN ('sms', 'phone')") == 0
    assert bank.value("SELECT count(*) FROM contacts WHERE direction = 'in'") > 500
    assert bank.value('SELECT count(*) FROM contacts WHERE outcome_at < "at"') == 0


def test_a_campaign_for_a_product_goes_only_to_those_who_allow_marketing(bank: Bank) -> None:
    unwanted = bank.value(
        """SELECT count(*) FROM contacts k WHERE staff_id IS NULL AND direction = 'out' AND purpose = 'marketing' AND coalesce(
        (SELECT arg_max(granted, "at") FROM consents c WHERE c.customer_id = k.customer_id AND purpose = 'marketing' AND c."at" < k."at"),
        false) IS FALSE"""
    )

    assert unwanted == 0
    assert bank.value("SELECT count(*) FROM contacts WHERE staff_id IS NULL AND purpose = 'marketing'") > 1_000


def test_answers_follow_how_readily_somebody_answers(bank: Bank) -> None:
    answered = dict(
        bank.rows("SELECT customer_id, avg(CAST(outcome IN ('answered', 'refused', 'bought') AS INT)) FROM contacts "
                  "WHERE channel = 'phone' AND direction = 'out' GROUP BY 1")
    )  # fmt: skip
    readily = dict(zip(bank.people.ids.to_pylist(), bank.people.response[:, 2].tolist(), strict=True))
    pairs = np.array([(readily[name], share) for name, share in answered.items() if name in readily])

    assert np.corrcoef(pairs.T)[0, 1] > 0.3


def test_complaints_are_few_and_answered_while_somebody_is_there(bank: Bank) -> None:
    months = 12 * (len(bank.people.number) + len(bank.companies.number)) / 1_000
    hours = bank.rows("SELECT DISTINCT hour(acknowledged_at), isodow(acknowledged_at) FROM complaints WHERE acknowledged_at IS NOT NULL")

    assert 2 <= bank.value("SELECT count(*) FROM complaints") / months <= 5
    assert all(9 <= hour < 17 and day <= 5 for hour, day in hours)
    assert bank.value("SELECT count(*) FROM complaints WHERE resolved_at IS NULL") > 0
    assert bank.value("SELECT count(*) FROM complaints WHERE (resolved_at IS NULL) <> (outcome IS NULL)") == 0
    assert bank.value("SELECT count(*) FROM complaints WHERE acknowledged_at < opened_at OR resolved_at < acknowledged_at") == 0


def test_one_in_eight_answers_and_most_would_recommend_the_bank(bank: Bank) -> None:
    answers = bank.value("SELECT count(score) / count(*) FROM surveys")
    score = bank.value(
        "SELECT avg(CASE WHEN score >= 9 THEN 100 WHEN score <= 6 THEN -100 ELSE 0 END) FROM surveys "
        "WHERE kind = 'nps' AND score IS NOT NULL"
    )

    assert 0.08 <= answers <= 0.15
    assert 10 <= score <= 50
    assert bank.value("SELECT count(*) FROM surveys WHERE kind = 'csat' AND score NOT BETWEEN 1 AND 5") == 0
    assert bank.value("SELECT count(*) FROM surveys WHERE (score IS NULL) <> (answered_at IS NULL)") == 0
    assert bank.value("SELECT count(text) FROM surveys") > 20


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
