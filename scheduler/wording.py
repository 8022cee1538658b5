"""The words of the touches, taken from approved cards and checked once when they are loaded."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.errors import BadInput
from knowledge.card import Card
from knowledge.catalogue import Catalogue
from scheduler.touches import Touch

PLACEHOLDERS = ("称呼", "节气", "客户经理")
LONGEST, LONGEST_SHORT = 60, 35  # characters of an approved greeting, placeholders as written
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of a touch from one approved card: `text` for most people, `short` for older customers.

    They may be used while `valid_from <= on < valid_until`.
    """

    card_id: str
    text: str
    short: str
    valid_from: date
    valid_until: date

    def valid_on(self, on: date) -> bool:
        """Whether the approval holds on that day."""
        return self.valid_from <= on < self.valid_until


def load_wordings(touches: Iterable[Touch], cards: Catalogue) -> Mapping[str, Wording]:
    """Take the words of every touch from its cards, by card id. Raises BadInput naming touch and happening for a card that is missing,
    and what `wording` raises for one that cannot be used."""
    wordings: dict[str, Wording] = {}
    for touch in touches:
        for happening, card_id in touch.cards.items():
            card = cards.find(card_id)
            if card is None:
                raise BadInput(f"touch '{touch.id}': there is no card '{card_id}' for {happening}; write it or name another")
            wordings[card_id] = wording(card)
    return wordings


def wording(card: Card) -> Wording:
    """Take the words from a card: its answer, and the first paragraph of its 展开 as the shorter variant.

    Raises BadInput naming the card for an unknown placeholder, a stray brace, a missing variant or one that is too long.
    """
    return Wording(
        card_id=card.id,
        text=_checked(card.id, "first paragraph", card.answer.strip(), LONGEST),
        short=_checked(card.id, "展开", card.details.strip().partition("\n\n")[0], LONGEST_SHORT),
        valid_from=card.valid_from,
        valid_until=card.valid_until,
    )


def _checked(card_id: str, part: str, text: str, longest: int) -> str:
    if not text:
        raise BadInput(f"card {card_id}: {part} is empty; write the greeting there")
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        raise BadInput(f"card {card_id}: unknown placeholder {{{unknown[0]}}} in {part}; use {'、'.join(PLACEHOLDERS)}")
    if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
        raise BadInput(f"card {card_id}: a brace without its other half in {part}; write {{称呼}}")
    if len(text) > longest:
        raise BadInput(f"card {card_id}: {part} has {len(text)} characters, at most {longest} are read; shorten it")
    return text
