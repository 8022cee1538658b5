"""The stage `evidence`: every signal of every customer that may be used, with its age taken into account."""

import ibis
import pyarrow as pa
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.consent import EXTERNAL, granted, refused
from crm.needs.dealings import dealing_rows
from crm.needs.definitions import NO_CONSENT, PROFILING, needs
from crm.needs.duties import duty_rows
from crm.needs.firms import firm_rows
from crm.needs.money import money_rows
from crm.needs.pages import page_rows
from crm.needs.people import people_rows
from crm.needs.purposes import purpose_rows
from crm.needs.rows import age_in_days, rounded, together
from crm.needs.spending import spending_rows

_FAMILIES = (page_rows, spending_rows, money_rows, purpose_rows, duty_rows, people_rows, firm_rows, dealing_rows)


def evidence(work: Workspace) -> Table:
    """`strength` is that of the signal in its days, `value` what is left of it on the day of the run."""
    found = together([work.keep(family(work)) for family in _FAMILIES])
    customers = work.table("customers")
    found = found.semi_join(customers.filter(customers.status.fill_null("active") == "active"), "customer_id")
    known = ibis.memtable(
        pa.table(
            {
                "evidence": [one.id for one in needs().evidence.values()],
                "consent": [one.consent for one in needs().evidence.values()],
                "half_life": pa.array([one.half_life for one in needs().evidence.values()], pa.float64()),
            }
        )
    )
    allowed = _allowed(work, found.inner_join(known, "evidence"))
    age = ibis.greatest(age_in_days(allowed.last_on, work.day), ibis.literal(0)).cast("float64")
    left = ibis.ifelse(
        allowed.half_life.notnull() & allowed.last_on.notnull(), ibis.literal(2.0) ** (-age / allowed.half_life), ibis.literal(1.0)
    )
    valued = allowed.mutate(value=rounded(allowed.strength * left))
    return valued.group_by("customer_id", "evidence").aggregate(
        count=valued["count"].max(),
        first_on=valued.first_on.min(),
        last_on=valued.last_on.max(),
        strength=valued.strength.max(),
        value=valued.value.max(),
    )


def _allowed(work: Workspace, found: Table) -> Table:
    """Without what customers took back: what a contract says stays, behaviour goes with `profiling`, a source from outside with its own."""
    own = found.filter(found.consent == NO_CONSENT)
    seen = found.filter(found.consent == PROFILING).anti_join(refused(work, PROFILING), "customer_id")
    outside = [
        found.filter(found.consent == purpose)
        .semi_join(granted(work, purpose), "customer_id")
        .anti_join(refused(work, PROFILING), "customer_id")
        for purpose in EXTERNAL
    ]
    return work.keep(together([own, seen, *outside]))
