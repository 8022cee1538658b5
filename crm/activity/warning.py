"""The warnings: three ways in which a customer can be leaving, and the one that weighs most.

Counts against the own baseline and peers (`activity`); the silence of those who act seldom (`gap`); assets that have left (`aum`).
"""

import ibis
from ibis import Table

from crm.activity.definitions import definitions
from crm.activity.joining import joined
from crm.assessing.workspace import Workspace


def build_warnings(work: Workspace) -> Table:
    """A row per customer whose relation goes on. `reasons` are the routes that fired, joined by `;`, the one that weighs most first."""
    rules = definitions()
    activity = work.result("activity").rename(
        activity_fires="fires", activity_severity="severity", activity_since="since", activity_route="route"
    )
    gaps = work.result("activity_gaps")
    outflow = work.result("outflow").rename(aum_fires="fires")
    table = joined(joined(activity, gaps, ["customer_id"]), outflow, ["customer_id"])
    # A week ago the silence was already longer than nearly all own gaps: that is what persisting means here.
    last_week = table.silent_days - 7
    silent = (
        ~table.enough
        & (table.gaps >= rules.gaps.at_least)
        & (last_week > table.long_gap)
        & (last_week >= rules.gaps.days)
        & (table.silent_days <= rules.gaps.until)
    ).fill_null(False)
    table = table.mutate(gap_fires=silent, aum_fires=table.aum_fires.fill_null(False))
    gap_since = (table.last_on + ibis.interval(days=1)).cast("date")
    fires = table.activity_fires | table.gap_fires | table.aum_fires
    severe = (table.activity_severity == "high").fill_null(False) | (
        table.aum_fires & (table.activity_fires | table.gap_fires)
    )  # money and habits together
    reasons = (
        ibis.ifelse(table.activity_fires, ";activity", "")
        .concat(ibis.ifelse(table.aum_fires, ";aum", ""))
        .concat(ibis.ifelse(table.gap_fires, ";gap", ""))
    )
    return table.select(
        "customer_id",
        "kind",
        "stage",
        warning=fires,
        severity=ibis.cases((fires & severe, "high"), (fires, "normal"), else_=None),
        route=ibis.cases((table.activity_fires, "activity"), (table.aum_fires, "aum"), (table.gap_fires, "gap"), else_=ibis.null("string")),
        reasons=reasons.substr(1),
        since=ibis.cases(
            (table.activity_fires, table.activity_since), (table.aum_fires, ibis.null("date")), (table.gap_fires, gap_since), else_=None
        ),
        ratio=table.ratio,
        peer_ratio=table.peer_ratio,
        adjusted=table.adjusted,
        certainty=table.certainty,
        enough=table.enough,
        silent_days=table.silent_days,
        long_gap=table.long_gap,
        gaps=table.gaps,
        lost=table.lost,
        unexplained=table.unexplained,
        version=table.version,
    )
