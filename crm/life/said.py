"""Stages of life that the customer told or the relationship manager confirmed, and those that were said to be wrong."""

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.life.shapes import evidence_of
from crm.tags.definitions import definitions
from crm.tags.stage import holding, memtable_of


def said_stages(work: Workspace) -> Table:
    """A row a customer, stage and whether it was said or denied."""
    stages = memtable_of([{"tag": one.id, "life": one.life} for one in definitions().tags.values() if one.life], ("tag", "life"))
    said = holding(work).inner_join(stages, "tag")
    each = said.group_by("customer_id", "life", "denied").aggregate(
        on=said.on.max(), declared=(said.source == "declared").any(), rm=(said.source == "rm").any()
    )
    who = ibis.cases((each.denied, "有人更正过"), (each.rm, "客户经理确认"), (each.declared, "客户自述"), else_="行内标签")
    kind = ibis.ifelse(each.denied, "tag_denied_", "tag_said_")
    detail = who.concat("（").concat(each.on.cast("string")).concat("）")
    return evidence_of(each, kind.concat(each.life), last_on=each.on, detail=detail)
