"""Cards of one kind for a colleague: the best one in three lines, the next ones by number."""

from collections.abc import Collection

from domain.effects import Effect, Say, UpdateConversation
from domain.message import Button
from handlers.answers import details
from handlers.handler import Turn
from handlers.lookups import Lookups
from language.normalise import clip
from retrieval.evidence import Decision

_ALSO = 3


def best_cards(turn: Turn, lookups: Lookups, *, kinds: Collection[str], what: str, intent: str) -> tuple[Effect, ...]:
    """Show a chosen card whole, or search: conclusion first, then what else there is."""
    chosen = lookups.card(turn.argument) if turn.argument else None
    if chosen is not None:
        return details(turn, lookups, chosen)
    evidence = lookups.search(turn.argument or turn.said, kinds=kinds)
    cards = [hit.card for hit in evidence.hits]
    if not cards or evidence.decision is Decision.NONE:
        return (Say(draft=turn.reply(f"{what}里没有贴近的。换个说法，说说客户的情况或目的，我再找。")),)
    first, others = cards[0], cards[1 : 1 + _ALSO]
    also = "还有：" + " ".join(f"{number}. {card.title}" for number, card in enumerate(others, start=2)) if others else ""
    text = "\n".join(part for part in (f"1. {first.title}", first.answer, also, "回数字看全文。") if part)
    buttons = tuple(Button(label=clip(card.title, 8), payload=f"{intent}:{card.id}") for card in (first, *others))
    draft = turn.reply(text, buttons=buttons, card_ids=(first.id,), citations=(first.title,), template=first.id)
    return (Say(draft=draft), UpdateConversation(topic=tuple(card.id for card in (first, *others))))
