"""Relations in which nobody may come back to themselves: a parent of one's own grandparent, a company that owns its owner.

Rows on a circle are all refused: which of them is wrong cannot be told. Relations of earlier deliveries close circles too, but stay.
"""

from datetime import date
from pathlib import Path

import duckdb

from crm.importing.checking import CYCLE
from crm.importing.parts import rows_of
from crm.importing.schema import Feed

CYCLE_COLUMN = "related_id"
CYCLE_REASON = "a circle: through others somebody is related to themselves"


def mark_cycles(work: duckdb.DuckDBPyConnection, feed: Feed, *, as_of: date, before: Path | None) -> None:
    """Add the rows of circles to `problems_<feed>`. Only relations that hold on the day of the delivery count."""
    for kind in feed.acyclic:
        known = rows_of(before, feed.name) if before else None
        earlier = f"""UNION ALL SELECT -1, customer_id, related_id FROM {known} AS old WHERE kind = '{kind}' AND {_holds(as_of)}
            AND NOT EXISTS (SELECT 1 FROM taken_{feed.name} AS new WHERE new.relation_id = old.relation_id)"""
        work.execute(
            f"""CREATE TEMP TABLE edges AS
            WITH named AS (
                SELECT g, customer_id, related_id FROM taken_{feed.name} WHERE kind = '{kind}' AND {_holds(as_of)}
                {earlier if known else ""}
            ), numbers AS (
                SELECT id, row_number() OVER (ORDER BY id) - 1 AS n
                FROM (SELECT customer_id AS id FROM named UNION SELECT related_id FROM named)
            )
            SELECT named.g, low.n AS a, high.n AS b FROM named
            JOIN numbers AS low ON low.id = named.customer_id JOIN numbers AS high ON high.id = named.related_id"""
        )
        _refuse(work, feed)
        work.execute("DROP TABLE edges")


def _holds(as_of: date) -> str:
    return f"related_id IS NOT NULL AND (until IS NULL OR until > DATE '{as_of}')"


def _refuse(work: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    from scipy.sparse import coo_array  # lazy: few deliveries bring relations
    from scipy.sparse.csgraph import connected_components

    edges = work.execute("SELECT g, a, b FROM edges").fetchnumpy()
    if not len(edges["g"]):
        return
    size = int(max(edges["a"].max(), edges["b"].max())) + 1
    graph = coo_array((edges["g"] * 0 + 1, (edges["a"], edges["b"])), shape=(size, size))
    # Two ends are in one strong component exactly when a way leads back: then the relation lies on a circle.
    _, component = connected_components(graph, directed=True, connection="strong")
    refused = edges["g"][(component[edges["a"]] == component[edges["b"]]) & (edges["g"] >= 0)]
    if len(refused):
        work.execute(f"INSERT INTO problems_{feed.name} SELECT unnest($rows), {CYCLE}", {"rows": refused.tolist()})
