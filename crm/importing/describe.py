"""The tables of docs/data-contract.md, from the schema. A test compares the page with them."""

from crm.importing.schema import Column, Feed, Type

_HEAD = "| Column | Type | Required | Values | Meaning | Example |\n| --- | --- | --- | --- | --- | --- |"


def describe(feed: Feed) -> str:
    """The section of one feed: what it is, its key, rules between columns, a table of its columns, an example."""
    lines = [f"### {feed.name}", "", feed.meaning, "", f"Key: {', '.join(f'`{name}`' for name in feed.key)}.", "", _HEAD]
    lines += [_line(column) for column in feed.columns]
    if feed.checks:
        lines += ["", "A row is refused when: " + "; ".join(f"{check.reason} (`{check.column}`)" for check in feed.checks) + "."]
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
