"""In which order customers may be leaving: each sign moves it, and what is not known says nothing."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from crm.assessing.stages import STAGES
from tests.insight.kit import TODAY, HandBank, Made

_WANTED = {
    "coverage", "activity_coverage", "activity_weeks", "activity_counts", "activity_peers", "activity_evaluations", "activity",
    "activity_gaps",
    "our_names", "outflow", "warnings", "cause_evidence", "cause_levels", "causes", "leaving_scores",
}  # fmt: skip


def _days(back_from: int, back_to: int, every: int) -> list[date]:
    return [TODAY - timedelta(days=back) for back in range(back_from, back_to, -every)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Six who were alike until eight weeks ago, and one who never had an account with entries."""
    bank = HandBank()
    for number, name in enumerate(("常在", "渐少", "转走", "碰壁", "房款", "欧阳远"), start=1):
        one = f"C{number}"
        bank.person(one, name)
        bank.add("balances", account_id=f"A-{one}", on=TODAY - timedelta(days=300), balance="100000.00")
        for day in _days(280, 56, 2):
            bank.paid(one, day)
        for day in _days(55, 0, 2 if number != 2 else 14):
            bank.paid(one, day)
    other = {"kind": "transfer", "counterparty_bank": "别家银行", "counterparty_account": "9988"}
    for back in (40, 25, 10):
        bank.paid("C3", TODAY - timedelta(days=back), "-20000.00", counterparty="本人他行账户", **other)
        bank.paid("C5", TODAY - timedelta(days=back), "-20000.00", counterparty="置业公司购房款", **other)
        bank.paid("C6", TODAY - timedelta(days=back), "-20000.00", counterparty="歐陽遠", **other)
    for back in (30, 28, 26, 21, 14):
        at = f"{TODAY - timedelta(days=back)}T20:00:00+08:00"
        bank.add("app_events", event_id=f"E{back}", customer_id="C4", at=at, kind="login_failed")
    bank.person("C7", "未见")
    return bank.made(tmp_path_factory.mktemp("scores"), stages=[stage for stage in STAGES if stage.name in _WANTED])


def test_each_sign_moves_the_order_and_a_home_does_not(made: Made) -> None:
    score = {row["customer_id"]: row["score"] for row in made.rows("leaving_scores")}

    assert score["C1"] < 0.1
    assert score["C5"] < min(score["C2"], score["C3"])
    assert min(score["C2"], score["C3"], score["C4"]) > score["C1"] + 0.1
    assert score["C6"] == score["C3"]  # by the customer's own name as by 本人


def test_what_is_not_known_says_nothing(made: Made) -> None:
    (unseen,) = made.of("leaving_scores", "C7")
    assert unseen["score"] == 0
    assert unseen["silence"] is None
    assert unseen["elsewhere"] is None


def test_the_score_is_that_of_its_signs(made: Made) -> None:
    from crm.causes.definitions import definitions

    for row in made.rows("leaving_scores"):
        stays = 1.0
        for name, weight in definitions().score["weights"].items():
            stays *= 1 - weight * (row[name] or 0.0)
        assert row["score"] == pytest.approx(1 - stays, abs=1e-5)


def test_nothing_of_the_future_is_read(made: Made, tmp_path: Path) -> None:
    """Ten days ago the third transfer had not been made."""
    from crm.assessing.run import assess

    early = TODAY - timedelta(days=15)
    assess(made.data, day=early, stages=[stage for stage in STAGES if stage.name in _WANTED])
    (then,) = made.of("leaving_scores", "C3", on=early)
    (now,) = made.of("leaving_scores", "C3")
    assert then["elsewhere"] < now["elsewhere"]
