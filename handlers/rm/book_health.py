"""The health of the whole book: lights, movement, NPS with n, complaints per 1000 contacts (F01, F04)."""

from crm.health.book import book_of
from domain.effects import Effect, Say
from domain.message import Button
from domain.party import Role
from handlers.handler import Handler, Turn
from handlers.health_text import book_text
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say counts; who it is stands behind a button."""
    as_of = lookups.judged_on()
    if as_of is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    healths = [health for _, health in lookups.healths()]
    if not healths:
        return (Say(draft=turn.reply(f"截至 {as_of}，您名下没有评了健康度的客户。")),)
    whose = "本支行" if turn.party.role is Role.MANAGER else "您名下"
    text = book_text(book_of(healths), whose=whose, as_of=as_of, caveat=lookups.caveat("health"))
    buttons = (Button(label="看最差的", payload="list_health:"), Button(label="画总览图", payload="draw_book:"))
    return (Say(draft=turn.reply(text, buttons=buttons)),)


_MINE = "(?:我的?|我名下的?|名下的?|手里的?|手上的?|本支行的?|本行的?|支行的?|全部|所有|整体|整个|咱们?的?)*"

HANDLER = Handler(
    intent="book_health",
    title="客户健康度总览",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=16,
    offered=True,
    cues=(
        "!最差|最低|垫底|谁|哪些|哪几|管理卡|体检",
        f"^(?:看看?|查查?|打开|给我)?(?:一下|下)?{_MINE}(?:客户群?|客群|盘子|名单|支行)(?:们)?(?:的)?(?:整体|总体)?(?:的)?健康(?:度|状况|情况)?"
        "(?:总览|概览|仪表盘|看板|怎么样|如何|分布|吗|呢|好不好)*[。!? ]*$",
        f"^(?:看看?|查查?|打开|给我)?(?:一下|下)?{_MINE}(?:客户)?健康度?(?:总览|概览|仪表盘|看板|分布|大盘)[。!? ]*$",
        f"^{_MINE}(?:客户)?(?:的)?(?:nps|净推荐值|投诉率|满意度)(?:是)?(?:多少|怎么样|如何|呢)*[。!? ]*$",
    ),
    examples=("我这摊客户整体状态好不好", "红黄绿各有几个", "客户对咱们满意不满意，总的说说", "支行的客户关系总的健康不健康"),
)
