"""A question that the knowledge base may answer."""

from domain.effects import Effect
from handlers.answers import answer, may_show, not_for_you, nothing_found, show
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Answer from the card that was chosen, or from the best that a search finds."""
    if not turn.argument:
        return answer(turn, lookups, lookups.search(turn.said))
    card = lookups.card(turn.argument)
    if card is None:
        return nothing_found(turn, lookups)
    return show(turn, lookups, card) if may_show(turn, lookups, card) else not_for_you(turn, lookups)


HANDLER = Handler(
    intent="ask_knowledge",
    title="问业务",
    audience=CUSTOMER,
    handle=handle,
    examples=(
        "卡被机器吞了咋整",
        "手机银行登不上去",
        "密码忘记了想重设",
        "要出国，外币现钞在哪兑",
        "短信提醒怎么开",
        "公司开户带什么资料",
        "打流水去哪儿打",
        "提前还房贷划算不",
        "转错人了钱能追回来吗",
        "身份证过期影响用卡吗",
        "宝宝出生了该怎么存钱",
        "快退休了钱怎么安排",
        "网点周末上班吗",
        "一次取十万要提前说吗",
        "外贸回款怕汇率波动",
        "小微企业贷款要交哪些材料",
        "这笔扣款我不认识",
        "账户怎么用不了了",
    ),
)
