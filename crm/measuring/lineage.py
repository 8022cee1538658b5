"""Where rows came from: every row of a fact table has the number of its import, and this table says what that import was."""

import duckdb

from crm.measuring.batch import Batch
from crm.measuring.small import present, write_rows

FILE = "deliveries.parquet"
COLUMNS = {
    "batch": "INTEGER",
    "digest": "VARCHAR",
    "bank": "VARCHAR",
    "source": "VARCHAR",
    "as_of": "DATE",
    "imported_at": "VARCHAR",
    "feed": "VARCHAR",
    "file": "VARCHAR",
    "rows": "BIGINT",
    "taken": "BIGINT",
    "repeated": "BIGINT",
    "rejected": "BIGINT",
}


def write_lineage(work: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add this import to the list of imports."""
    manifest = batch.delivery.manifest
    rows = [
        {
            "batch": batch.number,
            "digest": batch.delivery.digest,
            "bank": manifest.bank,
            "source": manifest.source,
            "as_of": manifest.as_of,
            "imported_at": batch.at.isoformat(),
            "feed": report.feed,
            "file": report.file,
            "rows": report.rows,
            "taken": report.taken,
            "repeated": report.repeated,
            "rejected": report.rejected,
        }
        for report in batch.reports
    ]
    write_rows(work, batch.built / FILE, COLUMNS, rows, after=present(batch.before, FILE))
