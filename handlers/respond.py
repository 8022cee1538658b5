"""Runs the chosen handler and adds what every turn owes, so that no handler has to think of it.

The first answer to a customer says once that an assistant speaks. The buttons of the last text become the options that "2" may mean.
Waiting for an input ends with the turn unless the handler asked for it again. Misses in a row are forgotten once something was understood.
After an aside, the question of the form is asked again. What staff ask of one customer is kept until they ask something else. What a
customer tells of themselves beside what they ask becomes a tag.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.effects import Effect, Say, UpdateConversation
from domain.errors import BadInput
from domain.message import Kind
from domain.party import Role
from handlers.forms import again, form_of
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.routing import FALLBACK, STAFF_FALLBACK, Routed
from handlers.told import told_beside

NOTICE = "您好，我是银行的智能助手，常见的事我来答，想找人随时说“人工”。"


def respond(turn: Turn, routed: Routed, *, handlers: Sequence[Handler], lookups: Lookups) -> tuple[Effect, ...]:
    """Return every effect of the turn, in order. Raises BadInput when the routed intent is not for the speaker."""
    handler = next((h for h in handlers if h.intent == routed.intent and turn.party.role in h.audience), None)
    if handler is None:
        raise BadInput(f"{turn.party.role.value} has no intent '{routed.intent}'; choose() never returns one, so check who called")
    asked = replace(turn, argument=routed.argument, confidence=routed.confidence, said=routed.said or turn.said)
    effects = handler.handle(asked, lookups)
    effects = (*effects, *told_beside(turn, routed.intent, effects, lookups))
    return (*_notice(turn, effects), *effects, *_resumed(turn, routed), *_memory(turn, routed, effects))


def _notice(turn: Turn, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    told = any(isinstance(effect, UpdateConversation) and effect.greeted for effect in effects)
    if turn.party.role is not Role.CUSTOMER or turn.conversation.greeted or told:
        return ()
    return (Say(draft=replace(turn.reply(NOTICE), kind=Kind.NOTICE)), UpdateConversation(greeted=True))


def _resumed(turn: Turn, routed: Routed) -> tuple[Effect, ...]:
    state = turn.conversation.form
    spec = form_of(state)
    if not routed.aside or spec is None or state is None:
        return ()
    step = again(spec, state)
    return (Say(draft=turn.reply(f"接着刚才的：{step.text}", buttons=step.buttons)),)


def _memory(turn: Turn, routed: Routed, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    conversation = turn.conversation
    said = [effect.draft.buttons for effect in (*effects, *_resumed(turn, routed)) if isinstance(effect, Say)]
    updates = [effect for effect in effects if isinstance(effect, UpdateConversation)]
    options = said[-1] if said else ()
    understood = routed.intent not in (FALLBACK.get(turn.party.role), STAFF_FALLBACK)
    stale = (
        ("options", not options and bool(conversation.options) and all(update.options is None for update in updates)),
        ("pending", conversation.pending is not None and all(update.pending is None for update in updates)),
        ("misses", understood and conversation.misses > 0),
        ("asked", understood and conversation.asked is not None and not routed.question),
    )
    clear = tuple(name for name, is_stale in stale if is_stale)
    asked = routed.question if routed.question != conversation.asked else ""
    if not options and not clear and not asked:
        return ()
    return (UpdateConversation(options=options or None, asked=asked or None, clear=clear),)
