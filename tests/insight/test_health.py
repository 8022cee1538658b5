"""Health: three dimensions, what is missing, trend and drivers; the same numbers by a second reckoning (F01-F04)."""

import math
import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.assessing.lately import JudgedLately
from crm.assessing.published import PublishedInsight
from crm.assessing.run import assess
from crm.assessing.stages import STAGES
from crm.evaluating.ranking import auroc
from crm.evaluating.resampling import interval
from crm.evaluating.truth import Truth
from crm.health.definitions import definitions
from crm.health.judged import dimension_score, health_of, health_score
from crm.health.nps import nps
from tests.insight.kit import TODAY as DAY
from tests.insight.kit import HandBank, Made

pytestmark = pytest.mark.long(seconds=15)


HEALTH = tuple(stage for stage in STAGES if stage.name == "coverage" or stage.name.startswith("health"))


def _logs_in(bank: HandBank, customer: str, *, now: int, before: int) -> None:
    """`now` days with a login within the last 28, `before` within the 84 before; spread evenly."""
    days = [math.floor(number * 28 / now) for number in range(now)]
    days += [28 + math.floor(number * 84 / before) for number in range(before)]
    for number, back in enumerate(days):
        bank.add(
            "app_events",
            event_id=f"E-{customer}-{number}",
            customer_id=customer,
            at=f"{DAY - timedelta(days=back)}T12:00:00+08:00",
            kind="login",
        )


def _peers(bank: HandBank, *, now: int = 24, before: int = 75, count: int = 30) -> None:
    """Customers who came 25 times in four weeks and then 24 times: 4 % less."""
    for number in range(count):
        bank.person(f"P{number}", f"同{number}")
        _logs_in(bank, f"P{number}", now=now, before=before)
    # The feed is known for long before the baseline.
    bank.add("app_events", event_id="E-0", customer_id="P0", at="2026-01-02T12:00:00+08:00", kind="login")


def test_a_customer_who_always_comes_twice_a_week_is_well_and_one_who_fell_by_half_is_not(tmp_path: Path) -> None:
    bank = HandBank().person("A", "程一苇").person("B", "程二苇")
    _peers(bank)
    _logs_in(bank, "A", now=8, before=24)
    _logs_in(bank, "B", now=9, before=60)
    made = bank.made(tmp_path, stages=HEALTH)
    rows = {row["customer_id"]: row for row in made.rows("health")}
    assert rows["A"]["points_logins"] >= 80
    assert rows["A"]["behaviour"] >= definitions().green
    assert rows["B"]["points_logins"] < definitions().red
    said = made.said("程二苇健康吗")
    assert "登录较本人基线−55%（同类−4%）" in said
    assert "截至 2026-11-23" in said


def test_who_has_few_visits_is_not_judged_by_one_visit_less(tmp_path: Path) -> None:
    bank = HandBank().person("A", "程一苇")
    _peers(bank)
    _logs_in(bank, "A", now=2, before=9)
    row = bank.made(tmp_path, stages=HEALTH).of("health", "A")[0]
    assert row["own_login_change"] == pytest.approx(2 / 3, abs=1e-6)
    assert row["points_logins"] > 60


def test_no_survey_is_no_data_and_its_weight_goes_to_the_others(tmp_path: Path) -> None:
    bank = HandBank().person("A", "程一苇").person("B", "程二苇")
    for customer in "AB":
        for back in range(0, 200, 2):
            bank.paid(customer, DAY - timedelta(days=back))
    bank.add("surveys", survey_id="Q1", customer_id="A", kind="nps", asked_at="2026-10-10T09:00:00+08:00")
    bank.add(
        "surveys",
        survey_id="Q2",
        customer_id="B",
        kind="nps",
        asked_at="2026-10-10T09:00:00+08:00",
        answered_at="2026-10-10T10:00:00+08:00",
        score=2,
    )
    made = bank.made(tmp_path, stages=HEALTH)
    rows = {row["customer_id"]: row for row in made.rows("health")}
    assert rows["A"]["satisfaction"] is None
    assert rows["A"]["points_surveys"] is None
    assert rows["B"]["satisfaction"] == 20
    known = [one for one in definitions().dimensions if rows["A"][one.name] is not None]
    expected = sum(rows["A"][one.name] * one.weight for one in known) / sum(one.weight for one in known)
    assert rows["A"]["score"] == pytest.approx(expected, abs=0.01)
    assert rows["B"]["score"] < rows["A"]["score"]
    assert "满意度 无数据，缺的权重已分给其他项" in made.said("程一苇的健康度")
    assert "无数据" not in made.said("程二苇的健康度怎么样").splitlines()[1]


