"""A meeting prepared in one message: “下午见张伟，给我准备一下”."""

from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.brief_text import brief_text
from handlers.handler import Handler, Turn
from handlers.health_text import NO_RUN
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.picking import listed
from handlers.profile_text import NOT_YOURS


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Put together what is known of one customer; offer a choice when several are called that."""
    customers = meant(turn, lookups, turn.argument)
    if len(customers) > 1:
        return listed(turn, lookups, customers, intent=HANDLER.intent, head=f"叫这个的有 {len(customers)} 位，见哪一位？")
    profile = lookups.profile(customers[0].id) if customers else None
    if profile is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    as_of, one = lookups.judged_on(), profile.customer_id
    if as_of is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    text = brief_text(
        profile,
        label=lookups.labels([one]).get(one, ""),
        life=lookups.stage_of_life(one),
        health=lookups.health(one),
        judged=lookups.leaving(one),
        causes=lookups.causes(one),
        reaching=lookups.reaching(one),
        chart=lookups.needs(one),
        reasons=lookups.reasons(one),
        offers_refused=lookups.refuses_offers(one),
        day=lookups.today,
        as_of=as_of,
        caveat=lookups.caveat("brief"),
    )
    seen = RecordAccess(
        action="brief.viewed", customer_id=one, purpose="relationship", fields=("identity", "contact", "products", "risk", "needs")
    )
    buttons = (
        Button(label="需求图谱", payload=f"show_needs:{one}"),
        Button(label="看健康度", payload=f"show_health:{one}"),
        Button(label="展开资产", payload=f"show_assets:{one}"),
        Button(label="还缺什么", payload=f"kyc_gaps:{one}"),
    )
    return (seen, Say(draft=turn.reply(text, buttons=buttons, about=(one,))), UpdateConversation(focus=one))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{1,20}?)"
_WHEN = (
    "(?:我)?(?:今天|明天|后天|下午|上午|早上|晚上|待会儿?|一会儿?|马上|等会儿?|等下|周[一二三四五六日]|下周[一二三四五六日]?"
    "|[一二三四五六七八九十\\d]+点(?:半)?|要|得|准备)*"
)
_MEET = "(?:见|会见|约见|拜访|去见|去拜访|约了|要见|接待|上门看|去看|面谈|碰|见面)"
_PREPARE = (
    "(?:给我|帮我|替我|麻烦|请)?(?:先|好好)?(?:准备|整理|备|总结|汇总|梳理|过)(?:一下|下|一份|个|一遍|点)?"
    "(?:材料|资料|功课|简报|要点|提纲|背景|东西)?"
)

HANDLER = Handler(
    intent="meeting_brief",
    title="会前简报",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=15,
    about_one=True,
    cues=(
        "!话术|案例|预约",
        f"^{_WHEN}{_MEET}(?:一下|下)?(?:客户)?{_NAME}(?:这个|这位)?(?:客户|面)?[ ,，。;；]+{_PREPARE}[吧呢啊]*[。!? ]*$",
        f"^{_WHEN}{_MEET}(?:一下|下)?(?:客户)?{_NAME}(?:之前|前)?[ ,，]*"
        "(?:有什么|要|需要|该)?(?:注意|准备|知道|了解)(?:什么|些什么|啥|哪些|的)*[呢啊吗]*[。!? ]*$",
        f"^{_PREPARE}(?:一下|下)?(?:和|跟|与|见|拜访)?{_NAME}(?:的)?(?:见面|会面|会前|拜访|面谈)(?:的)?"
        "(?:材料|资料|简报|要点|提纲|功课)?[。!? ]*$",
        f"^(?:给我|来|发|出)?(?:一份|个|份)?{_NAME}(?:的)?(?:会前|拜访|见面)(?:的)?(?:简报|准备|材料|要点|提纲)[。!? ]*$",
    ),
    examples=(
        "等会儿跟他碰头，我得先知道些什么",
        "约了她喝茶，把要紧的给我列列",
        "出门拜访之前帮我把功课做了",
        "一会儿客户就到，快给我理个提纲",
    ),
)
