"""Every row of a feed judged in one statement: types, values, references, rules between columns, duplicates.

Only what is wrong is written down: `problems_<feed>` has `g` and the number of the first thing that is wrong with the row. All other rows
are `taken_<feed>`, a view with typed columns over the file: however large it is, it is read and never copied. References look into
`known_<feed>`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from crm.importing.feeds import TIME_ZONE
from crm.importing.reading import RawFile
from crm.importing.schema import MONEY_DIGITS, Column, Feed, Type

REPEATED = -1  # an equal row came before: dropped without a word
CONFLICT = -2
CYCLE = -3  # see `crm.importing.cycles`


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What can be wrong with a row, and the column to blame."""

    column: str
    reason: str
    fails: str


_SQL_TYPES = {
    Type.ID: "VARCHAR",
    Type.TEXT: "VARCHAR",
    Type.LIST: "VARCHAR",
    Type.DATE: "DATE",
    Type.INSTANT: "TIMESTAMPTZ",
    Type.MONEY: "DECIMAL(15, 2)",
    Type.RATE: "DECIMAL(9, 4)",
    Type.INTEGER: "INTEGER",
    Type.BOOLEAN: "BOOLEAN",
}
# A cast alone would round 1.239 to 1.24 and take 'yes' for true: the written form is judged first.
_PATTERNS = {
    Type.DATE: r"\d{4}-\d{2}-\d{2}",
    Type.INSTANT: r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})",
    Type.MONEY: rf"[+-]?\d{{1,{MONEY_DIGITS}}}(\.\d{{1,2}}0*)?",
    Type.RATE: r"[+-]?\d{1,5}(\.\d{1,4}0*)?",
    Type.INTEGER: r"[+-]?\d{1,9}",
    Type.BOOLEAN: r"(?i)true|false",
}
# Of a column with few values DuckDB asks GLOB once a value, a regular expression once a row.
_CONTROL = "('*[' || chr(0) || '-' || chr(31) || chr(127) || ']*')"
_BLANK = "('*[' || chr(0) || '-' || chr(32) || ']*')"
_MOST = 999_999_999  # the largest whole number, as the pattern has it
_WANTED = {
    Type.ID: "an id without blanks",
    Type.DATE: "a day as 2026-11-23",
    Type.INSTANT: "an instant with offset, as 2026-11-23T09:30:00+08:00",
    Type.MONEY: f"an amount: up to {MONEY_DIGITS} digits and 2 decimals, no separators",
    Type.RATE: "a percentage with up to 4 decimals",
    Type.INTEGER: "a whole number",
    Type.BOOLEAN: "true or false",
}


def problems_of(feed: Feed, *, as_of: date, unchecked: frozenset[str]) -> tuple[Problem, ...]:
    """Everything that can be wrong with a row of the feed. References to a feed in `unchecked` are taken on trust."""
    values = [problem for column in feed.columns for problem in _value_problems(column, as_of)]
    references = [
        Problem(
            column=column.name,
            reason=f"unknown in {column.refers}",
            fails=f'"{column.name}" IS NOT NULL AND {_row_of(feed, column)} IS NULL',
        )
        for column in feed.columns
        if column.refers and column.refers not in unchecked
    ]
    apart = [
        Problem(column=column.name, reason=f"an id of {column.apart_from}", fails=f"{column.apart_from} IS NOT NULL")
        for column in feed.columns
        if column.apart_from
    ]
    rules = [Problem(column=check.column, reason=check.reason, fails=check.fails) for check in feed.checks]
    return (*values, *references, *apart, *rules)


def check(work: duckdb.DuckDBPyConnection, raw: RawFile, problems: tuple[Problem, ...]) -> None:
    """Create `problems_<feed>` and `taken_<feed>`."""
    feed = raw.feed
    clean = ", ".join(f'{_cleaned(column, raw.stored)} AS "{column.name}"' for column in feed.columns)
    typed = ", ".join(
        f'"{column.name}" AS "{column.name} text", {_typed(column, raw.stored)} AS "{column.name}"' for column in feed.columns
    )
    work.execute(f"CREATE VIEW typed_{feed.name} AS SELECT g, {typed} FROM (SELECT g, {clean} FROM raw_{feed.name})")
    cases = " ".join(f"WHEN {problem.fails} THEN {number}" for number, problem in enumerate(problems))
    joins = " ".join(_join(feed, column) for column in feed.columns)
    work.execute(
        f"""CREATE TABLE problems_{feed.name} AS SELECT g, problem FROM (
            SELECT g, CAST(CASE {cases} END AS INTEGER) AS problem FROM typed_{feed.name} AS typed {joins}
        ) WHERE problem IS NOT NULL"""
    )
    results = ", ".join(f'{_with_default(column)} AS "{column.name}"' for column in feed.columns)
    work.execute(
        f"""CREATE VIEW taken_{feed.name} AS SELECT g, {results} FROM typed_{feed.name} AS typed
        WHERE NOT EXISTS (SELECT 1 FROM problems_{feed.name} AS bad WHERE bad.g = typed.g)"""
    )
    _mark_duplicates(work, feed)


