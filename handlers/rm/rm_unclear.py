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
    """Say so, with ways on: what was most likely meant, of the customer it was about; else where to begin."""
    if turn.argument == NONE_OF_THESE:
        text = "那换个说法：看客户说“姓名的画像”，找材料说“……的案例”或直接问业务。"
        return (Say(draft=turn.reply(text, buttons=_BUTTONS)),)
    words, *guesses = turn.argument.split("\n")
    customers = meant(turn, lookups, words) if words and guesses else ()
    if guesses and len(customers) == 1:
        return _asked_back(turn, guesses, customers[0])
    if guesses and not words:
        return _asked_back(turn, guesses, None)
    return (Say(draft=turn.reply("没看懂这句。看客户说“姓名的画像”，找材料说“……的案例”，接客户发“待接”。", buttons=_BUTTONS)),)


def _asked_back(turn: Turn, guesses: list[str], customer: Customer | None) -> tuple[Effect, ...]:
    ways = [guess.split(" ", 1) for guess in guesses]
    lines = [f"{number}. {title}" for number, (_, title) in enumerate(ways, start=1)]
    head = f"没完全看懂，您想问{customer.name}的哪一样？" if customer else "没完全看懂，您是想看哪一样？"
    whose = customer.id if customer else ""
    buttons = tuple(Button(label=title, payload=f"{intent}:{whose}") for intent, title in ways)
    draft = turn.reply("\n".join((head, *lines, "回数字，或者换个说法。")), buttons=buttons, about=(whose,) if whose else ())
    return (Say(draft=draft), UpdateConversation(focus=whose)) if whose else (Say(draft=draft),)


HANDLER = Handler(intent="rm_unclear", title="没听明白", audience=RM, handle=handle, order=900)
