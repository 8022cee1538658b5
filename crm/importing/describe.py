"""The tables of docs/data-contract.md and the whole of docs/data-contract.json, from the schema. A test compares.

`python -m crm.importing.describe` writes both anew.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from crm.importing.feeds import CONTRACT_VERSION, FEEDS, FORMATS, TIME_ZONE
from crm.importing.feeds.truth import TRUTH
from crm.importing.schema import Column, Feed, Type

_DOCS = Path(__file__).parents[2] / "docs"

_HEAD = "| Column | Type | Required | Values | Meaning | Example |\n| --- | --- | --- | --- | --- | --- |"


def describe(feed: Feed) -> str:
    """The section of one feed: what it is, its key, rules between columns, a table of its columns, an example."""
    lines = [f"### {feed.name}", "", feed.meaning, "", f"Key: {', '.join(f'`{name}`' for name in feed.key)}.", "", _HEAD]
    lines += [_line(column) for column in feed.columns]
    if feed.checks:
        lines += ["", "A row is refused when: " + "; ".join(f"{check.reason} (`{check.column}`)" for check in feed.checks) + "."]
    if feed.acyclic:
        kinds = " and ".join(f"`{kind}`" for kind in feed.acyclic)
        lines += ["", f"Of the kinds {kinds}, those that hold on the day of the delivery form no circle; the rows of one are refused."]
    lines += ["", "```csv", ",".join(column.name for column in feed.columns), example_row(feed), "```"]
    return "\n".join(lines) + "\n"


def example_row(feed: Feed) -> str:
    """A row that the import takes, as CSV."""
    return ",".join(column.example for column in feed.columns)


def _line(column: Column) -> str:
    required = "yes" if column.required else f"no, `{column.default}` if missing" if column.default else "no"
    cells = (f"`{column.name}`", column.type.value, required, _values(column), column.meaning, column.example and f"`{column.example}`")
    return "| " + " | ".join(cells) + " |"


def _values(column: Column) -> str:
    parts = []
    if column.allowed:
        parts.append(", ".join(f"`{value}`" for value in column.allowed))
    elif column.type in (Type.ID, Type.TEXT, Type.LIST):
        parts.append(f"≤ {column.longest} characters")
    if column.minimum is not None:
        parts.append(f"≥ {column.minimum}")
    if column.maximum is not None:
        parts.append(f"≤ {column.maximum}")
    if column.refers:
        parts.append(f"a key of {column.refers}")
    if column.apart_from:
        parts.append(f"no key of {column.apart_from}")
    if column.past:
        parts.append("not after `as_of`")
    return "; ".join(parts)


def as_json() -> str:
    """The contract for machines: whoever writes files, a generator or an export, reads columns, types and values here."""
    body = {
        "contract": CONTRACT_VERSION,
        "time_zone": TIME_ZONE,
        "formats": FORMATS,
        "feeds": [_record(feed) for feed in FEEDS],
        "truth": [_record(feed) for feed in TRUTH],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _record(feed: Feed) -> dict[str, object]:
    columns = [{name: value for name, value in asdict(column).items() if value not in (None, "", False, ())} for column in feed.columns]
    rules = [{"column": check.column, "reason": check.reason} for check in feed.checks]
    return {"name": feed.name, "meaning": feed.meaning, "key": feed.key, "columns": columns, "rules": rules}


def page(written: str) -> str:
    """The page with its tables made anew; what stands before them is written by hand."""
    head, _, _ = written.partition("## Feeds\n")
    return f"{head}## Feeds\n\n{_sections(FEEDS)}\n## Truth\n\n{_TRUTH}\n\n{_sections(TRUTH)}"


def _sections(feeds: Sequence[Feed]) -> str:
    return "\n".join(describe(feed) for feed in feeds)


_TRUTH = """A simulated bank may come with a folder `truth/`: what it knows of itself and never shows. Nothing of it is imported;
`evaluate bank` measures against it. Files are CSV or Parquet as above, and each may be missing."""

if __name__ == "__main__":
    contract = _DOCS / "data-contract.md"
    contract.write_text(page(contract.read_text(encoding="utf-8")), encoding="utf-8")
    (_DOCS / "data-contract.json").write_text(as_json(), encoding="utf-8")