def take_nothing(work: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Create the empty `taken_<feed>` of a feed that was not delivered."""
    columns = ", ".join(f'"{column.name}" {_SQL_TYPES[column.type]}' for column in feed.columns)
    work.execute(f"CREATE TABLE taken_{feed.name} (g BIGINT, {columns})")


def _join(feed: Feed, column: Column) -> str:
    other = column.refers or column.apart_from
    if other is None:
        return ""
    # The other row comes as one value: its columns cannot be mistaken for ours.
    named = _row_of(feed, column)
    other_rows = f'(SELECT id AS "id of {named}", other AS {named} FROM known_{other} AS other)'
    return f'LEFT JOIN {other_rows} ON "id of {named}" = typed."{column.name}"'


def _row_of(feed: Feed, column: Column) -> str:
    """The name of the row that a column refers to: that of its feed, for the first column that refers there."""
    other = column.refers or column.apart_from
    first = next(one for one in feed.columns if other in (one.refers, one.apart_from))
    return str(other) if first is column else f"{other}_of_{column.name}"


def _mark_duplicates(work: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    # Nearly always no key comes twice, and then a number per row is all that is kept of it.
    key = ", ".join(f'"{name}"' for name in feed.key)
    work.execute(f"CREATE TEMP TABLE suspects AS SELECT hash({key}) AS h FROM taken_{feed.name} GROUP BY h HAVING count(*) > 1")
    if work.execute("SELECT 1 FROM suspects LIMIT 1").fetchall():
        whole = ", ".join(f'"{column.name}"' for column in feed.columns)
        work.execute(
            f"""CREATE TEMP TABLE again AS SELECT g, CASE WHEN same THEN {REPEATED} ELSE {CONFLICT} END AS problem FROM (
                SELECT g, row({whole}) IS NOT DISTINCT FROM first_value(row({whole})) OVER by_key AS same, row_number() OVER by_key AS place
                FROM taken_{feed.name} WHERE hash({key}) IN (SELECT h FROM suspects)
                WINDOW by_key AS (PARTITION BY {key} ORDER BY g)
            ) WHERE place > 1"""
        )
        work.execute(f"INSERT INTO problems_{feed.name} SELECT * FROM again")
        work.execute("DROP TABLE again")
    work.execute("DROP TABLE suspects")


def _value_problems(column: Column, as_of: date) -> list[Problem]:
    name, text = f'"{column.name}"', f'"{column.name} text"'
    found: list[tuple[str, str]] = []
    if column.required:
        found.append(("missing", f"{text} IS NULL"))
    if column.type in _WANTED:
        found.append((f"not {_WANTED[column.type]}", f"{text} IS NOT NULL AND {name} IS NULL"))
    else:
        found.append(("a line break or control character inside; is a quote left open?", f"{text} GLOB {_CONTROL}"))
    if column.allowed:
        listed = ", ".join(f"'{value}'" for value in column.allowed)
        found.append((f"not one of {', '.join(column.allowed)}", f"{name} NOT IN ({listed})"))
    elif column.type in (Type.ID, Type.TEXT, Type.LIST):
        found.append((f"longer than {column.longest} characters", f"length({text}) > {column.longest}"))
    if column.minimum is not None:
        found.append((f"below {column.minimum}", f"{name} < {column.minimum}"))
    if column.maximum is not None:
        found.append((f"above {column.maximum}", f"{name} > {column.maximum}"))
    if column.past:
        found.append((f"after {as_of}, the day of the delivery", _after(column, as_of)))
    return [Problem(column=column.name, reason=reason, fails=fails) for reason, fails in found]


def _after(column: Column, as_of: date) -> str:
    if column.type is Type.DATE:
        return f"\"{column.name}\" > DATE '{as_of}'"
    return f"\"{column.name}\" >= TIMESTAMPTZ '{as_of + timedelta(days=1)} 00:00:00 {TIME_ZONE}'"


def _cleaned(column: Column, stored: dict[str, str]) -> str:
    if stored.get(column.name, "VARCHAR") == "VARCHAR":
        return f"nullif(trim(\"{column.name}\"), '')"
    return f'"{column.name}"'


def _typed(column: Column, stored: dict[str, str]) -> str:
    name, there = f'"{column.name}"', stored.get(column.name, "VARCHAR")
    if column.type in (Type.TEXT, Type.LIST):
        return name
    if column.type is Type.ID:
        return f"CASE WHEN NOT {name} GLOB {_BLANK} THEN {name} END"
    if there == "VARCHAR":
        fits = f"regexp_full_match({name}, '{_PATTERNS[column.type]}')"
        return f"CASE WHEN {fits} THEN TRY_CAST({name} AS {_SQL_TYPES[column.type]}) END"
    if column.type is Type.BOOLEAN:
        return name
    if column.type in (Type.DATE, Type.INSTANT):
        # Parquet also holds infinity and years that nobody could write down.
        first, last = (f"{_SQL_TYPES[column.type]} '{year}-01-01'" for year in ("0001", "9999"))
        return f"CASE WHEN {name} >= {first} AND {name} < {last} THEN {name} END"
    if column.type is Type.INTEGER:
        return f"CASE WHEN {name} BETWEEN {-_MOST} AND {_MOST} THEN CAST({name} AS INTEGER) END"
    # A cast alone would round 1.239 to 1.24.
    wanted = f"TRY_CAST({name} AS {_SQL_TYPES[column.type]})"
    return f"CASE WHEN {wanted} = {name} THEN {wanted} END"


def _with_default(column: Column) -> str:
    return f"coalesce(\"{column.name}\", '{column.default}')" if column.default else f'"{column.name}"'
