"""What the model that counts says of everybody, put beside the judgements of the same day: chats read one row and compute nothing.

Only of a model that was proven on later days: it orders better than the rule there, or than chance where there is no rule to compare,
and its chances are nearer to what happened than the average is.
"""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from crm.assessing.published import INSIGHT, MANIFEST
from crm.importing.snapshots import FactsFolder
from crm.learning import artefacts
from crm.learning.additive import Additive, Column
from crm.learning.cutting import Floats
from crm.learning.sources import Source
from crm.learning.today import today
from crm.learning.told import saying


def foretell(data: Path, target: str, *, day: date) -> int:
    """Write `learned_<target>.parquet` into the run of the day. Returns how many customers it is about.

    None, and no file, where nothing was proven, where the day was not judged, and for a day that is not the last of the facts.
    """
    folder = data / INSIGHT / day.isoformat()
    file = folder / f"learned_{target}.parquet"
    found = artefacts.current(data, target)
    facts = FactsFolder(data / "facts")
    current = facts.current()
    if found is None or current is None or current.as_of != day or not (folder / MANIFEST).is_file() or not is_proven(found[1]):
        file.unlink(missing_ok=True)
        return 0
    name, body, model = found
    customers, columns = today(Source(folder=facts.snapshot(current.snapshot), as_of=day), model)
    table = _table(customers, columns, model).append_column("model", pa.array([name] * len(customers), pa.string()))
    rule = body["rule"]["measured"]["auroc"] if body["rule"] else None
    for title, value, kind in (
        ("horizon_days", body["horizon_days"], pa.int64()),
        ("auroc", body["measured"]["auroc"], pa.float64()),
        ("rule_auroc", rule, pa.float64()),
    ):
        table = table.append_column(title, pa.array([value] * len(customers), kind))
    scratch = file.with_name(f".{file.name}.new")
    pq.write_table(table, scratch, compression="zstd", row_group_size=20_480)
    scratch.replace(file)
    return len(customers)


def is_proven(body: dict[str, Any]) -> bool:
    """Whether the figures of an artefact, on rows it had not seen, clear those of the rule, or of chance, and its chances the average.

    A table whose label is one of its own columns says who had left by then: that foretells nothing, and has no horizon.
    """
    figures, saved = body["measured"], body["measured"].get("brier_saved_from")
    orders = body["rule"]["better_from"] > 0 if body["rule"] else figures["auroc_from"] > 0.5
    return bool(body["horizon_days"] and orders and (saved is None or saved > 0))


def _table(customers: list[str], columns: dict[str, Column], model: Additive) -> pa.Table:
    """A row a customer, in their order: the base, the weightiest features with value and what they add, and what the others add."""
    names = [shape.name for shape in model.shapes]
    adds: Floats = model.contributions(columns)
    values = np.column_stack([_numbers(columns[name]) for name in names])
    ranked = np.argsort(-np.abs(adds), axis=1, kind="stable")
    rows = np.arange(len(customers))
    made: dict[str, Any] = {"customer_id": pa.array(customers, pa.string()), "base": np.full(len(customers), model.base)}
    named = np.zeros(len(customers))
    for place in range(saying()["reasons"]):
        if place >= len(names):
            made |= {f"{part}_{place + 1}": pa.nulls(len(customers), kind) for part, kind in _PARTS}
            continue
        at = ranked[:, place]
        add = adds[rows, at]
        features = [names[one] if moved else None for one, moved in zip(at, add, strict=True)]
        made[f"feature_{place + 1}"] = pa.array(features, pa.string())
        made[f"value_{place + 1}"] = pa.array(values[rows, at], pa.float64(), from_pandas=True)
        made[f"adds_{place + 1}"] = add
        named += add
    made["others"] = np.round(adds.sum(axis=1) - named, 6)
    return pa.table(made)


_PARTS = (("feature", pa.string()), ("value", pa.float64()), ("adds", pa.float64()))


def _numbers(column: Column) -> Floats:
    """Words have no number: they are said by their title alone."""
    return np.asarray(column, dtype=np.float64) if column.dtype != object else np.full(len(column), np.nan)
