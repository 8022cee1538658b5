"""A day judged again is the same to the byte, whatever came after it."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from crm.assessing.engine import duckdb_over
from crm.assessing.run import assess
from crm.assessing.stages import STAGES
from crm.importing.snapshots import FactsFolder
from tests.insight.kit import Made

pytestmark = pytest.mark.long(seconds=10)


_DAY = date(2026, 8, 31)


def _written(data: Path, day: date) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((data / "insight" / day.isoformat()).glob("*.parquet"))}


@pytest.mark.slow
def test_what_came_after_the_day_changes_nothing(insight_bank: Made, tmp_path: Path) -> None:
    """What happened later is cut off from the facts: the run of the day writes the same bytes as over all of them.

    Two runs apart, so that it also shows that a day is judged the same again.
    """
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for copy in (whole, cut):
        shutil.copytree(insight_bank.data / "facts", copy / "facts")
    facts = FactsFolder(cut / "facts")
    current = facts.current()
    assert current is not None
    folder = facts.snapshot(current.snapshot)
    with duckdb_over(folder, memory="1GB", threads=2) as (connection, _):
        for table in ("transactions", "app_events", "balances", "contacts", "complaints"):
            for path in [*folder.glob(f"{table}.parquet"), *folder.glob(f"{table}/**/*.parquet")]:
                day = "opened_on" if table == "complaints" else '"on"'
                kept = path.with_suffix(".cut")
                connection.raw_sql(f"COPY (SELECT * FROM read_parquet('{path}') WHERE {day} <= DATE '{_DAY}') TO '{kept}' (FORMAT parquet)")
                kept.rename(path)
    assess(whole, day=_DAY)
    assess(cut, day=_DAY)
    over_all, over_cut = _written(whole, _DAY), _written(cut, _DAY)
    assert set(over_all) == {stage.name for stage in STAGES}
    assert [name for name, content in over_all.items() if over_cut[name] != content] == []
