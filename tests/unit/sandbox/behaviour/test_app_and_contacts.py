"""What customers do in the app and with the bank: the figures of the calibration, and that what is seen goes with what is true."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from sandbox.bank.population import Companies
from tests.unit.sandbox.behaviour.behaviour_bank import Bank, write

pytestmark = pytest.mark.slow  # a bank of two thousand

REACHED = "('read', 'clicked', 'answered', 'replied', 'met', 'refused', 'bought')"


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*.parquet"))}


def _gone(companies: Companies) -> list[bool]:
    return [shape in (1, 2) for shape in companies.churn_shape.tolist()]


def test_the_same_seed_writes_the_same_behaviour_and_another_seed_another(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        write(tmp_path / name, 300, 12, seed)

    one, three = _digests(tmp_path / "one"), _digests(tmp_path / "three")
    assert one == _digests(tmp_path / "two")
    assert {name for name in one if one[name] == three.get(name)} == set()


def test_a_bank_of_five_has_behaviour_too(tmp_path: Path) -> None:
    write(tmp_path, 5, 0)

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
