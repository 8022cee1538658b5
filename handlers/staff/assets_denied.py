"""Colleagues at the counter, in the lobby and in product ask for a customer's money: refused, yes/no questions and rankings too (H02)."""

from domain.effects import Effect, Say
from domain.party import Role
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for all handlers
    """Refuse alike whatever is asked and whoever it is about, so that nothing can be read from the answer."""
    text = "您的权限不含客户的资产和流水，有没有、够不够、谁更多都不能查。要办业务，请客户本人在柜面或App核对。"
    return (Say(draft=turn.reply(text)),)


HANDLER = Handler(
    intent="assets_denied",
    title="资产不可查",
    audience=frozenset({Role.TELLER, Role.LOBBY, Role.PRODUCT}),
    handle=handle,
    order=20,
    cues=(
        "!(?:证明|怎么办|怎么开|如何|流程|材料|到账)",
        "(?:余额|资产|持仓|家底|身家|aum)(?:.{0,6})(?:多少|几|明细|情况|查|看|有|吗|超|[?]|$)|(?:有|存了?"
        "|放了?)(?:多少|几)(?:钱|万|存款)|(?:查|看|告诉我).{0,8}(?:余额|流水|资产|交易明细|持仓)",
        "(?:是不是|有没有|够不够|超没超).{0,10}(?:\\d|[一二三五十百千])+(?:.{0,2})(?:万|亿)|谁(?:的)?(?:钱|存款|资产).{0,4}(?:多|最|更)",
    ),
    examples=("他卡里剩多少", "这人是大客户吗，有几百万没", "把他的进出账给我瞧瞧"),
)
