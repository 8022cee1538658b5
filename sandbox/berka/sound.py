"""Whether the files fit each other: a query that joins them would lose what does not, and say nothing."""

import duckdb

# Table, column, the table that must know the value.
_REFERENCES = (
    ("account", "district_id", "district"),
    ("client", "district_id", "district"),
    ("client", "client_id", "disp"),
    ("disp", "client_id", "client"),
    ("disp", "account_id", "account"),
    ("account", "account_id", "owners"),
    ("loan", "account_id", "account"),
    ("order", "account_id", "account"),
    ("trans", "account_id", "account"),
    ("card", "disp_id", "disp"),
)
_KEYS = (
    ("account", "account_id"), ("card", "card_id"), ("client", "client_id"), ("disp", "disp_id"), ("district", "district_id"),
    ("loan", "loan_id"), ("order", "order_id"), ("trans", "trans_id"),
)  # fmt: skip
# Words that decide what a row means; another one must not pass for any of them.
_WORDS = {
    ("account", "frequency"): ("POPLATEK MESICNE", "POPLATEK TYDNE", "POPLATEK PO OBRATU"),
    ("card", "type"): ("junior", "classic", "gold"),
    ("disp", "type"): ("OWNER", "DISPONENT"),
    ("loan", "status"): ("A", "B", "C", "D"),
    ("trans", "type"): ("PRIJEM", "VYDAJ", "VYBER"),
}


def check_source(work: duckdb.DuckDBPyConnection) -> None:
    """Raise ValueError with one line for the first thing that does not fit."""
    for table, column in _KEYS:
        _none(work, f'SELECT {column} FROM "{table}" GROUP BY ALL HAVING count(*) > 1', f"{table}: {column} {{}} comes twice")
    for table, column, other in _REFERENCES:
        lost = f'SELECT {column} FROM "{table}" WHERE {column} IS NULL OR {column} NOT IN (SELECT {column} FROM "{other}")'
        _none(work, lost, f"{table}: {column} {{}} is not in {other}")
    _none(
        work,
        "SELECT account_id FROM disp WHERE type = 'OWNER' GROUP BY ALL HAVING count(*) > 1",
        "disp: account_id {} has more than one owner",
    )
    for (table, column), words in _WORDS.items():
        unknown = f"SELECT {column} FROM \"{table}\" WHERE coalesce({column}, '') NOT IN {words}"
        _none(work, unknown, f"{table}: the {column} {{}} is not known")


def _none(work: duckdb.DuckDBPyConnection, query: str, said: str) -> None:
    found = work.execute(f"{query} ORDER BY 1 LIMIT 1").fetchone()
    if found:
        raise ValueError(said.format(str(found[0])[:40]))
