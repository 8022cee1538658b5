"""All cards of a base, looked up by what others know about them. A catalogue never changes; a new one replaces it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date

from domain.errors import BadInput
from domain.party import Role
from knowledge.card import Card, CardKind, CardLink


class Catalogue:
    """Cards in order of id. Raises BadInput when two share an id."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self.cards: tuple[Card, ...] = tuple(sorted(cards, key=lambda card: card.id))
        self._by_id = {card.id: card for card in self.cards}
        if len(self._by_id) != len(self.cards):
            twice = sorted({card.id for card in self.cards if sum(other.id == card.id for other in self.cards) > 1})
            raise BadInput(f"these card ids are used twice: {', '.join(twice)}; rename one of each")
        self.content_hash = _hash(self.cards)

    def __len__(self) -> int:
        return len(self.cards)

    def __iter__(self) -> Iterator[Card]:
        return iter(self.cards)

    def find(self, card_id: str) -> Card | None:
        """The card with that id, whoever may see it, or None."""
        return self._by_id.get(card_id)

    def visible_to(self, role: Role, *, on: date, kinds: frozenset[CardKind] | None = None) -> tuple[Card, ...]:
        """The cards that the role may see on that day, of those kinds only when kinds are given."""
        return tuple(card for card in self.cards if card.visible_to(role) and card.valid_on(on) and (kinds is None or card.kind in kinds))

    def for_need(self, need: str, *, role: Role, on: date) -> tuple[Card, ...]:
        """Visible cards that serve a need."""
        return tuple(card for card in self.visible_to(role, on=on) if need in card.needs)

    def for_segment(self, segment: str, *, role: Role, on: date) -> tuple[Card, ...]:
        """Visible cards tagged with a segment."""
        return tuple(card for card in self.visible_to(role, on=on) if segment in card.segments)

    def for_product(self, code: str, *, role: Role, on: date) -> tuple[Card, ...]:
        """Visible cards about a product of the master."""
        return tuple(card for card in self.visible_to(role, on=on) if card.product == code)

    def with_cards(self, cards: Iterable[Card]) -> "Catalogue":
        """A catalogue where these cards are added, or stand in for those of the same id."""
        return Catalogue({**self._by_id, **{card.id: card for card in cards}}.values())


def as_record(card: Card) -> dict[str, object]:
    """The card as plain JSON values, in a fixed order: the content that is hashed and published."""
    return {
        "id": card.id,
        "kind": card.kind.value,
        "title": card.title,
        "questions": list(card.questions),
        "audience": sorted(role.value for role in card.audience),
        "segments": list(card.segments),
        "needs": list(card.needs),
        "approval": card.approval,
        "valid_from": card.valid_from.isoformat(),
        "valid_until": card.valid_until.isoformat(),
        "sources": list(card.sources),
        "product": card.product,
        "ask": card.ask,
        "link": {"label": card.link.label, "to": card.link.to} if card.link else None,
        "answer": card.answer,
        "details": card.details,
        "path": card.path,
    }


def from_record(record: dict[str, object]) -> Card:
    """The card that `as_record` wrote. For our own files: what is malformed raises KeyError, TypeError or ValueError."""
    texts = {name: tuple(map(str, _listed(record[name]))) for name in ("questions", "segments", "needs", "sources")}
    plain = {name: str(record[name]) for name in ("id", "title", "approval", "answer", "details", "path")}
    optional = {name: None if record[name] is None else str(record[name]) for name in ("product", "ask")}
    return Card(
        kind=CardKind(str(record["kind"])),
        audience=frozenset(Role(str(role)) for role in _listed(record["audience"])),
        valid_from=date.fromisoformat(str(record["valid_from"])),
        valid_until=date.fromisoformat(str(record["valid_until"])),
        questions=texts["questions"],
        segments=texts["segments"],
        needs=texts["needs"],
        sources=texts["sources"],
        id=plain["id"],
        title=plain["title"],
        approval=plain["approval"],
        answer=plain["answer"],
        details=plain["details"],
        path=plain["path"],
        product=optional["product"],
        ask=optional["ask"],
        link=_link(record.get("link")),
    )


def _link(value: object) -> CardLink | None:
    """None also in records that were written before cards had links."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise TypeError("a link was expected")
    return CardLink(label=str(value["label"]), to=str(value["to"]))


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("a list was expected")
    return value


def _hash(cards: tuple[Card, ...]) -> str:
    records = [{name: value for name, value in as_record(card).items() if name != "path"} for card in cards]
    return hashlib.sha256(json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
