"""Who is about to leave: the list of warnings of the own customers, the gravest first (C14)."""

from domain.effects import Effect, Say
from domain.party import Role
from handlers.cues import together
from handlers.handler import Handler, Turn
from handlers.leaving_text import warning_line
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.paging import Row, paged


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show one page; a number or a name leads to the causes."""
    as_of = lookups.judged_on()
    if as_of is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    warned = lookups.warnings()
    caveat = lookups.caveat("leaving")
    note = f"注意：{caveat}" if caveat else ""
    if not warned:
        return (Say(draft=turn.reply(f"截至 {as_of}，您名下没有流失预警。{note}")),)
    head = f"流失预警 {len(warned)} 位{{page}}（截至 {as_of}）："
    rows = [Row(customer=one, text=warning_line(one.name, found), leads=f"explain_leaving:{one.id}") for one, found in warned]
    return paged(turn, rows, intent=HANDLER.intent, action="warning.listed", head=head, tail=f"回数字看原因。{note}")


HANDLER = Handler(
    intent="list_warnings",
    title="流失预警名单",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=16,
    offered=True,
    cues=(
        "!为什么|为啥|为何|原因|特征|率|上月|上个月|话术|案例",
        "^(?:看看?|查查?|列出?|打开|给我|发我|拉)?(?:一下|下|出)?(?:我的?|我名下的?|名下的?|现在的?|今天的?|目前的?)*(?:流失|活跃度?)?预警"
        "(?:客户|的客户)?(?:名单|列表|清单|有哪些|有谁|都有谁|情况|有几个|有多少)?[。!? ]*$",
        "^(?:看|查|我的|我这里|我|名下|手里|手上|现在|目前|今天|最近|有)*(?:都)?(?:有)?(?:谁|哪些人?|哪几位|哪些客户|哪位|什么人|哪个客户)(?:客户)?"
        "(?:是)?(?:快|要|可能|有可能|最可能|正在|想|会|有)?(?:要|会)?(?:流失|走了?|跑了?|离开|变冷淡?|冷下来|冷淡|没动静|不活跃|流失风险|流失预警|预警)"
        "(?:的|了|风险|吗|呢|啊)*(?:客户)?[。!? ]*$",
        together("要跑|想走|要走|变冷|冷下来|留不住|快流失|要流失|流失风险", "谁|哪些|哪几|哪位|哪个|几个|多少|名单|列|有没有"),
        "^(?:看看?|查查?|列出?|给我)?(?:一下|下)?(?:快要?|要|可能)?流失(?:的)?(?:客户)?(?:名单|列表|清单|有哪些|有谁)[。!? ]*$",
    ),
    examples=("哪几位眼看要留不住了", "手里头有没有人在悄悄往外走", "最近谁冷下来得最厉害", "把要跑的那批人列给我"),
)
