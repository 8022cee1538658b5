"""A list of customers in pages: every line leads on, and the words that asked for the list go along to the next page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from handlers.handler import Turn
from handlers.picking import PAGE
from handlers.shown import NEXT_PAGE
from language.normalise import clip

_ASKED = re.compile(r"page=(\d+);?(.*)", re.DOTALL)
_WORDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the list. `leads` is the command of its number."""

    customer: Customer
    text: str
    leads: str


def asked_for(turn: Turn) -> tuple[int, str]:
    """Which page is asked for, from 1, and the words that asked for the list."""
    found = _ASKED.fullmatch(turn.argument)
    return (max(int(found[1]), 1), found[2]) if found else (1, turn.said)


def paged(
    turn: Turn,
    rows: Sequence[Row],
    *,
    intent: str,
    action: str,
    head: str,
    tail: str,
    size: int = PAGE,
    fields: tuple[str, ...] = ("needs",),
) -> tuple[Effect, ...]:
    """Say one page and remember its lines; each look is recorded under `action`.

    `head` has `{page}` where the number of the page goes. A page beyond the last is the last.
    """
    page, words = asked_for(turn)
    pages = max(-(-len(rows) // size), 1)
    page = min(page, pages)
    shown = rows[(page - 1) * size : page * size]
    lines = [f"{number}. {row.text}" for number, row in enumerate(shown, start=1)]
    buttons = [Button(label=clip(row.customer.name, 8), payload=row.leads) for row in shown]
    if page < pages:
        buttons.append(Button(label=NEXT_PAGE, payload=f"{intent}:page={page + 1};{clip(words, _WORDS)}"))
    seen = tuple(RecordAccess(action=action, customer_id=row.customer.id, purpose="relationship", fields=fields) for row in shown)
    text = "\n".join((head.replace("{page}", f"，第 {page}/{pages} 页" if pages > 1 else ""), *lines, tail))
    draft = turn.reply(text, buttons=tuple(buttons), about=tuple(row.customer.id for row in shown))
    return (*seen, Say(draft=draft), UpdateConversation(topic=tuple(row.leads for row in shown)))
