"""A process compiles a stage of a day once, and again where what it reads has other columns."""

from datetime import date
from pathlib import Path

import pytest
from ibis import Table

from crm.assessing.lately import JudgedLately
from crm.assessing.run import assess
from crm.assessing.stage import Stage
from crm.assessing.workspace import Workspace
from tests.insight.kit import HandBank, Made


class _Stages:
    """Two stages, one over the other and over a part that they share, that count how often they are built."""

    def __init__(self) -> None:
        self.built = 0

    def stages(self, *, wide: bool = False) -> list[Stage]:
        first = Stage(name="first", title="", key=("customer_id",), build=self._wide if wide else self._narrow)
        return [first, Stage(name="second", title="", key=("customer_id",), build=self._second)]

    def _narrow(self, work: Workspace) -> Table:
        self.built += 1
        return self._people(work).select("customer_id", "birth_date")

    def _wide(self, work: Workspace) -> Table:
        self.built += 1
        people = self._people(work).select("customer_id", "birth_date")
        return people.mutate(year=people.birth_date.year().cast("int64"))

    def _second(self, work: Workspace) -> Table:
        self.built += 1
        kept = work.keep(work.result("first").filter(lambda row: row.birth_date.notnull()))
        return kept.inner_join(self._people(work).select("customer_id", "city"), "customer_id")

    def _people(self, work: Workspace) -> Table:
        return work.shared("people", lambda: work.table("customers"))


@pytest.fixture(scope="module")
def banks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two banks, of which the second delivers a feed more and one customer fewer."""
    one = HandBank().person("C1", "张小满", birth_date="1990-01-02", city="溪口").person("C2", "李大雪", birth_date="1980-03-04")
    other = HandBank().person("C3", "王小寒", birth_date="2000-05-06").add("surveys", survey_id="Q1", customer_id="C3", kind="nps")
    other.feeds["surveys"][0] |= {"asked_at": "2026-11-01T09:00:00+08:00"}
    return [bank.made(tmp_path_factory.mktemp("compiled"), stages=[]).data for bank in (one, other)]


def _judged(data: Path, stages: list[Stage], day: date | None = None) -> dict[str, dict[str, object]]:
    made = Made(data, assess(data, stages=stages, day=day).day)
    return {row["customer_id"]: row for row in made.rows("second")}


def test_each_bank_gets_its_own_and_a_day_is_compiled_once(banks: list[Path]) -> None:
    counted = _Stages()
    assert _judged(banks[0], counted.stages()).keys() == {"C1", "C2"}
    assert _judged(banks[1], counted.stages()).keys() == {"C3"}
    assert counted.built == 2
    _judged(banks[1], counted.stages(), date(2026, 11, 2))
    assert counted.built == 4


def test_where_a_result_before_it_has_other_columns_a_stage_is_compiled_again(banks: list[Path]) -> None:
    counted = _Stages()
    assert "year" not in _judged(banks[0], counted.stages())["C1"]
    assert _judged(banks[0], counted.stages(wide=True))["C1"]["year"] == 1990
    assert counted.built == 4


def test_a_stage_that_is_compiled_over_a_known_one_runs_again_for_the_next_customer(banks: list[Path]) -> None:
    counted = _Stages()
    for customer, wanted in (("C1", "first"), ("C1", "second"), ("C2", "second")):
        found = JudgedLately(banks[0], stages=counted.stages()).of(customer, [wanted], day=date(2026, 11, 20))
        assert found is not None
        assert [row["customer_id"] for row in found.rows[wanted]] == [customer]
    assert counted.built == 2
