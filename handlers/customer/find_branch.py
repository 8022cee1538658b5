"""Where a branch is, when it is open, its phone."""

from collections.abc import Sequence

from domain.book import Branch
from domain.effects import Effect, Say
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups

_SHOWN = 3


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show the branches that the words name, else the customer's own."""
    branches = _named(turn.said, lookups.branches()) or _own(lookups)
    if not branches:
        return (Say(draft=turn.reply("您在哪个城市或哪条路附近？我把网点地址和电话发您。")),)
    lines = [f"{branch.name}：{branch.address}，{branch.hours}，电话 {branch.phone}" for branch in branches[:_SHOWN]]
    return (Say(draft=turn.reply("\n".join((*lines, "节假日时间可能有变，出门前打个电话最稳妥。")))),)


def _named(said: str, branches: Sequence[Branch]) -> list[Branch]:
    by_name = [branch for branch in branches if branch.name in said or branch.name.removesuffix("支行") in said]
    return by_name or [branch for branch in branches if branch.city and branch.city.removesuffix("市") in said]


def _own(lookups: Lookups) -> list[Branch]:
    me = lookups.me()
    own = lookups.branch(me.branch_id) if me else None
    if me is None or own is None:
        return []
    return [own, *(branch for branch in lookups.branches() if branch.city == own.city and branch.id != own.id)]


HANDLER = Handler(
    intent="find_branch",
    title="查网点",
    audience=CUSTOMER,
    handle=handle,
    order=45,
    cues=(
        "!改|预留|留的|变更|更换|修改",
        "!(?:转账|汇款|贷款|开户|补卡|挂失|代办).{0,6}(?:网点|支行)",
        "(?:网点|支行|营业厅|分行|银行|你们)(?:.{0,4})(?:地址|在哪|在什么地方|位置|怎么走|导航|电话是?多少|的电话)",
        "(?:最近|附近|就近|周边|离我近|旁边)(?:.{0,6})(?:网点|支行|营业厅|分行|银行|柜台)",
        "(?:哪里?|哪儿|哪个地方)(?:.{0,3})(?:有|是)(?:.{0,4})(?:网点|支行|营业厅)|^(?:查|找|查询|查一?下"
        "|找一?下)?(?:个|最近的?)?网点[。! ]*$",
    ),
    examples=("我想去一趟柜台，不知道往哪走", "你们门店开在哪条街", "离地铁口不远的营业厅有没有", "发个网点位置给我"),
)
