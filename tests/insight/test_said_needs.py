"""What customers tell of their plans becomes a need of theirs once they agree, and is none any more when they take it back (B15, B06)."""

import pytest

from crm.assessing.stages import STAGES
from tests.insight.kit import NEEDS, HandBank, Made

_NEEDED = {*(stage.name for stage in NEEDS), "tags"}
_ASK = "{}可能需要什么"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Made:
    hand = HandBank()
    for number, name in enumerate(("张伟", "李梅", "王强"), 1):
        hand.person(f"C{number}", name, birth_date="1980-05-05")
    return hand.made(tmp_path_factory.mktemp("said"), stages=tuple(stage for stage in STAGES if stage.name in _NEEDED))


def test_a_plan_counts_after_a_yes_and_not_after_it_was_taken_back(bank: Made) -> None:
    ask = _ASK.format("张伟")
    assert "留学" not in bank.said(ask)
    bank.said("我们家最近在商量，打算后年送女儿出国", by="customer:C1")
    assert "留学" not in bank.said(ask)  # silence is no consent
    bank.said("tell_of_me:yes plans_abroad", by="customer:C1")
    told = bank.said(ask)
    assert "留学金融" in told
    assert "自己说想送孩子出国" in told
    bank.said("别再给我推荐产品了", by="customer:C1")
    assert "留学" not in bank.said(ask)


def test_a_plan_in_other_words_is_kept_beside_the_answer(bank: Made) -> None:
    bank.said("最近一直在看房，首付還差一點", "tell_of_me:yes plans_home", by="customer:C2")
    assert "购房" in bank.said(_ASK.format("李梅"))


def test_somebody_elses_plan_is_nobodys(bank: Made) -> None:
    bank.said("我同事打算送女儿出国", "tell_of_me:yes plans_abroad", by="customer:C3")
    assert "留学" not in bank.said(_ASK.format("王强"))
