"""What one customer likes to hold, put together from published rows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.needs.definitions import category_title
from crm.preferences.definitions import preference_definitions

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Liked:
    """A kind of product. `share` is None where it was only bought, as insurance, and is no money held."""

    title: str
    share: float | None
    mean_days: int | None
    bought: int
    last_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceView:
    """The kinds, the most held first. `risks` are shares by risk rating, without what has none. `cv` is None without deposits."""

    as_of: date
    kinds: tuple[Liked, ...]
    risks: Mapping[str, float]
    mean_days: int | None
    cv: float | None
    ended: int
    kept: int

    @property
    def held(self) -> tuple[Liked, ...]:
        """What was held within the window."""
        return tuple(kind for kind in self.kinds if kind.share)

    @property
    def swing(self) -> str:
        """How deposits move: 平稳, 有起伏, 大起大落; empty where nothing is known."""
        if self.cv is None:
            return ""
        rules = preference_definitions()
        return "平稳" if self.cv < rules["steady_below"] else "大起大落" if self.cv >= rules["swings_from"] else "有起伏"


def preference_view(rows: Sequence[Row], swings: Sequence[Row], *, as_of: date) -> PreferenceView:
    """Put the rows of one customer together."""
    kinds = sorted((_liked(row) for row in rows), key=lambda one: (-(one.share or 0), one.title))
    risks: dict[str, float] = {}
    for row in rows:
        if row["risk"] and row["share"]:
            risks[row["risk"]] = round(risks.get(row["risk"], 0) + row["share"], 4)
    spells = sum(row["spells"] for row in rows)
    days = sum((row["mean_days"] or 0) * row["spells"] for row in rows)
    swing = swings[0] if swings else None
    return PreferenceView(
        as_of=as_of,
        kinds=tuple(kinds),
        risks=dict(sorted(risks.items())),
        mean_days=round(days / spells) if spells else None,
        cv=swing["cv"] if swing else None,
        ended=(swing["ended"] or 0) if swing else 0,
        kept=(swing["kept"] or 0) if swing else 0,
    )


def _liked(row: Row) -> Liked:
    styles = preference_definitions()["styles"]
    # What has a style of its own is called after it; a term deposit is one whatever its name says.
    name = styles[row["style"]]["title"] if row["style"] and row["risk"] else category_title(row["category"])
    return Liked(
        title=f"{name}{row['risk'] or ''}",
        share=row["share"] or None,
        mean_days=row["mean_days"],
        bought=row["bought"],
        last_on=row["last_on"],
    )
