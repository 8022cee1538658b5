"""A meeting prepared in one message: “下午见张伟，给我准备一下”."""

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.brief_text import brief_text
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.profile_text import NOT_YOURS
from handlers.the_one import the_one


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Put together what is known of one customer; offer a choice when several are called that."""
    customer = the_one(turn, lookups, intent=HANDLER.intent)
    if not isinstance(customer, Customer):
        return customer
    profile = lookups.profile(customer.id)
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
_READY = "(?:准备|整理|备[一下个]|备课|简报|要点|注意|要知道|了解|过一下|过一遍|提纲|功课|材料|交代)"
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
        f"^(?=.*{_READY}).{{0,12}}?(?:见|拜访|会见|约了|接待|碰头|面谈)(?:一下|个)?"
        "(?P<argument>[^,，。! ]{1,12}?)(?:之前|以前|前|[,，。]|$)",
        f"^(?=.*{_READY})(?:[跟和与])(?P<argument>[^,，。! ]{{1,10}}?)(?:面谈|见面|碰面|会面|会谈|碰头)",
        f"^(?=.*{_READY})(?P<argument>[^,，。! ]{{1,12}}?)(?:来行里|来网点|来支行|要来|过来|来我这|马上到|快到了?|就要?到了|来办事|到行里)",
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
