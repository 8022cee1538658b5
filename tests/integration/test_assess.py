"""The nightly run over a folder of files: stages, publication, what is missing."""

import os
import time
from datetime import date
from pathlib import Path

import pytest
from ibis import Table

from bot.assessing import Assessor, judging
from crm.assessing.published import PublishedInsight
from crm.assessing.run import assess
from crm.assessing.stage import Stage
from crm.assessing.tables import TABLE_NAMES
from crm.assessing.workspace import Workspace
from domain.errors import BadInput
from tests.insight.kit import take_in
from tests.integration.import_kit import HAND_BANK, TODAY, House, copy_of, manifest


def _own_entries(work: Workspace) -> Table:
    table = work.table("transactions")
    own = table.filter(table.initiator == "customer")
    return own.group_by("customer_id").aggregate(entries=own.count(), last_on=own.on.max())


def _everybody(work: Workspace) -> Table:
    for name in TABLE_NAMES:
        assert work.table(name).limit(1).to_pyarrow().column_names == list(work.table(name).columns)
    customers = work.table("customers").select("customer_id")
    return customers.left_join(work.result("own_entries"), "customer_id").select("customer_id", "entries")


_STAGES = (
    Stage(name="own_entries", title="自己的动账", key=("customer_id",), build=_own_entries),
    Stage(name="everybody", title="每一位", key=("customer_id",), build=_everybody),
)


def test_a_run_without_facts_is_refused_with_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no facts yet"):
        assess(tmp_path, stages=_STAGES)


def test_what_was_judged_is_read_by_customer_and_day(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.load(HAND_BANK)
    report = assess(tmp_path, stages=_STAGES)
    assert report.day == TODAY
    insight = PublishedInsight(tmp_path)
    customers = house.ask(lambda book: [one.id for one in book.customers()])
    assert {row["customer_id"] for row in insight.rows("everybody", on=TODAY)} == set(customers)
    (busiest, *_) = insight.rows("own_entries", on=TODAY, order="entries DESC, customer_id")
    assert insight.of("own_entries", busiest["customer_id"], on=date(2030, 1, 1)) == [busiest]
    assert insight.of("own_entries", busiest["customer_id"], on=date(2020, 1, 1)) == []
    assert insight.of("no_such_stage", busiest["customer_id"], on=TODAY) == []
    insight.close()
    house.close()


def test_the_same_day_is_judged_the_same_to_the_byte_and_nothing_later_counts(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.load(HAND_BANK)
    before = date(2026, 9, 30)
    files = []
    for _ in range(2):
        assess(tmp_path, day=before, stages=_STAGES)
        files.append([path.read_bytes() for path in sorted((tmp_path / "insight" / before.isoformat()).iterdir())])
    assert files[0] == files[1]
    insight = PublishedInsight(tmp_path)
    assert all(row["last_on"] <= before for row in insight.rows("own_entries", on=before))
    assert insight.days() == [before]
    with pytest.raises(BadInput, match="nothing can be judged"):
        assess(tmp_path, day=date(2027, 1, 1), stages=_STAGES)
    insight.close()
    house.close()


def test_one_run_at_a_time_and_what_a_killed_one_left_is_swept(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.load(HAND_BANK)
    left = tmp_path / "insight" / ".work" / "built"
    left.mkdir(parents=True)
    (left / "own_entries.parquet").write_bytes(b"half")
    refused = []

    def try_another(_title: str, _number: int) -> None:
        with pytest.raises(BadInput, match="another run") as said:
            assess(tmp_path, stages=_STAGES)
        refused.append(said)

    assess(tmp_path, stages=_STAGES, progress=try_another)
    assert len(refused) == len(_STAGES)
    assert not left.exists()
    house.close()


def test_a_serving_process_judges_new_facts_by_itself(tmp_path: Path) -> None:
    take_in(HAND_BANK, tmp_path)
    insight = PublishedInsight(tmp_path)
    environment = os.environ | {"PEIBAN_DATA": str(tmp_path)}
    with judging(tmp_path, environment=environment, wanted=False):
        assert insight.latest(TODAY) is None
    assessor = Assessor(tmp_path, environment=environment, look_s=0.1)
    assert assessor.is_behind()
    assessor.start()
    deadline = time.monotonic() + 120
    while insight.latest(TODAY) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    assessor.stop()
    assert insight.latest(TODAY) == TODAY
    assert not assessor.is_behind()
    assert insight.rows("features", on=TODAY)
    manifest(corrected := copy_of(HAND_BANK, tmp_path / "later"), source="branch")
    take_in(corrected, tmp_path)
    assert assessor.is_behind()  # the same day from other facts is not judged yet
    insight.close()
