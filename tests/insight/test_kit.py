"""The kit of these tests: what a test writes is what the bank then knows, and can be asked."""

from datetime import date
from pathlib import Path

from crm.assessing.stages import STAGES
from tests.insight.kit import HandBank, Made


def test_a_bank_of_two_is_taken_in_judged_and_asked(tmp_path: Path) -> None:
    bank = HandBank().person("C1", "张小满", birth_date="1990-05-01").company("C2", "溪口竹器有限公司").paid("C1", "2026-11-20")
    made = bank.made(tmp_path)
    assert made.day == date(2026, 11, 23)
    assert made.taken is not None
    assert (made.taken.taken, made.taken.rejected) == (7, 0)
    assert "张小满" in made.said("张小满的概况")


def test_the_shared_bank_was_judged_whole(insight_bank: Made) -> None:
    folder = insight_bank.data / "insight" / insight_bank.day.isoformat()
    assert {path.stem for path in folder.glob("*.parquet")} == {stage.name for stage in STAGES}
