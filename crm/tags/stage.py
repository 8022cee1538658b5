"""Tags as stages read them: which hold on the day of the run, which were said to be wrong, and which may serve to recommend something."""

from collections.abc import Mapping, Sequence

import ibis
from ibis import Table

from crm.assessing.stage import Stage
from crm.assessing.workspace import Workspace
from crm.tags.definitions import definitions


def holding(work: Workspace) -> Table:
    """A row a customer, tag and source. `denied` says that it is held to be wrong, and nobody has said otherwise since."""
    tags, today = work.table("tags"), ibis.date(work.day)
    contested = (tags.contested_on <= today).fill_null(False)
    holds = tags.filter(~contested, tags.until > today).mutate(denied=ibis.literal(False))
    denied = tags.filter(contested, tags.denied_until > today).mutate(denied=ibis.literal(True))
    still = denied.anti_join(holds, ["customer_id", "tag"])
    return holds.union(still)


def usable_evidence(work: Workspace) -> Table:
    """Evidence of needs that tags give: customer_id, evidence, on, strength; the surest of each. No more than what may be used."""
    given = memtable_of([{"tag": one.id, "evidence": one.need} for one in definitions().tags.values() if one.need], ("tag", "evidence"))
    held = holding(work)
    found = held.filter(~held.denied, held.usable).inner_join(given, "tag")
    return found.group_by("customer_id", "evidence").aggregate(on=found.on.max(), strength=found.confidence.max() / 100.0)


def denied_evidence(work: Workspace) -> Table:
    """Evidence of needs that does not count, whatever the bank's files say: customer_id, evidence."""
    pairs = [{"tag": one.id, "evidence": name} for one in definitions().tags.values() for name in one.struck]
    held = holding(work)
    found = held.filter(held.denied).inner_join(memtable_of(pairs, ("tag", "evidence")), "tag")
    return found.select("customer_id", "evidence").distinct()


def memtable_of(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> Table:
    """Text columns from the definitions as a table of the engine."""
    return ibis.memtable([dict(row) for row in rows], schema=dict.fromkeys(columns, "string"))


def build(work: Workspace) -> Table:
    """What a run knew of tags, published beside what it made of them."""
    return holding(work).mutate(version=ibis.literal(definitions().version))


TAG_STAGES = (Stage(name="tags", title="标签", key=("customer_id", "tag", "source"), build=build),)
