"""Learning from start to end: rows, leaks, a fit on earlier days, its figures beside the rule's on later ones, and the model for today."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crm.importing.snapshots import FactsFolder
from crm.learning import artefacts, rule
from crm.learning.additive import Column, Fitted, Floats, fit
from crm.learning.definitions import definitions
from crm.learning.explaining import Explained, explained
from crm.learning.leaks import LeftOut, by_value
from crm.learning.measuring import Flagged, Measured, flagged, measured
from crm.learning.samples import NotEnoughHistory, Samples, Source, gathered, parted, today
from domain.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The rule on the rows that the model was measured on. `model_alike` is the model when it flags as many as the rule."""

    measured: Measured
    model_alike: Flagged


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
    weights: tuple[tuple[str, float], ...]
    rounds: int


def learn(
    data: Path,
    name: str,
    *,
    kind: str | None = None,
    horizon: int | None = None,
    keep: Collection[str] = (),
    ratio: str | None = None,
) -> Learned:
    """Learn a target from the facts under `data`, which is PEIBAN_DATA, and keep the model there.

    `kind` names one kind of outcome, `keep` the attributes that the bank vouches for, `ratio` an attribute that is a ratio of activity, for
    the rule of a bank that brings no transactions. Raises NotEnoughHistory.
    """
    source, rules = _source(data), definitions()
    target = rules.targets[name]
    samples = gathered(source, target, kind=kind, horizon=horizon, keep=keep)
    _check(samples)
    learned_rows = np.flatnonzero(samples.learned_from)
    leaks = by_value(samples.columns, samples.labels, learned_rows, keep=keep)
    used = {name: one for name, one in samples.columns.items() if name not in {leak.name for leak in leaks}}
    if not used:
        raise NotEnoughHistory("not enough history: no feature is left to learn from")
    chosen = np.array([parted(one, rules.chosen_on, salt="chosen") for one in samples.customers])
    trial = fit(_rows(used, learned_rows), samples.labels[learned_rows], chosen=chosen[learned_rows], rules=rules.model)
    on = np.flatnonzero(samples.measured_on)
    chances = trial.model.probability(_rows(used, on))
    figures = measured(samples.labels[on], chances, share=rules.flagged, probabilities=True)
    final = _final(used, samples, chosen, trial)
    beside = _beside(samples, on, chances, ratio)
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
        "left_out": [asdict(one) for one in (*samples.left_out, *leaks)],
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
        left_out=(*samples.left_out, *leaks),
        weights=_weights(final, used),
        rounds=final.rounds,
    )


def explain(data: Path, name: str, customer_id: str, *, kind: str | None = None) -> Explained:
    """Why the model that counts says what it says of a customer today. Raises BadInput where there is no model or no such customer."""
    found = artefacts.current(data, _folder(name, kind))
    if found is None:
        raise BadInput(f"nothing was learned yet; start with 'python -m bot learn {name}'")
    model = found[2]
    customers, columns = today(_source(data), [shape.name for shape in model.shapes])
    told = explained(model, customers, columns, customer_id)
    if told is None:
        raise BadInput(f"nothing is known of {customer_id} today")
    return told


def _source(data: Path) -> Source:
    facts = FactsFolder(data / "facts")
    current = facts.current()
    if current is None:
        raise BadInput("there are no facts yet; take a bank in with 'python -m bot import DIR'")
    return Source(folder=facts.snapshot(current.snapshot), as_of=current.as_of)


def _check(samples: Samples) -> None:
    rules = definitions()
    for rows, least, what in (
        (samples.learned_from, rules.least, "to learn from"),
        (samples.measured_on, rules.least_test, "to measure on"),
    ):
        positives, number = int(samples.labels[rows].sum()), int(rows.sum())
        if positives < least or number - positives < least:
            raise NotEnoughHistory(
                f"not enough history: {positives} of {number} rows {what} had the outcome, at least {least} of either kind"
            )


def _final(used: Mapping[str, Column], samples: Samples, chosen: np.ndarray, trial: Fitted) -> Fitted:
    """The model that is kept: all rows, with the rounds and the calibration that were chosen before."""
    return fit(used, samples.labels, chosen=chosen, rules=definitions().model, given=(trial.rounds, trial.slope, trial.offset))


def _beside(samples: Samples, on: np.ndarray, chances: Floats, ratio: str | None) -> Beside | None:
    found = rule.of_ratio(samples.columns[ratio]) if ratio in samples.columns and ratio else None
    if found is None and samples.rule:
        found = rule.of_warnings(samples.rule, samples.columns)
    if found is None:
        return None
    flags, order = found
    share = float(flags[on].mean())
    figures = measured(samples.labels[on], order[on], share=share, probabilities=False)
    return Beside(measured=figures, model_alike=flagged(samples.labels[on], chances, share=share))


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


def report_of(learned: Learned) -> dict[str, Any]:
    """Everything, for `--json`."""
    return asdict(learned)
