"""A customer tells of themselves and asks nothing: 我家宝宝刚满月. It is kept as their own word, its use asked for (B06)."""

import re

from crm.tags.definitions import definitions
from domain.effects import AnswerTagUse, Effect, Say
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.told import choices, is_open, question, record, told_tags

_ANSWER = re.compile(r"(?P<said>yes|no) (?P<tag>[a-z_]+)")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Keep what is told and ask, or keep the answer."""
    answer = _ANSWER.fullmatch(turn.argument)
    if answer and answer["tag"] in definitions().tags:
        return _answered(turn, answer["tag"], granted=answer["said"] == "yes")
    tags = told_tags(turn, lookups)
    if not tags:
        return (Say(draft=turn.reply("好，我听着。有什么要办的，直接说就行。")),)
    kept = tuple(record(turn, tag, quote) for tag, quote in tags)
    first = next((tag for tag, _ in tags if is_open(tag, lookups)), None)
    warm = tags[0][0].warm
    if first is None:
        return (*kept, Say(draft=turn.reply(f"{warm}我记着呢，有用得上我的地方随时说。")))
    return (*kept, Say(draft=turn.reply(f"{warm}{question(first)}", buttons=choices(first))))


def _answered(turn: Turn, tag: str, *, granted: bool) -> tuple[Effect, ...]:
    title = definitions().tags[tag].title
    text = (
        f"好，有跟“{title}”合适的再跟您说一句，不多打扰。哪天不想了，说一声就停。"
        if granted
        else f"好，不会拿“{title}”跟您推荐东西。您有事照样随时问我。"
    )
    return (AnswerTagUse(customer_id=turn.party.id, tag=tag, granted=granted), Say(draft=turn.reply(text)))


HANDLER = Handler(intent="tell_of_me", title="说说近况", audience=CUSTOMER, handle=handle, order=80)
