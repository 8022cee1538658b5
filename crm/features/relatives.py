"""Who stands to whom how, from both sides: a bank writes a marriage or a parent down once, and it is so for both."""

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace

#: The side on which a row is as the bank wrote it, and the one on which its two customers are exchanged.
WRITTEN, TURNED = "written", "turned"


def relatives(work: Workspace) -> Table:
    """A row a relation and side of it: `customer_id` is the `kind` of `related_id` on the written side, the other way round on the turned.

    `born` and `related_born` are the birthdays of either where they are persons of the bank. Relations of any time: `since` and `until` say
    of which.
    """
    relations, people = work.table("relations"), work.table("customers")
    births = people.filter(people.kind == "person").select("customer_id", "birth_date")
    rows = relations.select("customer_id", "relation_id", "related_id", "kind", "since", "until")
    rows = rows.left_join(births.select("customer_id", born="birth_date"), "customer_id").drop("customer_id_right")
    rows = rows.left_join(births.select(related_id="customer_id", related_born="birth_date"), "related_id").drop("related_id_right")
    known = rows.filter(rows.related_id.notnull())
    turned = known.rename(customer_id="related_id", related_id="customer_id", born="related_born", related_born="born")
    columns = ("customer_id", "relation_id", "related_id", "kind", "since", "until", "born", "related_born")
    return rows.select(*columns, side=ibis.literal(WRITTEN)).union(turned.select(*columns, side=ibis.literal(TURNED)))


def holding(work: Workspace) -> Table:
    """Those that hold on the day."""
    found, today = work.result("relatives"), ibis.date(work.day)
    begun = found.since.isnull() | (found.since <= today)
    return found.filter(begun, found.until.isnull() | (found.until > today))
