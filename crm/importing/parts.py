"""The files of one table of a snapshot: `<table>.parquet`, and parts that later deliveries put beside it, `<table>.1.parquet` and on.

No key is in two of them, and each is sorted alike, so a reader takes them as one table and a look-up touches a group or two in each.
"""

from pathlib import Path


def files_of(folder: Path, table: str) -> list[Path]:
    """The files in the order in which they came. None for a table that an older snapshot lacks."""
    first = folder / f"{table}.parquet"
    later = sorted(folder.glob(f"{table}.*.parquet"), key=_number)
    return [first, *later] if first.is_file() else []


def part(folder: Path, table: str, number: int) -> Path:
    """The name of a part."""
    return folder / (f"{table}.{number}.parquet" if number else f"{table}.parquet")


def rows_of(folder: Path, table: str) -> str | None:
    """The table as SQL to select from."""
    files = files_of(folder, table)
    return reading(*files) if files else None


def reading(*files: Path) -> str:
    """Files of one shape as SQL to select from."""
    return f"read_parquet([{', '.join(quoted(file) for file in files)}])"


def quoted(path: Path) -> str:
    """A path as a literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def _number(path: Path) -> int:
    return int(path.name.split(".")[-2])
