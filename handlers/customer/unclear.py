"""Nothing was understood: three likely meanings, or a person after two misses in a row."""

from domain.effects import Effect, Say, UpdateConversation
from handlers.answers import may_show, offer
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.people import ASK_A_PERSON, who_helps
from handlers.routing import NONE_OF_THESE

_MISSES_TO_OFFER = 2
_WORTH_OFFERING = 0.15  # below this even the best card has nothing to do with what was said


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Offer choices first, a person when they did not help."""
    misses = turn.conversation.misses + 1
    if turn.argument == NONE_OF_THESE or misses >= _MISSES_TO_OFFER:
        who = who_helps(lookups.contact_person())
        text = f"我没答到点上。要不我请{who}来接？您不用重说。也可以用几个字说说要办什么。"
        return (Say(draft=turn.reply(text, buttons=(ASK_A_PERSON,))), UpdateConversation(misses=misses))
    evidence = lookups.search(turn.said)
    cards = tuple(hit.card for hit in evidence.choices if hit.score >= _WORTH_OFFERING and may_show(turn, lookups, hit.card))
    if evidence.known >= _WORTH_OFFERING and cards:
        return (*offer(turn, cards), UpdateConversation(misses=misses))
    text = "这个我不一定帮得上。我能答银行的业务、查网点、约客户经理，您想办哪样？"
    return (Say(draft=turn.reply(text, buttons=(ASK_A_PERSON,))), UpdateConversation(misses=misses))


HANDLER = Handler(intent="unclear", title="没听明白", audience=CUSTOMER, handle=handle, order=900)
