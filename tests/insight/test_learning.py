"""Learning from what became of customers: no future, no outcome among the features, figures that are those of rows never seen."""

import argparse
import hashlib
import json
import math
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import learn as command
from config.settings import Settings
from crm.learning.additive import Additive, fit
from crm.learning.artefacts import current
from crm.learning.definitions import definitions
from crm.learning.history import days_of, end_of, in_play
from crm.learning.leaks import Why
from crm.learning.measuring import auroc, difference, flagged, measured
from crm.learning.run import Asked, explain, learn, learn_each
from crm.learning.samples import NotEnoughHistory, Part, parted
from tests.insight.kit import TODAY, HandBank, take_in

pytestmark = pytest.mark.long(seconds=15)


_KNOWN = date(2026, 8, 31)


def _chance(number: int, salt: int) -> float:
    """A number in [0, 1) that looks like chance and is the same in every run."""
    return int.from_bytes(hashlib.sha256(f"{number}/{salt}".encode()).digest()[:6], "big") / 2**48


def _brought(customers: int, *, days: Callable[[int], date] = lambda _: _KNOWN, late: bool = False, kind: str = "churned") -> HandBank:
    """Customers as a public table has them: who calls often and does little leaves more often."""
    bank = HandBank()
    for number in range(customers):
        customer, calls, actions = f"C{number:05d}", int(_chance(number, 1) * 7), int(20 + _chance(number, 2) * 100)
        leaves = _chance(number, 3) < 1 / (1 + math.exp(-(0.8 * calls - 0.06 * actions)))
        bank.person(customer, f"客户{number}", account=False)
        on = days(number)
        values = {
            "calls": calls,
            "actions": actions if number % 9 else None,
            "card": "蓝金白"[number % 3],
            "duration": 600 if leaves else 60 + number % 30,
            "Attrition_Flag": leaves,
            "score_of_closing": 0.9 if leaves else 0.1,
            "gender": "男女"[number % 2],
            "CLIENTNUM": 70000 + number,
        }
        for name, value in values.items():
            if value is not None:
                bank.add("attributes", customer_id=customer, as_of=on, name=name, value=value)
        if leaves:
            bank.add("outcomes", customer_id=customer, kind=kind, on=on - timedelta(days=1) if late else on + timedelta(days=20))
    return bank


def _taken(bank: HandBank, root: Path) -> Path:
    take_in(bank.write(root / "files"), root / "data")
    return root / "data"


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _taken(_brought(600), tmp_path_factory.mktemp("brought"))


def test_a_table_with_outcomes_is_learned_without_what_knows_the_outcome(brought: Path) -> None:
    learned = learn(brought, "churn")
    assert {one.name: one.why for one in learned.left_out if one.why is not Why.EMPTY} == {
        "Attrition_Flag": Why.NAMED,
        "duration": Why.NAMED,
        "score_of_closing": Why.TOO_GOOD,
        "gender": Why.NOT_JUDGED_BY,
        "CLIENTNUM": Why.IDENTITY,
    }
    assert {name for name, _ in learned.weights[:2]} == {"calls", "actions"}
    assert learned.model_figures.auroc_from > 0.7
    assert learned.model_figures.brier is not None
    assert learned.model_figures.brier_of_rate is not None
    assert learned.model_figures.brier < learned.model_figures.brier_of_rate
    assert learned.rule_figures is None
    assert (learned.split, learned.learned_rows + learned.model_figures.rows) == ("customers", 600)


def test_what_a_bank_vouches_for_is_used(brought: Path) -> None:
    assert "score_of_closing" in dict(learn(brought, "churn", Asked(keep=["score_of_closing"])).weights)


def test_the_same_facts_make_the_same_model_and_the_reasons_add_up_to_its_chance(brought: Path) -> None:
    first, second = learn(brought, "churn"), learn(brought, "churn")
    assert first == second
    found = current(brought, "churn")
    assert found is not None
    assert found[0] == first.model
    assert Additive.from_json(json.loads(json.dumps(found[2].as_json()))) == found[2]
    chances = []
    for number in range(0, 40, 10):
        why = explain(brought, "churn", f"C{number:05d}")
        assert why.probability == pytest.approx(1 / (1 + math.exp(-why.log_odds)), abs=1e-6)
        assert why.log_odds == pytest.approx(why.base + sum(reason.adds for reason in why.reasons))
        chances.append(why.probability)
    assert len(set(chances)) > 2
    assert any(reason.value == "无数据" for reason in explain(brought, "churn", "C00009").reasons)


