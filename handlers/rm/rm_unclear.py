"""Nothing an RM said was understood: the nearest card, and what can be asked."""

from domain.book import Customer
from domain.effects import Effect, Say, UpdateConversation
from domain.message import Button
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.routing import NONE_OF_THESE

_BUTTONS = (
    Button(label="待接", payload="waiting:"),
    Button(label="客户名单", payload="find_customers:"),
    Button(label="能做什么", payload="help:"),
)


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say so, with three ways on; where it was about a customer, with what was most likely meant."""
    words, *guesses = turn.argument.split("\n")
    customers = meant(turn, lookups, words) if guesses else ()
    if len(customers) == 1:
        return _about(turn, customers[0], guesses)
    if turn.argument == NONE_OF_THESE:
        text = "那换个说法：看客户说“姓名的画像”，找材料说“……的案例”或直接问业务。"
    else:
        text = "没看懂这句。看客户说“姓名的画像”，找材料说“……的案例”，接客户发“待接”。"
    return (Say(draft=turn.reply(text, buttons=_BUTTONS)),)


def _about(turn: Turn, customer: Customer, guesses: list[str]) -> tuple[Effect, ...]:
    ways = [guess.split(" ", 1) for guess in guesses]
    lines = [f"{number}. {title}" for number, (_, title) in enumerate(ways, start=1)]
    text = "\n".join((f"没完全看懂，您想问{customer.name}的哪一样？", *lines, "回数字，或者换个说法。"))
    buttons = tuple(Button(label=title, payload=f"{intent}:{customer.id}") for intent, title in ways)
    return (Say(draft=turn.reply(text, buttons=buttons, about=(customer.id,))), UpdateConversation(focus=customer.id))


HANDLER = Handler(intent="rm_unclear", title="没听明白", audience=RM, handle=handle, order=900)
