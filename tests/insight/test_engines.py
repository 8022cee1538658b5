"""The stages give the same on DuckDB, PostgreSQL and Spark: whole numbers, texts, days and money exactly, ratios to 1e-9."""

import math
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from crm.assessing.run import assess
from crm.assessing.stages import STAGES
from domain.errors import BadInput
from tests.conftest import skip_or_fail
from tests.insight.kit import Made

pytestmark = pytest.mark.long(seconds=15)


@pytest.fixture
def facts_only(insight_bank: Made, tmp_path: Path) -> Path:
    """A PEIBAN_DATA with the facts of the shared bank that was not judged yet."""
    shutil.copytree(insight_bank.data / "facts", tmp_path / "data" / "facts")
    return tmp_path / "data"


@pytest.mark.postgres
@pytest.mark.slow
def test_on_postgresql(insight_bank: Made, facts_only: Path, postgres_url: str) -> None:
    assess(facts_only, engine=postgres_url)
    _same(insight_bank, facts_only)
    # Loaded once: what stands there already is not read from the files again, and gives the same.
    for file in (facts_only / "facts").glob("snapshots/*/transactions*.parquet"):
        file.unlink()
    again = assess(facts_only, engine=postgres_url, stages=STAGES[:2])
    assert [stage.rows for stage in again.stages] == [len(insight_bank.rows(stage.name)) for stage in STAGES[:2]]


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("default")  # pandas and PySpark say what will change in versions to come
def test_on_spark(insight_bank: Made, facts_only: Path) -> None:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        skip_or_fail("no Java on this machine")
    assess(facts_only, engine="spark")
    _same(insight_bank, facts_only)


def test_an_engine_that_is_not_there_is_one_line(facts_only: Path) -> None:
    with pytest.raises(BadInput, match="unknown engine 'mysql'"):
        assess(facts_only, engine="mysql://somewhere/bank")
    with pytest.raises(BadInput, match="PostgreSQL does not answer"):
        assess(facts_only, engine="postgresql://nobody@127.0.0.1:1/nothing")


def _same(expected: Made, data: Path) -> None:
    run = f"insight/{expected.day.isoformat()}"
    differences = []
    with duckdb.connect() as connection:
        for stage in STAGES:
            one, other = (_read(connection, root / run / f"{stage.name}.parquet") for root in (expected.data, data))
            assert one[0] == other[0], f"{stage.name}: columns"
            assert len(one[1]) == len(other[1]), f"{stage.name}: rows"
            different = [(mine, theirs) for mine, theirs in zip(one[1], other[1], strict=True) if not _alike(mine, theirs)]
            if different:
                differences.append(f"{stage.name}: {len(different)} of {len(one[1])}, as {different[0]}")
    assert not differences, "\n".join(differences)


def _read(connection: duckdb.DuckDBPyConnection, file: Path) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
    columns = [(row[0], row[1]) for row in connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{file}')").fetchall()]
    listed = ", ".join(f'"{name}"::VARCHAR' if kind.startswith("TIMESTAMP") else f'"{name}"' for name, kind in columns)
    return columns, connection.execute(f"SELECT {listed} FROM read_parquet('{file}')").fetchall()


def _alike(mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> bool:
    return all(
        math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) if isinstance(one, float) and isinstance(other, float) else one == other
        for one, other in zip(mine, theirs, strict=True)
    )
