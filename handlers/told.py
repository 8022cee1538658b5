"""What a customer tells of themselves in a turn, whatever it is about: a tag is kept, and its use to recommend is asked for.

The answer to the turn comes first and stays as it is. Where it asks something itself, or is about a complaint or a person, no
question is added.
"""

from collections.abc import Sequence

from crm.tags.definitions import Tag, definitions
from crm.tags.listening import told
from domain.effects import CancelHandOff, Effect, HandOff, OpenTask, RecordConsent, RecordTag, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from domain.tags import TagSource
from handlers.handler import Turn
from handlers.lookups import Lookups
from handlers.routing import TELLS
from language.normalise import clip

_QUOTED = 60
#: After these nobody wants to be asked for a consent.
_GRAVE = (HandOff, CancelHandOff, OpenTask, RecordConsent)


def told_beside(turn: Turn, intent: str, effects: Sequence[Effect], lookups: Lookups) -> tuple[Effect, ...]:
    """The tags that the text tells beside what the handler made of it, and the question whether they may be used."""
    tags = told_tags(turn, lookups) if intent != TELLS else ()
    if not tags:
        return ()
    kept = tuple(record(turn, tag, quote) for tag, quote in tags)
    asks = [effect for effect in effects if isinstance(effect, Say) and effect.draft.buttons]
    waits = any(isinstance(effect, UpdateConversation) and (effect.form or effect.pending) for effect in effects)
    if turn.conversation.form or asks or waits or any(isinstance(effect, _GRAVE) for effect in effects):
        return kept
    fresh = [tag for tag, _ in tags if is_open(tag, lookups)]
    return (*kept, *(Say(draft=turn.reply(question(tag), buttons=choices(tag))) for tag in fresh[:1]))


def told_tags(turn: Turn, lookups: Lookups) -> tuple[tuple[Tag, str], ...]:
    """What the speaking customer tells of themselves: each tag with the clause."""
    me = lookups.me() if turn.party.role is Role.CUSTOMER else None
    if me is None:
        return ()
    return tuple((definitions().tags[one.tag], one.quote) for one in told(turn.said, kind=me.kind))


def record(turn: Turn, tag: Tag, quote: str) -> RecordTag:
    """The tag as the customer's own word."""
    return RecordTag(
        customer_id=turn.party.id,
        tag=tag.id,
        source=TagSource.DECLARED,
        confidence=definitions().confidence[TagSource.DECLARED],
        evidence=clip(quote, _QUOTED),
        until=tag.until(turn.at),
    )


def is_open(tag: Tag, lookups: Lookups) -> bool:
    """Whether the customer has not answered yet whether this may be used."""
    me = lookups.me()
    said = (lookups.tags(me.id) if me else None) or ()
    return all(view.may_recommend is None for view in said if view.tag == tag.id and view.source is TagSource.DECLARED)


def question(tag: Tag) -> str:
    """Ask once, plainly, before anything is used to recommend."""
    return f"您说的这件事我记下了（{tag.title}，您自己说的）。以后有合适的服务，可以据此跟您提一句吗？不愿意也没关系。"


def choices(tag: Tag) -> tuple[Button, ...]:
    """The two answers."""
    return (Button(label="可以", payload=f"{TELLS}:yes {tag.id}"), Button(label="不用", payload=f"{TELLS}:no {tag.id}"))
