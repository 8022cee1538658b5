"""What health is reckoned from, one row a customer whom the bank had on the day. What was not delivered is NULL."""

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
from ibis import Table
from ibis.expr.types import Value

from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace
from crm.features.assets import days_within, spans
from crm.features.categories import held_categories
from crm.features.coverage import covered_from
from crm.features.exact import average
from crm.features.own import own_entries_ever
from crm.health.definitions import definitions
from crm.health.earlier import Earlier

#: Of the answers 0-10: these and better would recommend us, those and worse would not (requirements, NPS).
_PROMOTER, _DETRACTOR = 9, 6
_ACTIVITY = ("login_days", "login_days_before", "dealt", "dealt_before", "last_on")
_ASSETS = ("cent_days", "cent_days_before")


def build_measures(work: Workspace) -> Table:
    """The measures as of the day and as of the days before it that trends need."""
    active, assets = work.keep(_activity(work)), work.keep(_assets(work))
    each = [
        measures(Earlier(work, back), active, assets, back).mutate(days_back=ibis.literal(back, "int64"))
        for back in definitions().days_back
    ]
    return each[0] if len(each) == 1 else ibis.union(each[0], *each[1:])


def measures(work: Workspace, active: Table, assets: Table, back: int) -> Table:
    """The measures as of one day, so many days back. `active` is what `_activity` counts, `assets` what `_assets` does."""
    found = _customers(work).cross_join(covered_from(work)).cross_join(_known(work))
    for part in (_of_day(assets, _ASSETS, back), _categories(work), _of_day(active, _ACTIVITY, back), _satisfaction(work)):
        found = found.left_join(part, "customer_id").drop("customer_id_right")
    rules, day = definitions(), ibis.date(work.day)
    current_from = ibis.date(work.day - timedelta(days=rules.current_days - 1))
    held_assets = found.assets_from <= ibis.date(work.day - timedelta(days=rules.average_days - 1))
    held_before = found.assets_from <= ibis.date(work.day - timedelta(days=rules.compared_days + rules.average_days - 1))
    relation = held_before & (found.opened_on <= ibis.date(work.day - timedelta(days=rules.compared_days + rules.average_days - 1)))
    seen_from = ibis.least(found.transactions_from.fill_null(day), found.app_events_from.fill_null(day))
    watched = day.delta(ibis.greatest(found.opened_on, seen_from), unit="day").cast("int64")
    any_activity = (found.transactions_from <= day).fill_null(False) | (found.app_events_from <= day).fill_null(False)
    return found.select(
        "customer_id",
        "kind",
        aum=ibis.ifelse(held_assets, average(found.cent_days, ibis.literal(rules.average_days, "int64")), None),
        aum_before=ibis.ifelse(relation, average(found.cent_days_before, ibis.literal(rules.average_days, "int64")), None),
        categories=ibis.ifelse(found.accounts_from <= day, found.categories.fill_null(0), None),
        logins=_count(found.login_days, found.app_events_from, current_from),
        logins_before=_count(found.login_days_before, found.app_events_from, current_from),
        logins_observed=_observed(found.app_events_from, found.opened_on, current_from),
        dealings=_count(found.dealt, found.transactions_from, current_from),
        dealings_before=_count(found.dealt_before, found.transactions_from, current_from),
        dealings_observed=_observed(found.transactions_from, found.opened_on, current_from),
        # Of whom nothing was ever seen, silence lasts as long as we could have seen something.
        silent_days=ibis.ifelse(
            any_activity, day.delta(found.last_on, unit="day").cast("int64").fill_null(ibis.greatest(watched, 0)), None
        ),
        contacts=ibis.ifelse(found.any_contacts, found.contacts.fill_null(0), None),
        complaints=ibis.ifelse(found.any_complaints, found.complaints.fill_null(0), None),
        asked=ibis.ifelse(found.any_surveys, found.asked.fill_null(0), None),
        answers=ibis.ifelse(found.any_surveys, found.answers.fill_null(0), None),
        surveys=found.content,
        nps_asked=ibis.ifelse(found.any_surveys, found.nps_asked.fill_null(0), None),
        nps_answers=ibis.ifelse(found.any_surveys, found.nps_answers.fill_null(0), None),
        promoters=ibis.ifelse(found.any_surveys, found.promoters.fill_null(0), None),
        detractors=ibis.ifelse(found.any_surveys, found.detractors.fill_null(0), None),
    )


def _customers(work: Workspace) -> Table:
    # Who left is judged by what was open on the day: the status is of today, whatever the day.
    day = ibis.date(work.day)
    customers, accounts = work.table("customers"), work.table("accounts")
    open_now = accounts.closed_on.isnull() | (accounts.closed_on > day)
    relation = accounts.group_by("customer_id").aggregate(open=open_now.sum())
    found = customers.left_join(relation, "customer_id")
    return found.filter(ibis.ifelse(found.open.isnull(), found.status == "active", found.open > 0)).select(
        "customer_id", "kind", "opened_on"
    )


def _known(work: Workspace) -> Table:
    """One row: whether the bank delivered anything of these by the day.

    The feeds of the whole bank say so, also where one customer is judged alone: who never complained complained zero times.
    """
    feeds = work.result("coverage")
    delivered = feeds.filter(feeds.first_on <= ibis.date(work.day))
    return delivered.aggregate(
        **{f"any_{name}": (delivered.feed == name).sum().fill_null(0) > 0 for name in ("contacts", "complaints", "surveys")}
    )


