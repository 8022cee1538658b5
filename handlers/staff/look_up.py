"""A colleague asks the knowledge base, with the cards that this role may see."""

from domain.effects import Effect
from handlers.answers import answer, nothing_found, show
from handlers.handler import STAFF, Handler, Turn
from handlers.lookups import Lookups


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Answer from the card that was chosen, or from the best that a search finds."""
    if not turn.argument:
        return answer(turn, lookups, lookups.search(turn.said))
    card = lookups.card(turn.argument)
    return show(turn, lookups, card) if card else nothing_found(turn, lookups)


HANDLER = Handler(
    intent="look_up",
    title="查知识",
    audience=STAFF,
    handle=handle,
    examples=(
        "挂失补卡要客户带什么",
        "大额取现的规定",
        "公户开立的材料清单",
        "风险测评有效期多长",
        "稳享这款适合哪类客户",
        "存款证明怎么开具",
    ),
)
