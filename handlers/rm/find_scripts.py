"""An RM looks for words to begin with: questions, not slogans."""

from domain.effects import Effect
from handlers.cards_for_staff import best_cards
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Search the scripts."""
    return best_cards(turn, lookups, kinds={"script"}, what="话术", intent=HANDLER.intent)


HANDLER = Handler(
    intent="find_scripts",
    title="找话术",
    audience=RM,
    handle=handle,
    order=23,
    cues=(
        "话术|开场白|(?:怎么|如何|咋)(?:跟|和|同|对|给)?(?:客户|他|她|老人|阿姨|家长|老板|人家|对方)?.{0,8}"
        "(?:开口|沟通|说比较好|聊|回应|打招呼|破冰|挽留|安抚|讲才|回他|回她|说合适|邀约|接话)|(?:说|聊|讲)"
        "(?:点|些)?什么(?:好|合适)|该(?:怎么|如何)(?:说|讲|聊|问)",
    ),
    examples=("客户净值跌了不高兴，我该讲点啥", "头一回联系人家，起个头", "他说太烦了，我怎么接", "想约他见面，怎样开这个口"),
)
