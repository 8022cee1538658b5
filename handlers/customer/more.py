"""The customer, or a colleague, wants the whole of the card shown last."""

from domain.effects import Effect, Say
from handlers.answers import details, may_show, not_for_you
from handlers.handler import CUSTOMER, STAFF, Handler, Turn
from handlers.lookups import Lookups


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show the details of the card that the button or the conversation names."""
    card_id = turn.argument or next(iter(turn.conversation.topic), "")
    card = lookups.card(card_id) if card_id else None
    if card is None:
        return (Say(draft=turn.reply("您想细看哪一样？说个名字，我把步骤列出来。")),)
    return details(turn, lookups, card) if may_show(turn, lookups, card) else not_for_you(turn, lookups)


HANDLER = Handler(
    intent="more",
    title="展开",
    audience=CUSTOMER | STAFF,
    handle=handle,
    order=40,
    cues=(
        r"^(?:请|麻烦|再|给我|帮我|那|你)*(?:展开|详细|细|具体|仔细|多)(?:地|一点|点|些|一些)?(?:说|讲|介绍"
        r"|说明|看)?(?:说|讲|看)?(?:一下|下|看|吧|些|点)*[。!~ ]*$",
        r"^(?:要|好的?|嗯|可以|行)[,，! ]*(?:展开|详细|细说)(?:说|讲)?(?:吧|一下)?[。! ]*$",
        r"^(?:然后呢|还有呢|还有吗|接着说|继续(?:说|讲)?|往下说|说全一点|全文|完整版|详情|更多)[。!?~ ]*$",
    ),
    examples=("具体步骤列一列", "能说得再仔细些不", "后面还有什么要注意的", "完整流程发我"),
)
