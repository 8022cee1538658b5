"""Every row of a feed judged in one statement: types, values, references, rules between columns, duplicates.

`raw_<feed>` (texts) becomes `checked_<feed>` (typed columns, `g`, `problem`). `problem` is NULL for a row that is taken, else the
number of the first thing that is wrong with it. References look into `known_<feed>` (see `references`).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from crm.importing.feeds import TIME_ZONE
from crm.importing.schema import MONEY_DIGITS, Column, Feed, Type

REPEATED = -1  # an equal row came before: dropped without a word
CONFLICT = -2


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
    Type.ID: r"[^\s\x00-\x1f]+",
    Type.DATE: r"\d{4}-\d{2}-\d{2}",
    Type.INSTANT: r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})",
    Type.MONEY: rf"[+-]?\d{{1,{MONEY_DIGITS}}}(\.\d{{1,2}}0*)?",
    Type.RATE: r"[+-]?\d{1,5}(\.\d{1,4}0*)?",
    Type.INTEGER: r"[+-]?\d{1,9}",
    Type.BOOLEAN: r"(?i)true|false",
}
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


def check(work: duckdb.DuckDBPyConnection, feed: Feed, problems: tuple[Problem, ...]) -> None:
    """Create `checked_<feed>`."""
    texts = ", ".join(f'nullif(trim("{column.name}"), \'\') AS "{column.name}"' for column in feed.columns)
    typed = ", ".join(f'"{column.name}" AS "{column.name} text", {_typed(column)} AS "{column.name}"' for column in feed.columns)
    results = ", ".join(f'{_with_default(column)} AS "{column.name}"' for column in feed.columns)
    cases = " ".join(f"WHEN {problem.fails} THEN {number}" for number, problem in enumerate(problems))
    joins = " ".join(_join(feed, column) for column in feed.columns)
    work.execute(
        f"""CREATE TABLE checked_{feed.name} AS
        WITH texts AS (SELECT g, {texts} FROM raw_{feed.name}), typed AS (SELECT g, {typed} FROM texts)
        SELECT g, CAST(CASE {cases} END AS INTEGER) AS problem, {results} FROM typed {joins}"""
    )
    _mark_duplicates(work, feed)


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
    key = ", ".join(f'"{name}"' for name in feed.key)
    whole = ", ".join(f'"{column.name}"' for column in feed.columns)
    work.execute(
        f"""UPDATE checked_{feed.name} AS c SET problem = CASE WHEN later.same THEN {REPEATED} ELSE {CONFLICT} END
        FROM (
            SELECT g, row({whole}) IS NOT DISTINCT FROM first_value(row({whole})) OVER by_key AS same, row_number() OVER by_key AS place
            FROM checked_{feed.name}
            WHERE problem IS NULL AND ({key}) IN (
                SELECT ({key}) FROM checked_{feed.name} WHERE problem IS NULL GROUP BY {key} HAVING count(*) > 1
            )
            WINDOW by_key AS (PARTITION BY {key} ORDER BY g)
        ) AS later
        WHERE later.g = c.g AND later.place > 1"""
    )


def _value_problems(column: Column, as_of: date) -> list[Problem]:
    name, text = f'"{column.name}"', f'"{column.name} text"'
    found: list[tuple[str, str]] = []
    if column.required:
        found.append(("missing", f"{text} IS NULL"))
    if column.type in _PATTERNS:
        found.append((f"not {_WANTED[column.type]}", f"{text} IS NOT NULL AND {name} IS NULL"))
    else:
        found.append(("a line break or control character inside; is a quote left open?", f"regexp_matches({text}, '[\\x00-\\x1f\\x7f]')"))
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


def _typed(column: Column) -> str:
    if column.type in (Type.TEXT, Type.LIST):
        return f'"{column.name}"'
    fits = f"regexp_full_match(\"{column.name}\", '{_PATTERNS[column.type]}')"
    return f'CASE WHEN {fits} THEN TRY_CAST("{column.name}" AS {_SQL_TYPES[column.type]}) END'


def _with_default(column: Column) -> str:
    return f"coalesce(\"{column.name}\", '{column.default}')" if column.default else f'"{column.name}"'
