"""How probable the need graph held a purchase on a day: the rule that a model of purchases is measured against, and one of its features."""

import ibis
from ibis import Table

from crm.activity.joining import joined
from crm.assessing.workspace import Workspace
from crm.needs.definitions import needs


def needed(work: Workspace, kinds: list[str]) -> Table:
    """`customer_id, rule_need`: the most probable of the needs that a purchase of these kinds would meet, or of all where none is named."""
    table = work.result("needs")
    categories = {kind.partition(":")[2] for kind in kinds}
    served = [need.id for need in needs().needs.values() if categories & set(need.serves)]
    wanted = table.filter(table.need.isin(served)) if served else table
    best = wanted.group_by("customer_id").aggregate(rule_need=wanted.probability.cast("float64").max())
    everybody = work.table("customers").select("customer_id")
    return joined(everybody, best, ["customer_id"]).mutate(rule_need=ibis._.rule_need.fill_null(0.0))
