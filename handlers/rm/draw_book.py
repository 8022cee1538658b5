"""The own customers at a glance, as a picture and in words: classes by light of health (F01). A manager sees no small counts."""

from domain.effects import Effect, Say
from domain.message import Button
from domain.party import Role
from handlers.cues import together
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.trend_text import overview_text


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Counts of nobody by name; who it is stands behind the buttons."""
    overview = lookups.overview()
    if overview is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    manager = turn.party.role is Role.MANAGER
    text = overview_text("本支行" if manager else "您名下", overview)
    caveat = lookups.caveat("classes")
    text += f"\n注意：{caveat}" if caveat else ""
    buttons = (
        Button(label="战略级名单", payload="list_class:page=1;战略级"),
        Button(label="关注级名单", payload="list_class:page=1;关注级"),
    )
    return (Say(draft=turn.reply(text, buttons=buttons, image=lookups.picture("本支行" if manager else "我的客户", overview))),)


_PICTURE = "图(?!谱|片|书|章)|画(?!像|面)|总览|一览|分布|结构|大盘|构成"
_BOOK = (
    "我的?(?:全部|所有)?客户|名下(?:的)?客户|我名下|我管的|手[上里]的?客户|按级别|按层级|我的盘子|盘子|全部客户|所有客户|客户(?:总览|结构|分布|分层|级别|构成|大盘)|客户群|客群|各级别|各层级|支行|本行"
    "|分层分布|级别分布"
)

HANDLER = Handler(
    intent="draw_book",
    title="客户总览图",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=13,
    cues=(
        "!他|她|产品|标准|规则|口径|怎么算|话术|案例|网点|nps|投诉|满意|健康度?(?:总览|概览|看板|仪表盘)[。!? ]*$",
        together(_BOOK, _PICTURE),
        "^(?:给我|来|看看?|出)?(?:一?张|个)?(?:我的?)?(?:客户)?总览图?[。!? ]*$",
        together("各级别|各层级|各个?级别|几个?级别|每一?级|每一?层", "多少|几个|几位|人数|分布"),
    ),
    examples=("我这盘子里各档各有几位，画给我看", "手里的客户都落在哪几层", "给我一张总的图", "客户构成一眼看清"),
)
