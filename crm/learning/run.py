"""Learning from start to end: rows, leaks, a fit on earlier days, its figures beside the rule's on later ones, and the model for today."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crm.importing.snapshots import FactsFolder
from crm.learning import artefacts, rule
from crm.learning.additive import Column, Fitted, crossed, fit
from crm.learning.attributes import repeated_since
from crm.learning.brought import of_attributes
from crm.learning.cutting import Floats
from crm.learning.definitions import Target, definitions
from crm.learning.explaining import Explained, explained
from crm.learning.history import days_of, end_of, of_history
from crm.learning.leaks import LeftOut, Suspect, by_value, suspicious
from crm.learning.measuring import Flagged, Measured, difference, flagged, measured
from crm.learning.outcomes import kinds_of, labelled, present_kinds, told
from crm.learning.samples import NotEnoughHistory, Samples, parted
from crm.learning.sources import Source
from crm.learning.today import today
from domain.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The rule on the rows that the model was measured on. `model_alike` is the model when it flags as many as the rule.

    `better` is by how much the model orders the same rows better, in AUROC, and `better_from` and `better_to` its 95 % interval.
    """

    measured: Measured
    model_alike: Flagged
    better: float
    better_from: float
    better_to: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned. `weights` are features with their share of the model's say, the strongest first."""

    target: str
    title: str
    model: str
    as_of: str
    labelled_by: str
    horizon_days: int
    split: str
    learned_rows: int
    learned_positives: int
    first_day: str
    last_day: str
    model_figures: Measured
    rule_figures: Beside | None
    left_out: tuple[LeftOut, ...]
    suspects: tuple[Suspect, ...]
    weights: tuple[tuple[str, float], ...]
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What may be said about the data. `label` and `time` are attributes: the outcome as `NAME` or `NAME=VALUE`, and the order of the rows.

    `kind` names one kind of outcome, `keep` the attributes that the bank vouches for, `ratio` an attribute that is a ratio of activity, for
    the rule of a bank that brings no transactions.
    """

    kind: str | None = None
    horizon: int | None = None
    keep: Collection[str] = ()
    ratio: str | None = None
    label: str | None = None
    time: str | None = None


def learn(data: Path, name: str, asked: Asked | None = None) -> Learned:
    """Learn a target from the facts under `data`, which is PEIBAN_DATA, and keep the model there. Raises NotEnoughHistory."""
    return _learned(data, _source(data), name, asked or Asked())


def learn_each(data: Path, name: str, asked: Asked | None = None) -> tuple[list[Learned], dict[str, str]]:
    """Learn every kind of outcome of a target by itself. Beside what was learned: the kinds that could not be, and why."""
    source = _source(data)
    with source.read(source.as_of) as work:
        kinds = kinds_of(work, definitions().targets[name], None)
    if not kinds:
        raise NotEnoughHistory("there are no outcomes of purchases")
    learned, not_learned = [], {}
    for kind in kinds:
        try:
            learned.append(_learned(data, source, name, replace(asked or Asked(), kind=kind)))
        except NotEnoughHistory as reason:
            not_learned[kind] = str(reason)
    return learned, not_learned


def _learned(data: Path, source: Source, name: str, asked: Asked) -> Learned:
    rules, kind, keep = definitions(), asked.kind, asked.keep
    target = rules.targets[name]
    unknown = ({*keep, *filter(None, (asked.ratio, asked.time))}) - source.attribute_names()
    if unknown:
        raise BadInput(f"fewer than {rules.least} customers have an attribute {'、'.join(sorted(unknown))}")
    samples = _gathered(source, target, asked)
    _check(samples)
    learned_rows, on = np.flatnonzero(~samples.measured_on), np.flatnonzero(samples.measured_on)
    leaks = by_value(samples.columns, samples.labels, learned_rows, keep=keep)
    used = {name: one for name, one in samples.columns.items() if name not in {leak.name for leak in leaks}}
    if not used:
        raise NotEnoughHistory("no feature is left to learn from")
    chosen = np.array([parted(one, rules.chosen_on, salt="chosen") for one in samples.customers], dtype=bool)
    suspects = tuple(suspicious(used, samples.labels, learned_rows))
    known = [samples.customers[one] for one in learned_rows]
    trial = _tried(_rows(used, learned_rows), samples.labels[learned_rows], chosen[learned_rows], known)
    chances = trial.model.probability(_rows(used, on))
    figures = measured(samples.labels[on], chances, share=rules.flagged, probabilities=True)
    # The model that is kept has learned from all rows, with the rounds and the calibration that were chosen before.
    given = (trial.rounds, trial.slope, trial.offset)
    final = fit(used, samples.labels, chosen=chosen, rules=rules.model, given=given)
    beside = _beside(samples, on, chances, asked.ratio)
    left_out = (*samples.left_out, *leaks)
    body = {
        "version": rules.version,
        "target": name,
        "kind": kind,
        "as_of": source.as_of.isoformat(),
        "horizon_days": samples.horizon,
        "labelled_by": samples.labelled_by,
        "split": samples.split,
        "measured": asdict(figures),
        "rule": asdict(beside) if beside else None,
        "left_out": [asdict(one) for one in left_out],
        "suspects": [asdict(one) for one in suspects],
        "model": final.model.as_json(),
    }
    return Learned(
        target=name,
        title=target.title if kind is None else f"{target.title}（{kind}）",
        model=artefacts.keep(data, _folder(name, kind), body),
        as_of=source.as_of.isoformat(),
        labelled_by=samples.labelled_by,
        horizon_days=samples.horizon,
        split=samples.split,
        learned_rows=len(learned_rows),
        learned_positives=int(samples.labels[learned_rows].sum()),
        first_day=min(samples.days).isoformat(),
        last_day=max(samples.days).isoformat(),
        model_figures=figures,
        rule_figures=beside,
        left_out=left_out,
        suspects=suspects,
        weights=_weights(final, used),
        rounds=final.rounds,
    )


def _tried(columns: Mapping[str, Column], labels: Floats, chosen: NDArray[np.bool_], customers: Sequence[str]) -> Fitted:
    """A model of the rows to learn from, its rounds and calibration chosen on some of them, or on all by turns where outcomes are few."""
    rules = definitions()
    if labels[chosen].sum() >= rules.least_chosen:
        return fit(columns, labels, chosen=chosen, rules=rules.model)
    shares = [sum(parted(one, part / rules.folds, salt="fold") for part in range(1, rules.folds)) for one in customers]
    given = crossed(columns, labels, np.array(shares, dtype=np.int64), rules=rules.model)
    return fit(columns, labels, chosen=chosen, rules=rules.model, given=given)


def _gathered(source: Source, target: Target, asked: Asked) -> Samples:
    """All rows: of the past where there is history for it, of attributes otherwise."""
    with source.read(source.as_of) as work:
        kinds = [] if asked.label else kinds_of(work, target, asked.kind)
        happened = labelled(work, asked.label) if asked.label else told(work, target, kinds)
        entries, attributes = work.table("transactions"), work.table("attributes")
        spans = entries.aggregate(first=entries.on.min(), last=entries.on.max()).to_pyarrow().to_pylist()[0]
        first_on = spans["first"]
        brought = bool(attributes.limit(1).to_pyarrow().num_rows)
        repeated = repeated_since(work)
        present = present_kinds(work)
    end = end_of(source.as_of, spans["last"])
    days, ahead = days_of(end, first_on, asked.horizon, by_silence=happened is None)
    if not days and happened is not None and repeated:
        # Snapshots say by themselves how it was: they need no history before the first.
        days, ahead = days_of(source.as_of, repeated - timedelta(days=definitions().history_days), asked.horizon, by_silence=False)
    if days and asked.time is None:
        purchases = None if target.name == "churn" else kinds
        return of_history(source, happened, kinds=purchases, days=days, horizon=ahead, keep=asked.keep)
    if happened is not None and brought:
        return of_attributes(source, happened, keep=asked.keep, time=asked.time)
    history = (end - first_on).days if first_on else 0
    needed = definitions().history_days + ahead
    without = f"no outcome says who left (there are {'、'.join(present)}; name one with --kind)" if present else "no outcome says who left"
    raise NotEnoughHistory(
        f"{history} days of transactions, {needed} are needed, and "
        + ("no attributes" if happened is not None else f"{without}; --label names an attribute that does")
    )


def explain(data: Path, name: str, customer_id: str, *, kind: str | None = None) -> Explained:
    """Why the model that counts says what it says of a customer today. Raises BadInput where there is no model or no such customer."""
    found = artefacts.current(data, _folder(name, kind))
    if found is None:
        raise BadInput(f"nothing was learned yet; start with 'python -m bot learn {name}'")
    model = found[2]
    reasons = explained(model, *today(_source(data), model), customer_id)
    if reasons is None:
        raise BadInput(f"nothing is known of {customer_id} today")
    return reasons


def _source(data: Path) -> Source:
    facts = FactsFolder(data / "facts")
    current = facts.current()
    if current is None:
        raise BadInput("there are no facts yet; take a bank in with 'python -m bot import DIR'")
    return Source(folder=facts.snapshot(current.snapshot), as_of=current.as_of)


def _check(samples: Samples) -> None:
    rules = definitions()
    for rows, least, what in (
        (~samples.measured_on, rules.least, "to learn from"),
        (samples.measured_on, rules.least_test, "to measure on"),
    ):
        positives, number = int(samples.labels[rows].sum()), int(rows.sum())
        if positives < least or number - positives < least:
            raise NotEnoughHistory(f"{positives} of {number} rows {what} had the outcome, at least {least} of either kind")


def _beside(samples: Samples, on: np.ndarray, chances: Floats, ratio: str | None) -> Beside | None:
    found = rule.of_ratio(samples.columns[ratio]) if ratio in samples.columns and ratio else None
    found = found or rule.of_needs(samples.rule) or rule.of_warnings(samples.rule, samples.columns, on)
    if found is None:
        return None
    flags, order = found
    share = float(flags[on].mean())
    figures = measured(samples.labels[on], order[on], share=share, probabilities=False)
    better, low, high = difference(samples.labels[on], chances, order[on])
    return Beside(
        measured=figures,
        model_alike=flagged(samples.labels[on], chances, share=share),
        better=better,
        better_from=low,
        better_to=high,
    )


def _rows(columns: Mapping[str, Column], rows: np.ndarray) -> dict[str, Column]:
    return {name: one[rows] for name, one in columns.items()}


def _weights(fitted: Fitted, columns: Mapping[str, Column]) -> tuple[tuple[str, float], ...]:
    """How much each feature moves the log-odds on average, as a share of all."""
    moved = np.abs(fitted.model.contributions(columns)).mean(axis=0)
    total = float(moved.sum()) or 1.0
    shares = [(shape.name, round(float(one) / total, 4)) for shape, one in zip(fitted.model.shapes, moved, strict=True)]
    return tuple(sorted((one for one in shares if one[1] > 0), key=lambda one: (-one[1], one[0])))


def _folder(name: str, kind: str | None) -> str:
    return name if kind is None else f"{name}-{''.join(one if one.isalnum() else '-' for one in kind)}"