def test_penetration_counts_kinds_of_products_and_assets_are_daily_averages(tmp_path: Path) -> None:
    bank = HandBank().person("A", "程一苇").person("B", "程二苇")
    for number in range(3):
        bank.add("accounts", account_id=f"T{number}", customer_id="A", opened_on="2026-01-05", matures_on="2027-01-05")
    bank.add("balances", account_id="A-A", on="2026-06-01", balance="1000.00")
    bank.add("balances", account_id="A-A", on=(DAY - timedelta(days=9)).isoformat(), balance="4000.00")
    bank.add("balances", account_id="A-B", on="2026-06-01", balance="0.00")
    rows = {row["customer_id"]: row for row in bank.made(tmp_path, stages=HEALTH).rows("health_measures") if row["days_back"] == 0}
    assert rows["A"]["categories"] == 2
    assert rows["A"]["aum"] == Decimal("2000.00")
    assert rows["A"]["aum_before"] == Decimal("1000.00")
    assert rows["B"]["categories"] == 1


def test_assets_that_nobody_delivered_are_no_data_and_not_the_least(tmp_path: Path) -> None:
    bank = HandBank().person("A", "程一苇")
    for number in range(30):
        bank.person(f"P{number}", f"同{number}").add("balances", account_id=f"A-P{number}", on="2026-06-01", balance=f"{number}00.00")
    rows = {row["customer_id"]: row for row in bank.made(tmp_path, stages=HEALTH).rows("health")}
    assert rows["A"]["points_assets"] is None
    assert rows["P0"]["points_assets"] == 0
    assert rows["P29"]["points_assets"] == 100


def test_a_complaint_and_a_bad_answer_cost_and_are_named(tmp_path: Path) -> None:
    bank = HandBank().person("A", "程一苇").person("B", "程二苇")
    for customer in "AB":
        for number in range(20):
            bank.paid(customer, DAY - timedelta(days=5 * number))
            bank.add(
                "contacts",
                contact_id=f"K-{customer}-{number}",
                customer_id=customer,
                channel="phone",
                direction="out",
                purpose="care",
                at=f"{DAY - timedelta(days=5 * number)}T10:00:00+08:00",
                outcome="answered",
                seconds=90,
            )
    for number in range(3):
        bank.add("complaints", complaint_id=f"X{number}", customer_id="A", opened_at=f"2026-10-0{number + 1}T10:00:00+08:00")
    made = bank.made(tmp_path, stages=HEALTH)
    rows = {row["customer_id"]: row for row in made.rows("health")}
    assert rows["A"]["points_complaints"] < rows["B"]["points_complaints"]
    assert rows["A"]["score"] < rows["B"]["score"]
    assert "近一年投诉 3 次（联系 20 次）" in made.said("程一苇健康吗")


def test_a_bank_that_delivers_nothing_of_it_gets_no_number(tmp_path: Path) -> None:
    bank = HandBank().person("A", "程一苇", account=False)
    made = bank.made(tmp_path, stages=HEALTH)
    assert made.of("health", "A")[0]["score"] is None
    assert "不打分" in made.said("程一苇健康吗")


def test_who_never_complained_has_no_complaints_also_when_judged_alone_on_a_past_day(tmp_path: Path) -> None:
    bank = HandBank().person("A", "程一苇").person("B", "程二苇")
    for customer in ("A", "B"):
        bank.add(
            "contacts", contact_id=f"K-{customer}", customer_id=customer, channel="phone", direction="out", purpose="care",
            outcome="answered", at="2026-03-02T10:00:00+08:00", seconds=60,
        )  # fmt: skip
    bank.add("complaints", complaint_id="X1", customer_id="B", opened_at="2026-04-19T10:00:00+08:00")
    made = bank.made(tmp_path, stages=HEALTH)
    again = JudgedLately(made.data, stages=HEALTH)
    found = again.of("A", ("health",), day=DAY)
    assert found is not None
    assert found.rows["health"] == made.of("health", "A")
    assert found.rows["health"][0]["complaints"] == 0
    before = again.of("A", ("health",), day=date(2026, 4, 1))
    assert before is not None
    assert before.rows["health"][0]["complaints"] is None


