"""The folder `truth/` of a simulated bank, read as the contract describes it. Each file may be missing: then nothing is known of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from crm.importing.feeds import FORMATS
from crm.importing.feeds.truth import TRUTH
from crm.importing.parts import quoted
from crm.importing.schema import Feed, Type
from domain.errors import BadInput

_SQL = {Type.DATE: "DATE", Type.RATE: "DOUBLE", Type.BOOLEAN: "BOOLEAN"}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Somebody who leaves, or only looks so. `gone_on` is the day from which nothing comes any more."""

    shape: str
    since: date
    gone_on: date | None

    @property
    def really(self) -> bool:
        """Not a false alarm."""
        return self.shape != "false_alarm"

    def under_way(self, day: date) -> bool:
        """Whether it had begun by the day and was not over."""
        return self.since <= day and (self.gone_on is None or self.gone_on > day)


class Truth:
    """What is true of a simulated bank. A question to a file that is not there is answered by None."""

    def __init__(self, folder: Path) -> None:
        self._rows = {feed.name: _read(feed, folder) for feed in TRUTH}
        self.files = tuple(name for name, rows in self._rows.items() if rows is not None)

    def stages(self, day: date) -> dict[str, str] | None:
        """The stage of life of each person on the day."""
        rows = self._rows["stages"]
        if rows is None:
            return None
        known = sorted((row["since"], row["customer_id"], row["stage"]) for row in rows if row["since"] <= day)
        return {customer_id: stage for _, customer_id, stage in known}

    def needs(self, day: date) -> dict[str, set[str]] | None:
        """The needs that are open on the day, of those who have any."""
        rows = self._rows["needs"]
        if rows is None:
            return None
        found: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row["since"] <= day and (row["until"] is None or row["until"] > day):
                found[row["customer_id"]].add(row["need"])
        return dict(found)

    def leaving(self) -> dict[str, list[Leaving]] | None:
        """Every time that each customer left or looked so."""
        rows = self._rows["churn"]
        if rows is None:
            return None
        found: dict[str, list[Leaving]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row["customer_id"], row["since"])):
            found[row["customer_id"]].append(Leaving(shape=row["shape"], since=row["since"], gone_on=row["gone_on"]))
        return dict(found)

    def answers(self) -> dict[tuple[str, str], float] | None:
        """The probability that a customer answers by a channel."""
        rows = self._rows["responses"]
        if rows is None:
            return None
        return {(row["customer_id"], row["channel"]): row["percent"] / 100 for row in rows if row["percent"] is not None}

    def ceiling(self, target: str) -> dict[str, dict[str, float]] | None:
        """What the best scorer could say: by customer the probability of each thing of a kind (`need`, `churn`, `stage`)."""
        rows = self._rows["ceilings"]
        if rows is None:
            return None
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for row in rows:
            kind, _, what = row["target"].partition(":")
            if kind == target:
                found[row["customer_id"]][what] = row["percent"] / 100
        return dict(found)


def _read(feed: Feed, folder: Path) -> list[Row] | None:
    found = [folder / f"{feed.name}{ending}" for ending in FORMATS if (folder / f"{feed.name}{ending}").is_file()]
    if not found:
        return None
    if len(found) > 1:
        raise BadInput(f"{' and '.join(path.name for path in found)} of {folder.name} are the same; leave one of them")
    (file,) = found
    reader = (
        f"read_parquet({quoted(file)})" if file.suffix == ".parquet" else f"read_csv({quoted(file)}, all_varchar = true, header = true)"
    )
    with duckdb.connect() as connection:
        try:
            present = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()]
            rows = connection.execute(f"SELECT {', '.join(_cell(column, present) for column in feed.columns)} FROM {reader}").fetchall()
        except duckdb.Error as fault:
            raise BadInput(f"{folder.name}/{file.name} cannot be read: {str(fault).splitlines()[0][:120]}") from None
    missing = [column.name for column in feed.columns if column.required and column.name not in present]
    if missing:
        raise BadInput(f"{folder.name}/{file.name} has no column {missing[0]}")
    names = [column.name for column in feed.columns]
    needed = [column.name for column in feed.columns if column.required]
    return [row for values in rows if _whole(row := dict(zip(names, values, strict=True)), needed)]


def _cell(column: Any, present: Sequence[str]) -> str:
    kind = _SQL.get(column.type, "VARCHAR")
    if column.name not in present:
        return f'CAST(NULL AS {kind}) AS "{column.name}"'
    return f"""TRY_CAST(nullif(trim(CAST("{column.name}" AS VARCHAR)), '') AS {kind}) AS "{column.name}\""""


def _whole(row: Row, needed: Sequence[str]) -> bool:
    return all(row[name] is not None for name in needed)
