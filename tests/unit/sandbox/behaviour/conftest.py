"""One such bank for all tests of behaviour."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.unit.sandbox.behaviour.behaviour_bank import Bank, write


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    out = tmp_path_factory.mktemp("behaviour")
    world, people, firms = write(out, 2_000, 80)
    with duckdb.connect() as tables:
        tables.execute("SET TimeZone = 'Asia/Shanghai'")
        for path in [*out.glob("*.parquet"), *(out / "truth").glob("*.parquet")]:
            tables.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet('{path}')")
        yield Bank(world, people, firms, tables)
