"""The learned probability in a chat: only of a model that was proven, with reasons that add up; else one line says that there is none."""

import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm.assessing.stages import STAGES
from crm.learning import artefacts
from crm.learning.foretelling import foretell
from crm.learning.run import explain
from tests.insight.kit import TODAY, HandBank, Made

_WANTED = {
    "coverage", "activity_coverage", "activity_weeks", "activity_counts", "activity_peers", "activity_evaluations", "activity",
    "activity_gaps", "our_names", "outflow", "warnings", "cause_evidence", "cause_levels", "causes", "leaving_scores",
}  # fmt: skip
_SHAPES = [
    {"name": "silent_days", "edges": [10.0, 40.0], "levels": [], "scores": [0.0, -1.0, 0.5, 2.0]},
    {"name": "outflow_84", "edges": [5000.0], "levels": [], "scores": [0.0, -0.2, 0.3]},
    {"name": "education", "edges": [], "levels": ["master"], "scores": [0.1, -0.4, 0.0]},
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    bank = HandBank().person("C1", "常在", education="master").person("C2", "久未来")
    for back in range(2, 300, 6):
        bank.paid("C1", TODAY - timedelta(days=back))
        if back > 60:
            bank.paid("C2", TODAY - timedelta(days=back), "-900.00")
    return bank.made(tmp_path_factory.mktemp("learned"), stages=[stage for stage in STAGES if stage.name in _WANTED])


def _keep(data: Path, *, better_from: float | None, auroc_from: float = 0.7, saved_from: float = 0.001, horizon: int = 90) -> None:
    rule: dict[str, Any] | None = None if better_from is None else {"better_from": better_from, "measured": {"auroc": 0.66}}
    figures = {"auroc": 0.78, "auroc_from": auroc_from, "brier_saved_from": saved_from}
    body = {"measured": figures, "rule": rule, "horizon_days": horizon}
    artefacts.keep(data, "churn", body | {"model": {"base": -2.5, "shapes": _SHAPES}})


def test_without_a_better_model_one_line_says_so(made: Made) -> None:
    _keep(made.data, better_from=-0.01)
    assert foretell(made.data, "churn", day=made.day) == 0
    first = made.said("久未来流失概率多少").splitlines()[0]
    assert first.startswith("只按规则判断")
    _keep(made.data, better_from=None, auroc_from=0.48)
    assert foretell(made.data, "churn", day=made.day) == 0
    for chances_no_nearer in ({"saved_from": -0.0001}, {"horizon": 0}):
        _keep(made.data, better_from=0.02, **chances_no_nearer)
        assert foretell(made.data, "churn", day=made.day) == 0


def test_a_proven_model_says_its_figure_first_when_asked_and_adds_up(made: Made) -> None:
    _keep(made.data, better_from=0.02)
    assert foretell(made.data, "churn", day=made.day) == 2
    assert foretell(made.data, "churn", day=made.day - timedelta(days=1)) == 0

    why = explain(made.data, "churn", "C2")
    (row,) = made.of("learned_churn", "C2")
    named = sum(row[f"adds_{place}"] or 0.0 for place in range(1, 5))
    assert row["base"] + named + row["others"] == pytest.approx(why.log_odds, abs=1e-5)
    percent = 100 / (1 + math.exp(-why.log_odds))
    asked, cold, leaves = made.turns("久未来流失的可能性有多大", "久未来为什么被预警", "久未来会不会走")
    first = asked.splitlines()[0]
    assert first.startswith(f"90天内流失的可能性约 {percent:.0f}%：一般客户 8%")
    assert "距上次动账天数 62天 +" in first
    assert "900" not in asked
    assert first in cold.splitlines()[1:]
    assert leaves.startswith(first)

    _keep(made.data, better_from=0.0)  # learned again, and no better than the rule any more
    assert foretell(made.data, "churn", day=made.day) == 0
    assert made.rows("learned_churn") == []
