"""When we last had contact in which the customer took part (A03), and at which hours they are there (B14)."""

from datetime import timedelta

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.contacting.answering import answers
from crm.contacting.definitions import definitions


def build_reach(work: Workspace) -> Table:
    """One row a customer: the last contact in both directions, and what was tried in vain since. NULL where there was none.

    No row where the bank delivers no contacts at all: nothing is known of them.
    """
    rules, contacts = definitions(), work.table("contacts")
    known = contacts.outcome_on.isnull() | (contacts.outcome_on <= ibis.date(work.day))
    incoming = (contacts.direction == "in") & (contacts.outcome.fill_null("answered") != "failed")
    read = (contacts.outcome == "read").fill_null(False) & contacts.channel.isin(rules.read_by)
    met = incoming | ((answers(contacts) | read) & known)
    rows = contacts.filter(contacts.outcome.fill_null("sent") != "held_out").mutate(met=met)
    last = rows.filter(rows.met).group_by("customer_id").aggregate(last_on=lambda found: found.on.max())
    tried = rows.left_join(last, "customer_id").drop("customer_id_right")
    since = tried.filter(tried.direction == "out", ~tried.met, tried.last_on.isnull() | (tried.on > tried.last_on))
    in_vain = since.group_by("customer_id").aggregate(tried_since=since.count())
    # Of the whole bank, also where some customers are judged alone: who was never spoken to could have been since then.
    feeds = work.result("coverage")
    delivered = feeds.filter(feeds.feed == "contacts").select(known_from="first_on")
    found = work.table("customers").select("customer_id", "opened_on").cross_join(delivered)
    for part in (last, in_vain):
        found = found.left_join(part, "customer_id").drop("customer_id_right")
    day = ibis.date(work.day)
    return found.select(
        "customer_id",
        "last_on",
        days_since=day.delta(found.last_on, unit="day").cast("int64"),
        known_from=ibis.greatest(found.known_from, found.opened_on),
        days_known=day.delta(ibis.greatest(found.known_from, found.opened_on), unit="day").cast("int64"),
        tried_since=found.tried_since.fill_null(0),
        version=ibis.literal(rules.version),
    )


def build_hours(work: Workspace) -> Table:
    """One row a customer, workday or weekend, and hour of the bank's clock: logins, and calls and texts tried and answered in that hour."""
    rules = definitions()
    since = ibis.date(work.day - timedelta(days=rules.hours_days))
    events, contacts = work.table("app_events"), work.table("contacts")
    logins = events.filter(events.kind == "login", events.on > since, events.hour.notnull()).select("customer_id", "on", "hour").distinct()
    tried = contacts.filter(contacts.direction == "out", contacts.channel.isin(rules.channels), contacts.hour.notnull())
    tried = tried.filter(~tried.outcome.fill_null("sent").isin(rules.untried))
    zero, one = ibis.literal(0, "int64"), ibis.literal(1, "int64")
    rows = logins.select("customer_id", "on", "hour", login=one, tried=zero, answered=zero).union(
        tried.select("customer_id", "on", "hour", login=zero, tried=one, answered=ibis.ifelse(answers(tried), one, zero))
    )
    rows = rows.mutate(weekend=rows.on.day_of_week.index() >= _SATURDAY, hour=rows.hour.cast("int64"))
    return rows.group_by("customer_id", "weekend", "hour").aggregate(
        logins=rows.login.sum(), tried=rows.tried.sum(), answered=rows.answered.sum()
    )


_SATURDAY = 5