def test_the_worst_come_first_with_arrow_and_reason_and_a_number_leads_on(insight_bank: Made) -> None:
    staff = _an_rm(insight_bank)
    said, one = insight_bank.turns("健康度最差的5个客户", "2", by=f"rm:{staff}")
    lines = said.splitlines()
    assert len([line for line in lines if line[:2] in ("1.", "2.", "3.", "4.", "5.")]) == 5
    numbers = [int(line.split("｜")[1].split()[0]) for line in lines[1:6]]
    assert numbers == sorted(numbers)
    assert all(mark in "↑↓→走" for mark in (line.split("｜")[1].split()[2][0] for line in lines[1:6]))
    assert lines[2].split("｜")[0].removeprefix("2. ") in one
    red = insight_bank.said("哪几个客户亮红灯了", by=f"rm:{staff}")
    assert all(" 红 " in line for line in red.splitlines()[1:-1]) if "红灯的客户，健康度低的在前" in red else "没有红灯的客户" in red
    assert "截至" in insight_bank.said("我的客户整体健康度怎么样", by=f"rm:{staff}")


def test_colleagues_customers_are_not_listed(insight_bank: Made) -> None:
    staff = _an_rm(insight_bank)
    report = insight_bank.reports("健康度最差的10个客户", by=f"rm:{staff}")[0]
    shown = {button["payload"].partition(":")[2] for reply in report["replies"] for button in reply["buttons"]}
    files = insight_bank.data.parent / "files"
    both = " UNION ALL ".join(f"SELECT customer_id, rm_id FROM '{files}/{name}.csv'" for name in ("persons", "companies"))
    owners = dict(duckdb.execute(both).fetchall())
    assert shown
    assert {owners[one] for one in shown} == {staff}


def test_every_number_can_be_reckoned_again_from_its_parts(insight_bank: Made) -> None:
    rows = insight_bank.rows("health")
    assert len(rows) > 300
    for row in rows:
        health = health_of(row)
        for one in definitions().dimensions:
            again = dimension_score(one, health.points)
            assert again == pytest.approx(health.dimensions[one.name], abs=0.011)
        assert health_score(health.dimensions) == pytest.approx(health.score, abs=0.011)
        assert sum(driver.lost for driver in health.drivers) <= 100 - (health.score or 0) + 0.1


def test_those_who_are_leaving_step_by_step_stand_lower(insight_folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(insight_folder / "data", data)
    leaving = Truth(insight_folder / "files" / "truth").leaving() or {}
    scores, is_so = [], []
    last = date(2026, 11, 23)
    for back in (0, 35, 70, 105):
        day = last - timedelta(days=back)
        assess(data, day=day, stages=HEALTH)
        for row in PublishedInsight(data).rows("health", on=day):
            spells = leaving.get(row["customer_id"], [])
            if row["score"] is None or any(one.really and one.gone_on and one.gone_on <= day for one in spells):
                continue
            scores.append(-row["score"])
            is_so.append(any(one.shape == "gradual" and one.since <= day - timedelta(days=14) and one.under_way(day) for one in spells))
    so = np.array(is_so)
    span = interval(len(so), lambda drawn: auroc(np.array(scores)[drawn], so[drawn]))
    found = auroc(np.array(scores), so)
    assert so.sum() >= 20
    assert span is not None
    assert found is not None
    # So few leave a bank of 400 that the interval is wide; what must not be is that it says the contrary.
    assert span[0] < found < span[1]
    assert found > 0.5


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 500))
def test_nps_lies_within_its_bounds(promoters: int, detractors: int, passives: int, silent: int) -> None:
    answers = promoters + detractors + passives
    found = nps(promoters=promoters, detractors=detractors, answers=answers, asked=answers + silent)
    if answers == 0:
        assert found is None
        return
    assert found is not None
    assert -100 <= found.score <= 100
    assert found.half >= 0
    assert 0 <= found.silent <= 1


def test_nps_of_the_plan_ten_answers() -> None:
    found = nps(promoters=5, detractors=2, answers=10, asked=40)
    assert found is not None
    assert round(found.score) == 30
    assert round(found.half) == 48
    assert not found.enough
    assert found.silent == 0.75


def _an_rm(bank: Made) -> str:
    files = bank.data.parent / "files"
    row = duckdb.execute(f"SELECT rm_id FROM '{files}/persons.csv' WHERE rm_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1").fetchall()
    return str(row[0][0])
