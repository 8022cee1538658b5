"""How likely each reaction to a message is. Pure: no chance in here, so that every figure can be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.players.weights import Weights

NOTHING, READ = "ignore", "read"
#: What can be done about a message. `ignore` and `read` leave no text; `buy` happens elsewhere; all others are typed.
ACTS = (NOTHING, READ, "thanks", "question", "press", "person", "buy", "opt_out", "complain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A message from the point of view of who gets it.

    `percent` is how often they answer on that channel; `lately` counts the unasked messages of the seven days before, `said` what they
    themselves said on the day. `can_buy`: the message speaks of a product that they could pay for.
    """

    unasked: bool
    by_person: bool
    notice: bool
    hour: int
    percent: float
    lately: int = 0
    said: int = 0
    need_open: bool = False
    leaving: bool = False
    can_buy: bool = False
    has_buttons: bool = False


def chances(situation: Situation, weights: Weights) -> dict[str, float]:
    """The probability of each act; together they are one."""
    if situation.notice:
        return {NOTHING: 0.0, READ: 1.0}
    return _to_unasked(situation, weights) if situation.unasked else _to_answer(situation, weights)


def _to_unasked(situation: Situation, weights: Weights) -> dict[str, float]:
    figures = weights.unasked
    answers = situation.percent / 100 * figures.each_lately**situation.lately
    if figures.night.hold(situation.hour):
        answers *= figures.night_factor
    if situation.need_open and situation.can_buy:
        answers *= figures.need
    if situation.leaving:
        answers *= figures.leaving
    answers = min(answers, 0.95)
    shares = _possible(figures.answers, situation)
    acts = {act: answers * share / sum(shares.values()) for act, share in shares.items()}
    annoyed = figures.annoyed_each**situation.lately * (figures.annoyed_leaving if situation.leaving else 1)
    silent = 1 - answers
    acts["opt_out"] = silent * min(figures.opt_out * annoyed, 0.5)
    acts["complain"] = silent * min(figures.complain * annoyed, 0.2)
    return _completed(acts, read=figures.read)


def _to_answer(situation: Situation, weights: Weights) -> dict[str, float]:
    if situation.said >= weights.said_at_most:
        return {NOTHING: 0.0, READ: 1.0}
    shares = _possible(weights.by_person if situation.by_person else weights.answered, situation)
    tired = weights.each_said ** max(0, situation.said - 1)
    return _completed({act: share * tired for act, share in shares.items()}, read=1.0)


def _possible(shares: Mapping[str, float], situation: Situation) -> dict[str, float]:
    """Without what cannot be: nobody buys what is not spoken of, not affordable or, unasked, not needed; nor presses what is not there."""
    wanted = situation.need_open or not situation.unasked
    impossible = set() if situation.can_buy and wanted else {"buy"}
    if not situation.has_buttons:
        impossible.add("press")
    return {act: share for act, share in shares.items() if act not in impossible}


def _completed(acts: dict[str, float], *, read: float) -> dict[str, float]:
    rest = 1 - sum(acts.values())
    return acts | {READ: rest * read, NOTHING: rest * (1 - read)}
