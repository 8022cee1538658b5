"""What is true of each person, read from `truth/` of the generated bank. Every file may be missing; weights.yaml says what holds then."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sandbox.players.files import Row, read_rows

#: Channels of an assistant that are no word of the data contract, as its banks would book them.
_BOOKED_AS = {"web": "app", "console": "branch"}
CHANNELS = ("wecom", "sms", "phone", "email", "app", "branch", "visit", "letter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Something that holds from a day on, until (exclusive) another or for good."""

    name: str
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        """Whether it does on that day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """One person or company. `answers` is the percent that they answer by channel; `leaving` are declines that are no false alarm."""

    answers: Mapping[str, float]
    needs: tuple[Span, ...] = ()
    leaving: tuple[Span, ...] = ()

    def open_needs(self, on: date) -> tuple[str, ...]:
        """What is needed on that day."""
        return tuple(need.name for need in self.needs if need.holds(on))

    def is_leaving(self, on: date) -> bool:
        """Whether they are on the way out, or out."""
        return any(on >= decline.since for decline in self.leaving)

    def is_gone(self, on: date) -> bool:
        """Whether nothing comes from them any more."""
        return any(decline.until is not None and on >= decline.until for decline in self.leaving)


NOBODY_SPECIAL = Traits(answers={})


def booked_channel(channel: str) -> str:
    """The channel in the words of the contract. What it does not know is the bank's app."""
    booked = _BOOKED_AS.get(channel, channel)
    return booked if booked in CHANNELS else "app"


def read_traits(truth: Path) -> dict[str, Traits]:
    """The traits by customer id. Nobody whom no file names is in it."""
    answers: dict[str, dict[str, float]] = defaultdict(dict)
    needs: dict[str, list[Span]] = defaultdict(list)
    leaving: dict[str, list[Span]] = defaultdict(list)
    for row in read_rows(truth, "responses"):
        answers[row["customer_id"]][row["channel"]] = float(row["percent"])
    for row in read_rows(truth, "needs"):
        needs[row["customer_id"]].append(_span(row["need"], row, ends="until"))
    for row in read_rows(truth, "churn"):
        if row["shape"] != "false_alarm":
            leaving[row["customer_id"]].append(_span(row["shape"], row, ends="gone_on"))
    return {
        who: Traits(answers=answers.get(who, {}), needs=tuple(needs.get(who, ())), leaving=tuple(leaving.get(who, ())))
        for who in sorted({*answers, *needs, *leaving})
    }


def _span(name: str, row: Row, *, ends: str) -> Span:
    # Banks made before version 2 did not say since when: it holds all along.
    since, until = row.get("since"), row.get(ends)
    return Span(name=name, since=date.fromisoformat(since) if since else date.min, until=date.fromisoformat(until) if until else None)
