"""What speaks for each cause: one row a thing that happened, with the points that it weighs."""

from datetime import timedelta

import ibis
from ibis import Table
from ibis.expr.types import StringColumn, StringValue

from crm.activity.counting import own_entries, sent_away
from crm.activity.definitions import definitions as activity_definitions
from crm.activity.joining import joined
from crm.assessing.workspace import Workspace
from crm.causes.definitions import definitions

#: Evidence whose usual number means something: it is compared with the own past and with that of the bank.
COUNTED = "counted"
#: Evidence that is a thing of its own: a change, a large payment. There is no usual number of it.
SINGLE = "single"


def evidence(work: Workspace) -> Table:
    """`customer_id, cause, on, points, way`, up to the day and as far back as any window reaches."""
    parts = [_app(work), _complaints(work), _surveys(work), _transfers(work), _income(work), _house(work), _abroad(work)]
    parts += [_staff(work), _neglect(work), _season(work)]
    first, *others = parts
    return first.union(*others)


def _row(table: Table, cause: str | StringValue, on: str, points: float, way: str) -> Table:
    named = ibis.literal(cause) if isinstance(cause, str) else cause
    return table.select("customer_id", cause=named, on=table[on], points=ibis.literal(points, "float64"), way=ibis.literal(way))


def _app(work: Workspace) -> Table:
    events, rules = work.table("app_events"), definitions()
    kinds = [(kind, cause.id) for cause in rules.causes for kind in cause.app]
    cause = ibis.cases(*((events.kind == kind, name) for kind, name in kinds), else_=ibis.null("string"))
    return _row(events.filter(events.kind.isin([kind for kind, _ in kinds])), cause, "on", rules.points["event"], COUNTED)


def _by_topic(topic: StringColumn, otherwise: str) -> StringValue:
    """The first cause one of whose words the topic says."""
    told = topic.lower()
    known = [(ibis.or_(*(told.contains(word) for word in cause.topics)), cause.id) for cause in definitions().causes if cause.topics]
    return ibis.cases(*known, else_=otherwise)


def _complaints(work: Workspace) -> Table:
    table = work.table("complaints")
    return _row(table, _by_topic(table.topic.fill_null(""), "complaint"), "opened_on", definitions().points["complaint"], COUNTED)


def _surveys(work: Workspace) -> Table:
    table, low = work.table("surveys"), definitions().low_scores
    poor = ibis.or_(*((table.kind == kind) & (table.score <= score) for kind, score in low.items())).fill_null(False)
    answered = table.filter(poor, table.answered_on <= ibis.date(work.day))
    return _row(answered, _by_topic(answered.topic.fill_null(""), "service"), "answered_on", definitions().points["survey"], COUNTED)


def _transfers(work: Workspace) -> Table:
    """Large payments to other banks, made by the customer."""
    rules = definitions().large_transfer
    usual = joined(sent_away(work), work.result("outflow").select("customer_id", "usual"), ["customer_id"])
    size = -usual.amount_cny.cast("float64")
    large = usual.filter(size >= ibis.greatest(usual.usual.fill_null(0.0) * rules["share"], rules["least"]))
    return _row(large, "transfer_away", "on", definitions().points["event"], COUNTED)


def _income(work: Workspace) -> Table:
    """Payroll or pension that came month after month and has stopped."""
    rules, entries = definitions().income, work.table("transactions")
    paid = entries.filter(entries.kind.isin(["payroll", "pension"]), entries.amount_cny > 0)
    months = paid.group_by("customer_id").aggregate(
        last_on=paid.on.max(), months=(paid.on.year() * 12 + paid.on.month()).nunique(where=paid.on > ibis.date(_ago(work, 300)))
    )
    stopped = months.filter(
        months.months >= rules["months_before"],
        months.last_on < ibis.date(_ago(work, rules["silent_days"])),
        months.last_on > ibis.date(_ago(work, definitions().window_days + definitions().baseline_days)),
    )
    # It shows on the day when the next was due.
    missed = stopped.mutate(on=(stopped.last_on + ibis.interval(days=31)).cast("date"))
    return _row(missed, "income_stopped", "on", definitions().points["event"], SINGLE)


def _house(work: Workspace) -> Table:
    house, loans, entries = activity_definitions().house, work.table("loans"), own_entries(work)
    begun = loans.filter(loans.kind == "mortgage").select("customer_id", on="started_on")
    named = ibis.or_(*(entries.counterparty.contains(word) for word in house.words)).fill_null(False)
    paid = entries.filter(entries.amount_cny < -definitions().large_transfer["least"], named | entries.mcc.isin(house.mcc).fill_null(False))
    both = begun.union(paid.select("customer_id", "on")).distinct()
    return _row(both, "house", "on", definitions().points["event"], SINGLE)


def _abroad(work: Workspace) -> Table:
    entries = own_entries(work)
    days = entries.filter(entries.country.notnull(), entries.country != "CN").select("customer_id", "on").distinct()
    return _row(days, "abroad", "on", definitions().points["event"], COUNTED)


def _staff(work: Workspace) -> Table:
    changes = work.table("assignments")
    return _row(changes.filter(changes.reason != "opened"), "staff_change", "since", definitions().points["event"], SINGLE)


def _neglect(work: Workspace) -> Table:
    contacts = work.table("contacts")
    took_part = contacts.outcome.isin(activity_definitions().contact_outcomes).fill_null(False) | (contacts.direction == "in")
    spoken = contacts.filter(took_part)
    last = spoken.group_by("customer_id").aggregate(last_on=spoken.on.max())
    silent = last.filter(last.last_on <= ibis.date(_ago(work, definitions().neglected_days)))
    silent = silent.mutate(since=(silent.last_on + ibis.interval(days=definitions().neglected_days)).cast("date"))
    return _row(silent, "neglected", "since", definitions().points["event"], SINGLE)


def _season(work: Workspace) -> Table:
    activity = work.result("activity")
    fell = activity.filter(activity.peer_ratio <= definitions().peers_fell).mutate(on=ibis.date(work.day))
    return _row(fell, "season", "on", definitions().points["event"], SINGLE)


def _ago(work: Workspace, days: int) -> object:
    return work.day - timedelta(days=days)
