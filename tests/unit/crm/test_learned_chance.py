"""A learned probability is said with reasons that add up to it, and with no sum of money."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.learning.told import Chance, Moved, chance_of, saying
from handlers.chance_text import chance_text

_ADDS = st.floats(-2, 2)


def _row(base: float, adds: list[float], others: float) -> dict[str, object]:
    row: dict[str, object] = {"base": base, "others": others, "horizon_days": 90, "model": "m", "auroc": 0.8, "rule_auroc": 0.7}
    names = ["silent_days", "outflow_84", "credit_limit", "app_days_28"]
    for place, (name, add) in enumerate(zip(names, adds, strict=True), start=1):
        row |= {f"feature_{place}": name, f"value_{place}": 1234.5, f"adds_{place}": add}
    return row


@given(base=st.floats(-4, 1), adds=st.lists(_ADDS, min_size=4, max_size=4), others=_ADDS)
def test_the_reasons_add_up_to_the_probability(base: float, adds: list[float], others: float) -> None:
    chance = chance_of(_row(base, adds, others))
    assert chance.probability == pytest.approx(1 / (1 + math.exp(-(base + sum(adds) + others))))
    assert chance.average + sum(one.moves for one in chance.reasons) == pytest.approx(chance.probability)


@given(average=st.floats(0.001, 0.9), moves=st.lists(st.floats(-0.2, 0.2), max_size=5))
def test_what_is_shown_adds_up_as_it_is_shown(average: float, moves: list[float]) -> None:
    ends = average + sum(moves)
    if not 0.001 <= ends <= 0.999 or any(not 0 <= average + sum(moves[:number]) <= 1 for number in range(len(moves))):
        return
    reasons = tuple(Moved(title=f"因素{number}", value="", moves=one) for number, one in enumerate(moves))
    said = chance_text(Chance(probability=ends, average=average, reasons=reasons, horizon_days=90, model="m", auroc=0.8, rule_auroc=None))
    head, _, parts = said.partition("一般客户 ")
    first = float(parts.partition("%")[0])
    steps = [
        float(part.rpartition(" ")[2].split("（")[0].replace("−", "-")) for part in parts.partition("加上")[2].split("，") if " " in part
    ]
    assert first + sum(steps) == pytest.approx(float(head.rpartition("约 ")[2].partition("%")[0]), abs=1e-9)


def test_only_counts_and_ratios_are_said_with_their_value() -> None:
    reasons = {one.title: one.value for one in chance_of(_row(-2, [0.5, 0.4, 0.3, 0.2], 0.1)).reasons}
    assert reasons == {"距上次动账天数": "1234天", "近12周转出": "", "credit_limit": "", "近4周登录天数": "1234天", "其余": ""}
    assert not {"inflow_84", "outflow_84", "spent_364", "usual", "monthly_income"} & set(saying()["values"])
