"""The feeds of docs/data-contract.json, as columns with the types of Parquet."""

from sandbox.contract import contract

_TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "list": "VARCHAR",
    "date": "DATE",
    "instant": "TIMESTAMP WITH TIME ZONE",
    "money": "DECIMAL(15, 2)",
    "rate": "DECIMAL(9, 4)",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
}


class Contract:
    """What a folder may hold: feeds in the order of the contract, each with its key and its columns."""

    def __init__(self) -> None:
        said = contract()
        self.version: int = said["contract"]
        self.time_zone: str = said["time_zone"]
        self.formats: tuple[str, ...] = tuple(said["formats"])
        self._feeds = {feed["name"]: feed for feed in said["feeds"]}

    @property
    def feeds(self) -> tuple[str, ...]:
        return tuple(self._feeds)

    def select(self, feed: str, query: str, columns: list[str]) -> str:
        """The query with each column cast to its type, the rows in the order of the key.

        Raises ValueError for a column that the feed does not have and for a required one that is missing.
        """
        known = {column["name"]: column for column in self._feeds[feed]["columns"]}
        wrong = [name for name in columns if name not in known]
        wrong += [name for name, column in known.items() if column.get("required") and name not in columns]
        if wrong:
            raise ValueError(f"{feed}: the columns {', '.join(wrong)} do not fit the contract")
        cast = ", ".join(f'CAST("{name}" AS {_TYPES[known[name]["type"]]}) AS "{name}"' for name in columns)
        key = ", ".join(f'"{name}"' for name in self._feeds[feed]["key"])
        return f"SELECT {cast} FROM ({query}) ORDER BY {key}"
