"""Evidence from complaints, from what was bought, held and refused."""

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.definitions import needs
from crm.needs.held import declined, held_categories
from crm.needs.rows import row, since, together

_RETURNS = "收益|利率|利息|亏"


def dealing_rows(work: Workspace) -> Table:
    """`complains_returns`, and for every category that serves a need `bought_`, `holds_` and `declined_`."""
    complaints = work.table("complaints")
    about = complaints.filter(complaints.topic.fill_null("").re_search(_RETURNS), complaints.opened_on > since(work.day, 365))
    said = about.group_by("customer_id").aggregate(n=about.count(), last=about.opened_on.max())
    bought = work.result("purchases")
    bought = bought.filter(bought.category.isin(needs().served), bought.on > since(work.day, needs().met_days))
    met = bought.group_by("customer_id", "category").aggregate(n=bought.count(), last=bought.on.max())
    held = held_categories(work)
    held = held.filter(held.category.isin(needs().gates))
    no = declined(work, needs().declined_days)
    no = no.filter(no.category.isin(needs().served))
    return together(
        [
            row(said, "complains_returns", count=said.n, last_on=said["last"]),
            row(met, ibis.literal("bought_") + met.category, count=met.n, last_on=met["last"]),
            row(held, ibis.literal("holds_") + held.category),
            row(no, ibis.literal("declined_") + no.category),
        ]
    )
