"""Tables of the data contract read from a bank's folder, and written for a day's delivery."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

Row = dict[str, str]
_MANIFEST = "manifest.json"


def read_rows(folder: Path, feed: str) -> list[Row]:
    """The rows of a feed as text, in whichever format it lies there; none when it is missing. An empty cell is empty text."""
    for ending, read in ((".csv", _read_plain), (".csv.gz", _read_packed), (".parquet", _read_parquet)):
        path = folder / f"{feed}{ending}"
        if path.is_file():
            return read(path)
    return []


def write_delivery(folder: Path, *, bank: str, as_of: date, feeds: Iterable[tuple[str, Sequence[Row]]]) -> None:
    """Write a folder that keeps the contract. A feed without rows is left out; an earlier folder of that name is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MANIFEST).unlink(missing_ok=True)  # written last: a folder without one is not whole
    for old in folder.glob("*.csv"):
        old.unlink()
    for feed, rows in feeds:
        if not rows:
            continue
        with (folder / f"{feed}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    body = {"contract": 2, "bank": bank, "as_of": as_of.isoformat(), "time_zone": "Asia/Shanghai", "source": "online", "sandbox": True}
    (folder / _MANIFEST).write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_json(path: Path, body: object) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)


def bank_name(folder: Path) -> str | None:
    """What the manifest of a bank's folder calls the bank, None where there is no manifest."""
    path = folder / _MANIFEST
    return str(json.loads(path.read_text(encoding="utf-8"))["bank"]) if path.is_file() else None


def whole_deliveries(played: Path) -> list[Path]:
    """The days delivered before, oldest first; what was being written when a play was killed is none."""
    return [path.parent for path in sorted(played.glob(f"day-*/{_MANIFEST}"))]


def _read_plain(path: Path) -> list[Row]:
    return _parsed(path.read_text(encoding="utf-8-sig"))


def _read_packed(path: Path) -> list[Row]:
    return _parsed(gzip.decompress(path.read_bytes()).decode("utf-8-sig"))


def _parsed(text: str) -> list[Row]:
    return [{name: (value or "").strip() for name, value in row.items()} for row in csv.DictReader(io.StringIO(text))]


def _read_parquet(path: Path) -> list[Row]:
    def shown(value: object) -> str:
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    return [{name: shown(value) for name, value in row.items()} for row in pq.read_table(path).to_pylist()]
