"""An RM looks for a success case."""

from domain.effects import Effect
from handlers.cards_for_staff import best_cards
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Search the cases."""
    return best_cards(turn, lookups, kinds={"case"}, what="案例", intent=HANDLER.intent)


HANDLER = Handler(
    intent="find_cases",
    title="找案例",
    audience=RM,
    handle=handle,
    order=22,
    cues=(
        "案例|先例|(?:别人|同事|其他人|兄弟行)(?:是)?(?:怎么|如何)(?:做|弄|搞|服务|经营|留住|盘活)|成功经验"
        "|有没有(?:类似|相似|这样)的(?:例子|做法)|参考例子",
    ),
    examples=("类似的客户以前是怎么盘活的", "给我个做成过的例子学学", "哪位同事处理过这种情况", "做得好的范本有没有"),
)
