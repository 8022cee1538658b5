"""Channels: how far the probability of an answer is off, and whether the best channel is told."""

from collections import defaultdict

from crm.evaluating.figure import Figure, missing
from crm.evaluating.judged import Judged
from crm.evaluating.truth import Truth

_TITLE = "渠道回应率：平均偏差"


def channel_figures(truth: Truth, judged: Judged) -> list[Figure]:
    """The figures over the customers of the day and the channels of which both sides say something."""
    true, said = truth.answers(), judged.channels
    if true is None or said is None:
        return [missing("channels.mean_error", _TITLE, "truth/responses" if true is None else "channels")]
    both = sorted(pair for pair in said if pair in true and pair[0] in judged.kinds)
    if not both:
        return [missing("channels.mean_error", _TITLE, "没有两边都有的渠道")]
    pairs: dict[str, list[str]] = defaultdict(list)
    for customer, channel in both:
        pairs[customer].append(channel)
    told = {one: max(sorted(names), key=lambda name, one=one: said[one, name]) for one, names in pairs.items() if len(names) > 1}  # type: ignore[misc]
    right = sum(true[one, channel] >= max(true[one, name] for name in pairs[one]) for one, channel in told.items())
    return [
        Figure(name="channels.mean_error", title=_TITLE, value=sum(abs(said[pair] - true[pair]) for pair in both) / len(both), n=len(both)),
        Figure(
            name="channels.bias", title="渠道回应率：平均高估", value=sum(said[pair] - true[pair] for pair in both) / len(both), n=len(both)
        ),
        Figure(
            name="channels.best_told", title="最好的渠道说对的", value=right / len(told) if told else None, n=len(told),
            note="" if told else "没有可比的渠道",
        ),
    ]  # fmt: skip
