"""A numbered list of customers to choose from: the number, the name or the button answers it."""

from collections.abc import Sequence

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from handlers.handler import Turn
from handlers.lookups import Lookups
from handlers.profile_text import list_line
from language.normalise import clip

PAGE = 8  # lines that a phone shows without scrolling


def listed(
    turn: Turn, lookups: Lookups, customers: Sequence[Customer], *, intent: str, head: str, extra: Sequence[Button] = (), with_it: str = ""
) -> tuple[Effect, ...]:
    """Say the list and remember it as options; each look is recorded. `with_it` goes behind the id."""
    shown = customers[:PAGE]
    lines = [f"{index}. {list_line(customer, on=lookups.today)}" for index, customer in enumerate(shown, start=1)]
    buttons = tuple(Button(label=clip(customer.name, 8), payload=f"{intent}:{customer.id}{with_it}") for customer in shown)
    text = "\n".join((head, *lines, "回数字就行。"))
    seen = tuple(
        RecordAccess(action="customer.listed", customer_id=customer.id, purpose="relationship", fields=("identity",)) for customer in shown
    )
    draft = turn.reply(text, buttons=(*buttons, *extra), about=tuple(customer.id for customer in shown))
    return (*seen, Say(draft=draft), UpdateConversation(topic=tuple(button.payload for button in buttons)))
