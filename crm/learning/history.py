"""Rows from the past of a bank that brings history: days four weeks apart, the last of them for measuring.

Nothing is learned from a day whose outcome was not yet known on the day that is measured on.
"""

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from crm.learning.additive import Column
from crm.learning.attributes import columns_of as attribute_columns
from crm.learning.definitions import definitions
from crm.learning.leaks import LeftOut, Why, by_name
from crm.learning.outcomes import Told, silent
from crm.learning.samples import Part, Samples, columns_of, sampled, texts
from crm.learning.sources import Source


def days_of(as_of: date, first_on: date | None, horizon: int | None, *, by_silence: bool) -> tuple[list[date], int]:
    """The days to learn from, oldest first, the last to measure on; and how far ahead is looked. No days where history is too short."""
    rules = definitions()
    history = (as_of - first_on).days if first_on else 0
    silence = rules.silence["silent_days" if history >= rules.silence["enough_history_days"] else "short_days"]
    ahead = horizon or (silence if by_silence else rules.horizon_days)
    days: list[date] = []
    day = as_of - timedelta(days=ahead)
    while first_on and day - first_on >= timedelta(days=rules.history_days) and len(days) <= rules.cutoffs:
        days.append(day)
        day -= timedelta(days=ahead if len(days) == 1 else rules.step_days)
    return sorted(days), ahead


def end_of(as_of: date, last_on: date | None) -> date:
    """The last day of which the history speaks. Where entries stop long before the files do, silence since then says nothing."""
    stopped = last_on is not None and (as_of - last_on).days > definitions().step_days
    return last_on if last_on is not None and stopped else as_of


def of_history(
    source: Source, told: Told | None, *, kinds: list[str] | None, days: list[date], horizon: int, keep: Collection[str]
) -> Samples:
    """The rows of these days. `told` are outcomes, None where silence tells; `kinds` are those of purchases, None for churn."""
    names = source.attribute_names() - {told.label if told else None}
    left_out = by_name(sorted(names), keep=keep)
    forbidden = {one.name for one in left_out}
    parts, seen = [], set()
    for day in days:
        table, attributes = source.observed(day)
        customers = texts(table, "customer_id")
        columns = columns_of(table)
        if kinds is not None:
            columns |= _needs(source, day, kinds, customers)
        elif day == days[-1] and not np.isnan(columns["adjusted"].astype(np.float64)).all():  # the rule is measured on this day only
            order = source.leaving(day)
            columns["rule_order"] = np.array([order.get(one, 0.0) for one in customers], dtype=np.float64)
        brought = attribute_columns(attributes, customers, names)
        seen |= set(brought)
        columns |= {name: one for name, one in brought.items() if name not in forbidden}
        happened = _happened(source, told, day=day, horizon=horizon)
        labels = np.array([one in happened for one in customers], dtype=np.float64)
        part = Part(days=[day] * len(customers), customers=customers, columns=columns, labels=labels)
        parts.append(part.only(in_play(part, told, day=day, horizon=horizon, purchases=kinds is not None)))
    left_out += [LeftOut(name=name, why=Why.AFTER) for name in sorted(names - seen - forbidden)]
    return sampled(parts, left_out=left_out, labelled_by=told.by if told else "silence", horizon=horizon)


def _needs(source: Source, day: date, kinds: list[str], customers: list[str]) -> dict[str, Column]:
    table = source.needed(day, kinds)
    by_customer = dict(zip(texts(table, "customer_id"), table["rule_need"].to_pylist(), strict=True))
    column = np.array([by_customer.get(one, 0.0) for one in customers], dtype=np.float64)
    return {"need": column, "rule_need": column}


def _happened(source: Source, told: Told | None, *, day: date, horizon: int) -> set[str]:
    """Who had the outcome after the day, as far as is looked ahead."""
    if told is None:
        with source.read(source.as_of) as work:
            return set(texts(silent(work, since=day, days=horizon).to_pyarrow(), "customer_id"))
    until = day + timedelta(days=horizon)
    return {one for one, on in told.happened if day < on <= until}


def in_play(part: Part, told: Told | None, *, day: date, horizon: int, purchases: bool) -> NDArray[np.bool_]:
    """Who can still leave: not who was silent already or only just came, nor whose leaving was written down. Everybody can still buy."""
    if purchases:
        return np.full(len(part.customers), True)
    if told is not None:
        over = {one for one, on in told.happened if on <= day}
        return np.array([one not in over for one in part.customers], dtype=bool)
    silent_days = np.asarray(part.columns["silent_days"], dtype=np.float64)
    acted = np.asarray(part.columns["transactions_364"], dtype=np.float64) > 0
    settled = ~(np.asarray(part.columns["tenure_days"], dtype=np.float64) < definitions().silence["settled_days"])
    return np.asarray(acted & settled & (np.nan_to_num(silent_days, nan=np.inf) < horizon))
