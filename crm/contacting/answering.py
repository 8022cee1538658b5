"""How likely a customer answers by each channel: what they did, drawn to the usual rate of people like them (D01).

A Beta posterior. Its prior is estimated from the bank: the rate of the group, and how much customers within a group differ (analysis of
variance); old trials weigh less. Under one purpose, the prior is what is known of the same customer by that channel.
"""

from math import log

import ibis
from ibis import Table
from ibis.expr.types import BooleanValue, Value

from compliance.days import add_months
from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace
from crm.contacting.definitions import definitions


def build_trials(work: Workspace) -> Table:
    """One row a customer, channel and purpose that was tried: how often, and how often answered, as they are and as they weigh today."""
    rules, contacts = definitions(), work.table("contacts")
    tried = contacts.filter(contacts.direction == "out", contacts.channel.isin(rules.channels))
    # An outcome of a later day is not known yet: then the row of that day says only that it was sent.
    known = tried.outcome_on.isnull() | (tried.outcome_on <= ibis.date(work.day))
    tried = tried.filter(~tried.outcome.fill_null("sent").isin(rules.untried))
    answered = answers(tried) & known
    age = ibis.date(work.day).delta(tried.on, unit="day")
    weight = (age * (-log(2) / rules.half_life_days)).exp()
    rows = tried.select("customer_id", "channel", "purpose", "on", answered=ibis.ifelse(answered, 1, 0).cast("int64"), weight=weight)
    return rows.group_by("customer_id", "channel", "purpose").aggregate(
        tried=rows.count(),
        answered=rows.answered.sum(),
        weight=rounded(rows.weight.sum(), 6),
        weight_answered=rounded((rows.weight * rows.answered).sum(), 6),
        last_on=rows.on.max(),
        last_answer_on=rows.on.max(where=rows.answered == 1),
    )


def answers(contacts: Table) -> BooleanValue:
    """Whether the customer did something; a call only when it lasted."""
    rules = definitions()
    short = (contacts.channel == "phone") & (contacts.seconds < rules.call_seconds).fill_null(False)
    return contacts.outcome.isin(rules.answers).fill_null(False) & ~short


def build_usual(work: Workspace) -> Table:
    """One row a group and channel: the usual rate of answers, and how many trials it weighs. Of the whole bank."""
    rules = definitions()
    each = _by_channel(work.result("channel_trials")).inner_join(groups(work), "customer_id")
    each = each.mutate(rate=each.answered / each.tried)
    sums = each.group_by("kind", "silver", "channel").aggregate(
        customers=each.count(), tried=each.tried.sum(), answered=each.answered.sum(), squares=(each.tried * each.tried).sum()
    )
    everybody = each.group_by("channel").aggregate(all_rate=(each.answered.sum() / each.tried.sum()))
    found = sums.inner_join(everybody, "channel")
    found = found.mutate(rate=(found.answered + found.all_rate * rules.group_trials) / (found.tried + rules.group_trials))
    own = each.inner_join(found.select("kind", "silver", "channel", own=found.answered / found.tried), ["kind", "silver", "channel"])
    spread = own.group_by("kind", "silver", "channel").aggregate(
        between=(own.tried * (own.rate - own.own) * (own.rate - own.own)).sum(), within=(own.tried * own.rate * (1 - own.rate)).sum()
    )
    both = found.inner_join(spread, ["kind", "silver", "channel"])
    between = both.between / (both.customers - 1)
    within = both.within / (both.tried - both.customers)
    usual_trials = (both.tried - both.squares / both.tried) / (both.customers - 1)
    alike = (between - within) / (between + (usual_trials - 1) * within)
    strength = ibis.cases((alike <= 0, rules.strength_most), (alike >= 1, rules.strength_least), else_=1 / alike - 1)
    told = (both.customers > 1) & (both.tried > both.customers) & (between + within > 0)
    bounded = ibis.greatest(ibis.least(ibis.ifelse(told, strength, rules.strength_most), rules.strength_most), rules.strength_least)
    return both.select("kind", "silver", "channel", "customers", rate=rounded(both.rate, 6), strength=rounded(bounded, 6))


def build_channels(work: Workspace) -> Table:
    """One row a customer and channel: the probability of an answer, and whether the customer asked for that channel."""
    rules = definitions()
    people = groups(work).cross_join(ibis.memtable({"channel": list(rules.channels)}, schema=ibis.schema({"channel": "string"})))
    found = people.left_join(work.result("channel_usual"), ["kind", "silver", "channel"]).select(
        "customer_id", "kind", "silver", "channel", "rate", "strength", "preferred_channel"
    )
    found = found.left_join(_by_channel(work.result("channel_trials")), ["customer_id", "channel"], rname="tried_{name}")
    rate = found.rate.fill_null(0.5)
    strength = found.strength.fill_null(rules.strength_least)
    known = found.rate.notnull() | found.tried.notnull()
    posterior = (found.weight_answered.fill_null(0.0) + rate * strength) / (found.weight.fill_null(0.0) + strength)
    return found.select(
        "customer_id",
        "channel",
        tried=found.tried.fill_null(0),
        answered=found.answered.fill_null(0),
        last_on=found.last_on,
        last_answer_on=found.last_answer_on,
        usual=found.rate,
        strength=found.strength,
        probability=ibis.ifelse(known, rounded(posterior, 6), None),
        stated=(found.preferred_channel == found.channel).fill_null(False),
        version=ibis.literal(rules.version),
    )


def build_purposes(work: Workspace) -> Table:
    """One row a customer, channel and purpose that was tried: the same for that purpose alone."""
    found = work.result("channel_trials").inner_join(
        work.result("channels").select("customer_id", "channel", usual="probability"), ["customer_id", "channel"]
    )
    prior = definitions().purpose_trials
    posterior = (found.weight_answered + found.usual * prior) / (found.weight + prior)
    return found.select("customer_id", "channel", "purpose", "tried", "answered", "last_on", probability=rounded(posterior, 6))


def groups(work: Workspace) -> Table:
    """Who is alike."""
    customers = work.table("customers")
    born_by = add_months(work.day, -12 * definitions().silver_from)
    silver: Value = (customers.birth_date <= ibis.date(born_by)).fill_null(False)
    return customers.select("customer_id", "kind", "preferred_channel", silver=silver)


def _by_channel(trials: Table) -> Table:
    return trials.group_by("customer_id", "channel").aggregate(
        tried=trials.tried.sum(),
        answered=trials.answered.sum(),
        weight=trials.weight.sum(),
        weight_answered=trials.weight_answered.sum(),
        last_on=trials.last_on.max(),
        last_answer_on=trials.last_answer_on.max(),
    )
