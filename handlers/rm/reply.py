"""An RM speaks to the customer whose conversation is held: 回复 ……. Text without that word is never relayed."""

import re

from domain.effects import Effect, Relay, Say
from domain.message import Button
from handlers.handler import RM, Handler, Turn
from handlers.held import the_one
from handlers.lookups import Lookups
from language.normalise import clip

_PREFIX = re.compile(r"^\s*(?:回复|回覆|答复|发给客户|告诉客户|对客户说)\s*(?:客户)?\s*[:：,，]?\s*", re.IGNORECASE)
_TO_ONE = re.compile(r"(?P<conversation>[^>\s]+:[^>\s]+)>(?P<text>.+)", re.DOTALL)
_NOTHING_HELD = "您现在没有接管任何会话，这句没有发出。发“待接”看谁在等。"


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Relay the words as typed."""
    chosen = _TO_ONE.fullmatch(turn.argument)
    if chosen:
        return (Relay(conversation_id=chosen["conversation"], text=chosen["text"].strip()),)
    text = _PREFIX.sub("", turn.text).strip()
    held = lookups.held()
    if not held:
        return (Say(draft=turn.reply(_NOTHING_HELD)),)
    if not text:
        return (Say(draft=turn.reply("要回客户什么？写成“回复 ……”，我原样发过去。")),)
    entry = the_one(turn, held)
    if entry is not None:
        return (Relay(conversation_id=entry.conversation_id, text=text),)
    lines = [f"{index}. {one.customer_name}" for index, one in enumerate(held, start=1)]
    buttons = tuple(Button(label=clip(one.customer_name, 8), payload=f"reply:{one.conversation_id}>{text}") for one in held)
    return (Say(draft=turn.reply("\n".join(("您接着几位客户，这句发给谁？", *lines, "回数字就行。")), buttons=buttons)),)


HANDLER = Handler(
    intent="reply",
    title="回复客户",
    audience=RM,
    handle=handle,
    order=4,
    cues=(r"^(?:回复|答复|发给客户|告诉客户|对客户说)(?:客户)?(?:[ :,]|(?!率|率高|不了|速度|模板|话术|客户|怎么|什么))\S*",),
)
