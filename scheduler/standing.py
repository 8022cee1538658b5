"""What keeps a customer out of a touch. The planner is given these sets; it asks nobody.

The gate decides consent again at the moment of sending, for words that were queued earlier. Here it only saves planning in vain.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Customer ids by what is known of them now. `refused` is by the purpose of consent; who refused everything stands under `*`."""

    open_complaint: Collection[str] = frozenset()
    bereaved: Collection[str] = frozenset()
    refused: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """One ground for leaving a customer out, in words for staff. `of` picks its ids, given the touch's purpose of consent."""

    reason: str
    of: Callable[[Standing, str], Collection[str]]


SKIPS: Mapping[str, Skip] = {
    "open_complaint": Skip(reason="有投诉还没办结，先把事办好再问候", of=lambda standing, _: standing.open_complaint),
    "bereavement": Skip(reason="家中有丧事，这段时间不发问候", of=lambda standing, _: standing.bereaved),
    "opted_out": Skip(
        reason="客户说过不要再发这类消息",
        of=lambda standing, consent: {*standing.refused.get(consent, ()), *standing.refused.get("*", ())},
    ),
}
