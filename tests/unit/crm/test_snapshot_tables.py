"""A fact table of a snapshot is one table, however many files it lies in."""

from pathlib import Path

import duckdb

from crm.measuring.small import present, table_rows, write_rows


def test_a_table_is_read_with_the_parts_beside_it_and_no_other(tmp_path: Path) -> None:
    with duckdb.connect() as work:
        for name, key, batch in (("loans", "L1", 1), ("loans.1", "L2", 2), ("loans.2", "L3", 3), ("loans_of_others", "L4", 4)):
            write_rows(work, tmp_path / f"{name}.parquet", {"id": "VARCHAR", "batch": "INTEGER"}, [{"id": key, "batch": batch}])

        source = table_rows(tmp_path, "loans")
        assert work.execute(f"SELECT id, batch FROM {source} ORDER BY id").fetchall() == [("L1", 1), ("L2", 2), ("L3", 3)]
        assert table_rows(tmp_path, "tax") is None
        assert table_rows(None, "loans") is None


def test_rows_are_put_behind_those_of_the_file_before(tmp_path: Path) -> None:
    columns = {"feed": "VARCHAR", "n": "BIGINT"}
    first, second = tmp_path / "o'ne.parquet", tmp_path / "two.parquet"
    with duckdb.connect() as work:
        write_rows(work, first, columns, [{"feed": "loans", "n": 1}, {"feed": "tax", "n": None}])
        write_rows(work, second, columns, [{"feed": "tax", "n": 2}], after=first)
        write_rows(work, tmp_path / "none.parquet", columns, [])

        assert work.execute(f"SELECT * FROM read_parquet('{second}')").fetchall() == [("loans", 1), ("tax", None), ("tax", 2)]
        assert work.execute(f"SELECT count(*) FROM read_parquet('{tmp_path / 'none.parquet'}')").fetchall() == [(0,)]
    assert present(tmp_path, "missing.parquet") is None
