"""The class of one customer as of a day, and where it comes from: a run of that day, or a computation of today over the facts of then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.lifecycle.definitions import lifecycle_definitions
from crm.needs.definitions import needs
from crm.segmentation.reasons import ClassView, class_view

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownClass:
    """What was judged as of the day. `view` is None where the relation had ended (`stage` says so) or had not begun (no `stage`).

    `parameters` is the day whose population the customer was measured against where this was computed again; None for a run's own result.
    """

    as_of: date
    view: ClassView | None
    row: Row | None
    stage: str | None
    since: date | None
    parameters: date | None = None

    @property
    def stage_title(self) -> str:
        """The name of the stage, with the plan's other name for it where there is one: 成熟期（成熟稳定期）."""
        body = lifecycle_definitions().stages[str(self.stage)]
        aliases = body["aliases"] if isinstance(body["aliases"], list) else []
        other = next((alias for alias in aliases if alias.endswith("期")), "")
        return f"{body['title']}（{other}）" if other else str(body["title"])


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOfThatTime:
    """The parameters of that day are not there, and computing them takes a run: `python -m bot assess --at`."""

    day: date


def known_class(classes: Sequence[Row], lifecycle: Sequence[Row], *, as_of: date, parameters: date | None = None) -> KnownClass:
    """Put the rows of one customer together."""
    row = classes[0] if classes else None
    stage = lifecycle[0] if lifecycle else None
    return KnownClass(
        as_of=as_of,
        view=class_view(row, need_title=need_title(row)) if row else None,
        row=row,
        stage=stage["stage"] if stage else None,
        since=stage["since"] if stage else None,
        parameters=parameters,
    )


def need_title(row: Row) -> str:
    """The Chinese name of the likeliest need of a row of `classes`; empty where none is likely enough to be said."""
    found = needs().needs.get(row["need_id"]) if row["need_id"] else None
    return found.title if found and row["need"] >= needs().shown_from else ""
