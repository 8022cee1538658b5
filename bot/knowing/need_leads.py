"""How far ahead the runs that are kept had seen what was bought later."""

from datetime import date, timedelta

from crm.needs.definitions import needs
from crm.needs.lead_time import Leads, leads
from domain.ports import Insight

_MOST_RUNS = 60


def need_leads(insight: Insight, *, on: date) -> Leads | None:
    """Over at most the last sixty runs up to the day."""
    runs: dict[date, dict[str, list[str]]] = {}
    day = insight.latest(on)
    while day is not None and len(runs) < _MOST_RUNS:
        shown: dict[str, list[str]] = {}
        for row in insight.rows("needs", "probability >= ?", [needs().shown_from], on=day, order="customer_id, rank"):
            if row["need"] in needs().needs:
                shown.setdefault(row["customer_id"], []).append(row["need"])
        runs[day] = shown
        day = insight.latest(day - timedelta(days=1))
    customers = {customer for shown in runs.values() for customer in shown}
    bought = insight.rows("purchases", on=on) if customers else ()
    return leads(runs, [(row["customer_id"], row["category"], row["on"]) for row in bought if row["customer_id"] in customers])
