"""The stage `needs`: noisy-OR over groups of evidence, in one expression for all customers.

`crm.needs.graph` does the same for one customer in the same order of the same operations, so that both give the same number to the digit.
"""

from collections.abc import Callable, Sequence
from functools import reduce

import ibis
import pyarrow as pa
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.definitions import NeedDefinition, Source, needs
from crm.needs.rows import rounded


def weighed(work: Workspace) -> Table:
    """customer_id, need, probability, rank: every need that something speaks for, likeliest first; one that is met or refused has 0."""
    speaking = work.keep(_slots(work, lambda need: need.sources))
    hindering = work.keep(_slots(work, lambda need: need.against))
    every = needs().needs.values()
    kinds = [(need, kind) for need in every for kind in need.kinds]
    leaks = ibis.memtable(
        pa.table({"need": [need.id for need, _ in kinds], "kind": [kind for _, kind in kinds], "leak": [need.leak for need, _ in kinds]})
    )
    most = {
        "s": max(source.slot for need in every for source in need.sources) + 1,
        "a": max(source.slot for need in every for source in need.against) + 1,
    }
    pros, cons = _wide(speaking, "s", most["s"]), _wide(hindering, "a", most["a"])
    customers = work.table("customers").select("customer_id", "kind")
    joined = pros.inner_join(customers, "customer_id").inner_join(leaks, ["need", "kind"]).left_join(cons, ["customer_id", "need"])
    nothing = reduce(lambda product, slot: product * (1 - joined[f"s{slot}"].fill_null(0.0)), range(most["s"]), 1 - joined.leak)
    probability = reduce(lambda product, slot: product * (1 - joined[f"a{slot}"].fill_null(0.0)), range(most["a"]), 1 - nothing)
    scored = joined.select("customer_id", "need", probability=rounded(probability))
    rank = ibis.row_number().over(group_by="customer_id", order_by=[ibis.desc("probability"), "need"]) + 1
    return scored.mutate(rank=rank.cast("int64"), version=ibis.literal(needs().version))


def _slots(work: Workspace, of: Callable[[NeedDefinition], Sequence[Source]]) -> Table:
    """customer_id, need, slot, value: what speaks in each slot, where every part of a pair is there the weakest of them."""
    parts = [
        (need.id, source.slot, number, name, source.weight, len(source.evidence))
        for need in needs().needs.values()
        for number, source in enumerate(of(need))
        for name in source.evidence
    ]
    names = ("need", "slot", "source", "evidence", "weight", "parts")
    links = ibis.memtable(pa.table({name: list(column) for name, column in zip(names, zip(*parts, strict=True), strict=True)}))
    found = work.result("evidence").select("customer_id", "evidence", "value").inner_join(links, "evidence")
    each = found.group_by("customer_id", "need", "slot", "source").aggregate(
        weakest=found.value.min(), weight=found.weight.max(), parts=found.parts.max(), there=found.count()
    )
    whole = each.filter(each.there == each.parts)
    return whole.select("customer_id", "need", "slot", value=whole.weakest * whole.weight)


def _wide(slots: Table, letter: str, count: int) -> Table:
    """One row a need, the strongest of each slot in a column of its own."""
    columns = {f"{letter}{slot}": slots.value.max(where=slots.slot == slot) for slot in range(count)}
    return slots.group_by("customer_id", "need").aggregate(**columns)
