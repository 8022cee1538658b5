"""Which single customer is meant, or what to answer where that is nobody of the viewer's, or several."""

from collections.abc import Sequence

from domain.book import Customer
from domain.effects import Effect, Say
from handlers.handler import Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.picking import listed
from handlers.profile_text import NOT_YOURS


def the_one(turn: Turn, lookups: Lookups, *, intent: str) -> Customer | tuple[Effect, ...]:
    """The customer that the turn's argument names; else a choice that comes back to `intent`, or that there is no such customer."""
    return one_of(turn, lookups, meant(turn, lookups, turn.argument), intent=intent)


def one_of(turn: Turn, lookups: Lookups, customers: Sequence[Customer], *, intent: str, with_it: str = "") -> Customer | tuple[Effect, ...]:
    """The same of customers that were found already. `with_it` goes behind the id of the one that is chosen."""
    if len(customers) > 1:
        return listed(turn, lookups, customers, intent=intent, head=f"叫这个的有 {len(customers)} 位，看哪一位？", with_it=with_it)
    return customers[0] if customers else (Say(draft=turn.reply(NOT_YOURS)),)