def _assets(work: Workspace) -> Table:
    """Cents times days in the last days and in those that they are compared with: of each day, in one reading."""
    stretches = spans(work)
    sums = {f"{name}_{back}": value for back in definitions().days_back for name, value in _worth(stretches, work.day, back).items()}
    return stretches.group_by("customer_id").aggregate(**sums)


def _worth(stretches: Table, today: date, back: int) -> dict[str, Value]:
    rules, day = definitions(), today - timedelta(days=back)
    after, length = day + timedelta(days=1), timedelta(days=rules.average_days)
    before = after - timedelta(days=rules.compared_days)
    # What began later was not there on the day, which is not the same as nothing.
    there = (stretches.from_on <= ibis.date(day)) & (stretches.opened_on.isnull() | (stretches.opened_on <= ibis.date(day)))
    return {
        name: (stretches.cents * days_within(stretches, ibis.date(end - length), ibis.date(end))).sum(where=there)
        for name, end in zip(_ASSETS, (after, before), strict=True)
    }


def _categories(work: Workspace) -> Table:
    held = held_categories(work)
    return held.group_by("customer_id").aggregate(categories=held.count())


def _activity(work: Workspace) -> Table:
    """Own dealings, and days with logins, in the current window and in the baseline, and the last day of any: of each day, in one reading.

    Dealings are counted, logins are days: a session that was opened again is no second visit. A dealing that was taken back later counts
    on the days before.
    """
    entries, events = own_entries_ever(work), work.table("app_events")
    zero, one = ibis.literal(0, "int64"), ibis.literal(1, "int64")
    never = ibis.null("date")
    days = entries.select("customer_id", "on", "taken_back_on", dealing=one, login=zero).union(
        events.select("customer_id", "on", taken_back_on=never, dealing=zero, login=one).distinct()
    )
    counted = {f"{name}_{back}": value for back in definitions().days_back for name, value in _counted(work, days, back).items()}
    return days.group_by("customer_id").aggregate(**counted)


def _counted(work: Workspace, days: Table, back: int) -> dict[str, Value]:
    rules, day = definitions(), work.day - timedelta(days=back)
    known = (days.on <= ibis.date(day)) & (days.taken_back_on.isnull() | (days.taken_back_on > ibis.date(day)))
    current = days.on > ibis.date(day - timedelta(days=rules.current_days))
    baseline = ~current & (days.on > ibis.date(day - timedelta(days=rules.current_days + rules.baseline_days)))
    return {
        "login_days": days.login.sum(where=known & current),
        "login_days_before": days.login.sum(where=known & baseline),
        "dealt": days.dealing.sum(where=known & current),
        "dealt_before": days.dealing.sum(where=known & baseline),
        "last_on": days.on.max(where=known),
    }


def _of_day(counted: Table, names: Sequence[str], back: int) -> Table:
    return counted.select("customer_id", **{name: counted[f"{name}_{back}"] for name in names})


def _satisfaction(work: Workspace) -> Table:
    since = ibis.date(work.day - timedelta(days=definitions().satisfaction_days))
    day = ibis.date(work.day)
    contacts, complaints, surveys = work.table("contacts"), work.table("complaints"), work.table("surveys")
    answered = surveys.answered_on.notnull() & (surveys.answered_on <= day) & surveys.score.notnull()
    hundredths = ibis.ifelse(surveys.kind == "nps", surveys.score * 10, (surveys.score - 1) * 25)
    zero, one = ibis.literal(0, "int64"), ibis.literal(1, "int64")
    none = ibis.null("int64")
    nps = ibis.ifelse(surveys.kind == "nps", one, zero)
    promoter = ibis.ifelse(answered & (surveys.kind == "nps") & (surveys.score >= _PROMOTER), one, zero)
    detractor = ibis.ifelse(answered & (surveys.kind == "nps") & (surveys.score <= _DETRACTOR), one, zero)
    no_survey = {"nps": zero, "nps_answer": zero, "promoter": zero, "detractor": zero}
    rows = ibis.union(
        contacts.filter(contacts.on > since, contacts.outcome.fill_null("sent") != "held_out").select(
            "customer_id", contact=one, complaint=zero, asked=zero, answer=none, **no_survey
        ),
        complaints.filter(complaints.opened_on > since).select(
            "customer_id", contact=zero, complaint=one, asked=zero, answer=none, **no_survey
        ),
        surveys.filter(surveys.asked_on > since).select(
            "customer_id",
            contact=zero,
            complaint=zero,
            asked=one,
            answer=ibis.ifelse(answered, hundredths, none).cast("int64"),
            nps=nps,
            nps_answer=ibis.ifelse(answered, nps, 0).cast("int64"),
            promoter=promoter,
            detractor=detractor,
        ),
    )
    return rows.group_by("customer_id").aggregate(
        contacts=rows.contact.sum(),
        complaints=rows.complaint.sum(),
        asked=rows.asked.sum(),
        answers=rows.answer.count(),
        content=rounded(rows.answer.mean(), 4),
        nps_asked=rows.nps.sum(),
        nps_answers=rows.nps_answer.sum(),
        promoters=rows.promoter.sum(),
        detractors=rows.detractor.sum(),
    )


def _count(days: Value, feed_from: Value, current_from: Value) -> Value:
    return ibis.ifelse(feed_from < current_from, days.fill_null(0), None).cast("int64")


def _observed(feed_from: Value, opened_on: Value, current_from: Value) -> Value:
    """Days of the baseline that can be known of this customer."""
    known = current_from.delta(ibis.greatest(feed_from, opened_on), unit="day").cast("int64")
    return ibis.ifelse(feed_from.notnull(), ibis.least(ibis.greatest(known, 0), definitions().baseline_days), None)