def test_attributes_that_lie_after_the_outcome_are_refused_in_one_line(tmp_path: Path) -> None:
    data = _taken(_brought(300, late=True), tmp_path)
    with pytest.raises(NotEnoughHistory, match="all lie after it") as refused:
        learn(data, "churn")
    assert "\n" not in str(refused.value)


def test_leads_on_their_own_days_are_measured_on_the_latest(tmp_path: Path) -> None:
    bank = _brought(500, days=lambda number: date(2026, 3, 1) + timedelta(days=number // 4), kind="term_deposit")
    learned = learn(_taken(bank, tmp_path), "leads")
    assert learned.split == "time"
    assert learned.model_figures.rows == pytest.approx(150, abs=8)
    assert "duration" not in dict(learned.weights)
    assert learned.model_figures.auroc > 0.7


@pytest.mark.parametrize("target", ["churn", "leads", "needs"])
def test_a_bank_without_history_is_told_so_in_one_line(tmp_path: Path, target: str) -> None:
    data = _taken(HandBank().person("C1", "周明").paid("C1", TODAY), tmp_path)
    with pytest.raises(NotEnoughHistory, match=r"^not enough history: ") as refused:
        learn_each(data, target) if target == "needs" else learn(data, target)
    assert "\n" not in str(refused.value)


def test_too_few_who_left_teach_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughHistory, match=r"\d+ of \d+ rows to learn from had the outcome"):
        learn(_taken(_brought(60), tmp_path), "churn")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred customers who buy every one to six weeks, each until a day of their own; the bank books interest for ever."""
    bank = HandBank()
    for number in range(300):
        customer = f"C{number:04d}"
        bank.person(customer, f"客户{number}")
        step = 7 + int(_chance(number, 5) * 35)
        until = 330 if number % 3 else int(_chance(number, 6) * 310)
        for day in range(0, 330, step):
            if day <= until:
                bank.paid(customer, TODAY - timedelta(days=330 - day))
        for month in range(11):
            bank.paid(customer, TODAY - timedelta(days=30 * month), "1.00", initiator="bank", kind="interest")
    return _taken(bank, tmp_path_factory.mktemp("shop"))


def test_silence_is_learned_where_no_outcome_is_told_and_interest_is_no_sign_of_life(shop: Path) -> None:
    learned = learn(shop, "churn")
    assert (learned.labelled_by, learned.split, learned.horizon_days) == ("silence", "time", 90)
    assert learned.model_figures.positives > 5
    assert learned.model_figures.auroc > 0.6
    beside = learned.rule_figures
    assert beside is not None
    assert beside.measured.flagged.share == beside.model_alike.share
    assert beside.better == pytest.approx(learned.model_figures.auroc - beside.measured.auroc, abs=2e-4)
    assert not any(name.startswith("rule_") for name, _ in learned.weights)


def test_the_command_says_it_for_people_and_for_machines(brought: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    run = command.configure(parser, "learn")
    house = Settings(data=brought)
    assert run(parser.parse_args(["churn"]), house) == 0
    said = capsys.readouterr().out
    assert "没有用（名字说明它是结果或事后才知道）：Attrition_Flag、duration" in said
    assert "没有可比的规则" in said
    assert run(parser.parse_args(["churn", "--json"]), house) == 0
    (body,) = json.loads(capsys.readouterr().out)["learned"]
    assert body["model"] in said
    assert run(parser.parse_args(["churn", "--customer", "C00001"]), house) == 0
    assert "calls" in capsys.readouterr().out


@given(history=st.integers(0, 900), horizon=st.one_of(st.none(), st.integers(14, 200)), by_silence=st.booleans())
def test_nothing_is_learned_from_a_day_whose_outcome_came_after_the_day_that_is_measured(
    history: int, horizon: int | None, by_silence: bool
) -> None:
    first = TODAY - timedelta(days=history)
    days, ahead = days_of(TODAY, first, horizon, by_silence=by_silence)
    assert days == sorted(set(days))
    assert all(day + timedelta(days=ahead) <= days[-1] for day in days[:-1])
    assert all(day + timedelta(days=ahead) <= TODAY for day in days)
    assert all((day - first).days >= definitions().history_days for day in days)
    assert bool(days) == (history >= ahead + definitions().history_days)


def test_who_only_just_came_or_was_silent_already_cannot_leave_by_silence() -> None:
    columns = {
        "silent_days": np.array([10.0, 10.0, 120.0, np.nan, 10.0]),
        "transactions_364": np.array([5.0, 1.0, 5.0, 0.0, 5.0]),
        "tenure_days": np.array([400.0, 20.0, 400.0, 400.0, np.nan]),
    }
    part = Part(days=[TODAY] * 5, customers=["老", "新", "沉默", "没来过", "不详"], columns=columns, labels=np.zeros(5))
    assert in_play(part, None, day=TODAY, horizon=90, purchases=False).tolist() == [True, False, False, False, True]
    assert in_play(part, None, day=TODAY, horizon=90, purchases=True).all()


@given(st.integers(0, 400))
def test_silence_after_the_entries_stopped_says_nothing(gap: int) -> None:
    last = TODAY - timedelta(days=gap)
    assert end_of(TODAY, last) == (last if gap > definitions().step_days else TODAY)
    assert end_of(TODAY, None) == TODAY


_rows = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=4, max_size=60)


@settings(deadline=None)  # the first example imports scipy
@given(_rows)
def test_the_area_is_the_share_of_pairs_in_order(rows: list[tuple[bool, int]]) -> None:
    labels, scores = np.array([float(one) for one, _ in rows]), np.array([float(score) for _, score in rows])
    pairs = [(a, b) for one, a in rows if one for other, b in rows if not other]
    if not pairs:
        assert math.isnan(auroc(labels, scores))
        return
    assert auroc(labels, scores) == pytest.approx(sum((a > b) + 0.5 * (a == b) for a, b in pairs) / len(pairs))
    better, low, high = difference(labels, scores, scores)
    assert math.isnan(better) or (better, low, high) == (0.0, 0.0, 0.0)


@given(_rows, st.floats(0.05, 1.0))
def test_flagging_never_exceeds_the_share_and_finds_all_when_all_are_flagged(rows: list[tuple[bool, int]], share: float) -> None:
    labels, scores = np.array([float(one) for one, _ in rows]), np.array([float(score) for _, score in rows])
    found = flagged(labels, scores, share=share)
    assert found.share <= share + 1e-4
    everybody = flagged(labels, scores, share=1.0)
    assert everybody.precision == pytest.approx(labels.mean(), abs=1e-4)
    assert everybody.recall == (1.0 if labels.any() else 0.0)


def test_an_average_for_everybody_is_calibrated_and_orders_nothing() -> None:
    labels = np.array([1.0, 0.0, 0.0, 0.0] * 25)
    figures = measured(labels, np.full(100, 0.25), share=0.15, probabilities=True)
    assert (figures.auroc, figures.brier, figures.brier_of_rate) == (0.5, 0.1875, 0.1875)
    assert figures.flagged.precision == 0.25


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10_000), st.integers(120, 400))
def test_a_model_adds_up_and_a_missing_value_is_not_zero(seed: int, rows: int) -> None:
    random = np.random.default_rng(seed)
    number, word = random.normal(size=rows), np.array(["甲", "乙", None], dtype=object)[random.integers(0, 3, rows)]
    number[random.random(rows) < 0.2] = np.nan
    labels = (random.random(rows) < np.where(np.isnan(number), 0.8, 0.3)).astype(np.float64)
    labels[:2] = (0.0, 1.0)
    columns = {"number": number, "word": word}
    chosen = np.array([parted(str(row), 0.2, salt="test") for row in range(rows)])
    chosen[:2] = False
    model = fit(columns, labels, chosen=chosen, rules=definitions().model).model
    assert model.log_odds(columns) == pytest.approx(model.base + model.contributions(columns).sum(axis=1))
    chances = model.probability(columns)
    assert ((chances > 0) & (chances < 1)).all()
    assert len({round(float(one), 9) for one in chances[np.isnan(number) & (word == "甲")]}) <= 1  # nothing but the features counts
