"""The files as they came: `*.asc` or `*.asc.gz`, separated by semicolons, latin-1, days as YYMMDD."""

from pathlib import Path

import duckdb

_WHOLE = "CAST({0} AS INTEGER)"
_MONEY = "CAST({0} AS DECIMAL(15, 2))"
_TEXT = "nullif(trim({0}), '')"
_DAY = "CAST(strptime('19' || left({0}, 6), '%Y%m%d') AS DATE)"
# The month of a woman's birth number has 50 added.
_BORN = "make_date(1900 + CAST({0}[1:2] AS INTEGER), CAST({0}[3:4] AS INTEGER) % 50, CAST({0}[5:6] AS INTEGER))"
_GENDER = "CASE WHEN CAST({0}[3:4] AS INTEGER) > 50 THEN 'female' ELSE 'male' END"

#: Table -> (our name, column of the file, how it is read).
_TABLES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "account": (
        ("account_id", "account_id", _WHOLE),
        ("district_id", "district_id", _WHOLE),
        ("frequency", "frequency", _TEXT),
        ("opened_on", "date", _DAY),
    ),
    "card": (("card_id", "card_id", _WHOLE), ("disp_id", "disp_id", _WHOLE), ("type", "type", _TEXT), ("issued_on", "issued", _DAY)),
    "client": (
        ("client_id", "client_id", _WHOLE),
        ("district_id", "district_id", _WHOLE),
        ("birth_date", "birth_number", _BORN),
        ("gender", "birth_number", _GENDER),
    ),
    "disp": (
        ("disp_id", "disp_id", _WHOLE),
        ("client_id", "client_id", _WHOLE),
        ("account_id", "account_id", _WHOLE),
        ("type", "type", _TEXT),
    ),
    "district": (("district_id", "A1", _WHOLE), ("name", "A2", _TEXT), ("region", "A3", _TEXT)),
    "loan": (
        ("loan_id", "loan_id", _WHOLE),
        ("account_id", "account_id", _WHOLE),
        ("granted_on", "date", _DAY),
        ("amount", "amount", _MONEY),
        ("months", "duration", _WHOLE),
        ("payment", "payments", _MONEY),
        ("status", "status", _TEXT),
    ),
    "order": (
        ("order_id", "order_id", _WHOLE),
        ("account_id", "account_id", _WHOLE),
        ("bank_to", "bank_to", _TEXT),
        ("account_to", "account_to", _TEXT),
        ("amount", "amount", _MONEY),
        ("k_symbol", "k_symbol", _TEXT),
    ),
    "trans": (
        ("trans_id", "trans_id", _WHOLE),
        ("account_id", "account_id", _WHOLE),
        ("day", "date", _DAY),
        ("type", "type", _TEXT),
        ("operation", "operation", _TEXT),
        ("amount", "amount", _MONEY),
        ("balance", "balance", _MONEY),
        ("k_symbol", "k_symbol", _TEXT),
        ("bank", "bank", _TEXT),
        # Cash of two forms carries the account 0: no other side.
        ("account", "account", "nullif(" + _TEXT + ", '0')"),
    ),
}


def read_source(work: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Read the eight tables. A table may lie in several files, and its name may go on before `.asc`, as of a part of the entries.

    Raises ValueError with one line for a table without a file and for a file that is not what it should be.
    """
    for name, columns in _TABLES.items():
        files = sorted((*folder.glob(f"{name}*.asc"), *folder.glob(f"{name}*.asc.gz")))
        if not files:
            raise ValueError(f"{folder} has no {name}*.asc or {name}*.asc.gz")
        try:
            _read(work, name, columns, [str(file) for file in files])
        except duckdb.Error as fault:
            raise ValueError(f"{name}: {' '.join(str(fault).split())[:160]}") from None


def _read(work: duckdb.DuckDBPyConnection, name: str, columns: tuple[tuple[str, str, str], ...], files: list[str]) -> None:
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    raw = f"read_csv([{listed}], delim = ';', header = true, quote = '\"', encoding = 'latin-1', all_varchar = true)"
    there = work.sql(f"FROM {raw}").columns
    missing = [column for _, column, _ in columns if column not in there]
    if missing:
        raise ValueError(f"{name}: the columns {', '.join(missing)} are missing")
    read = ", ".join(f"{how.format(_quoted(column))} AS {_quoted(ours)}" for ours, column, how in columns)
    work.execute(f'CREATE TABLE "{name}" AS SELECT {read} FROM {raw}')


def _quoted(name: str) -> str:
    return f'"{name}"'
