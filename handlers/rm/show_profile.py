"""An RM looks at one of the own customers: the basic layer and what the run knows at once, assets only after a second factor."""

from collections.abc import Sequence

from crm.segmentation.known import KnownClass
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from handlers.answers import answer
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.picking import PAGE, listed
from handlers.profile_text import NOT_YOURS, profile_text
from handlers.tag_text import short
from handlers.view_text import view_lines
from retrieval.evidence import Decision


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show the profile; offer a choice when several are called that."""
    customers = meant(turn, lookups, turn.argument)
    if len(customers) > 1:
        head = f"叫这个的有 {len(customers)} 位{'，先列 8 位' if len(customers) > PAGE else ''}："
        return listed(turn, lookups, customers, intent="show_profile", head=head)
    profile = lookups.profile(customers[0].id) if customers else None
    if profile is None:
        evidence = lookups.search(turn.said)  # "看看存款证明" names no customer
        return answer(turn, lookups, evidence) if evidence.decision is Decision.DIRECT else (Say(draft=turn.reply(NOT_YOURS)),)
    seen = RecordAccess(
        action="profile.viewed",
        customer_id=profile.customer_id,
        purpose="relationship",
        fields=("identity", "contact", "products", "risk", "needs"),
    )
    tags = short(lookups.tags(profile.customer_id) or ())
    text = profile_text(profile, tags=tags, judged=_judged(lookups, profile.customer_id), caveat=lookups.caveat("profile"))
    buttons = tuple(Button(label=label, payload=f"{intent}:{profile.customer_id}") for label, intent in SECTIONS)
    draft = turn.reply(text, buttons=buttons, about=(profile.customer_id,))
    return (seen, Say(draft=draft), UpdateConversation(focus=profile.customer_id))


def _judged(lookups: Lookups, customer_id: str) -> Sequence[str]:
    as_of = lookups.judged_on()
    if as_of is None:
        return ()
    known = lookups.class_of(customer_id)
    return view_lines(
        known=known if isinstance(known, KnownClass) else None,
        life=lookups.stage_of_life(customer_id),
        health=lookups.health(customer_id),
        judged=lookups.leaving(customer_id),
        chart=lookups.needs(customer_id),
        reaching=lookups.reaching(customer_id),
        as_of=as_of,
    )


#: In the order in which “第二部分” counts them.
SECTIONS = (
    ("展开资产", "show_assets"),
    ("展开活跃", "show_activity"),
    ("展开需求", "show_needs"),
    ("展开健康", "show_health"),
    ("展开联系", "how_to_reach"),
    ("展开标签", "show_tags"),
    ("展开KYC", "kyc_gaps"),
    ("会前简报", "meeting_brief"),
)
_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{1,20}?)"
_ASK = "(?:帮我|请|麻烦|给我|我想|我要|想)?"
_WHAT = "(?:画像|概况|情况|资料|档案|信息|基本信息|详情|背景|简况|概览)"

HANDLER = Handler(
    intent="show_profile",
    title="看画像",
    audience=RM,
    handle=handle,
    order=30,
    about_one=True,
    cues=(
        "!资产|余额|明细|流水|案例|话术|怎么(?!样)|咋(?!样)|怎样|如何(?![呢啊吧。!? ]*$)|哪些|名单|待接|任务|待办|持仓"
        "|多少钱|有多少|产品资料|开户资料",
        f"^{_NAME} ?(?:是谁|什么来头|什么人|这个人怎么样|这人啥情况|啥情况|什么情况)[。!? ]*$",
        f"^{_ASK}(?:看看?|查查?|查询|调|调出|打开|搜|找|了解|说说|讲讲|介绍)?(?:一下|下|看)?(?:客户)? ?{_NAME}"
        f"(?:这个客户|这位客户|客户)?(?:的)? ?(?:客户)?{_WHAT}(?:怎么样|如何|给我|看看|吧|呢|发我|一下)*[。!? ]*$",
        f"^{_ASK}(?:看看|看一?下|查查|查一?下|查询|查|调出|打开|搜一?下|搜|画像)(?:客户)? ?{_NAME}[。!? ]*$",
        f"^(?:客户)?(?:画像|概况) ?[:：]? ?{_NAME}[。! ]*$",
        f"^{_ASK}(?:看看?|查查?|说说|来个?|出个?)?(?:一下|下)?{_NAME}(?:客户)?(?:的)?(?:360度?(?:视图|画像|全景)?|全景(?:图|画像|视图)?|全貌|概貌"
        "|整体(?:情况|状况)?|总体情况|综合情况|全面情况)(?:怎么样|咋样|如何|看看|呢|吧)?[。!? ]*$",
        "^(?!.*(?:款|险|贷|卡|财|基金|存|利率|行情|市场|天气|政策|活动|服务|系统|固收|净值|债券|存单|产品))(?P<argument>[\u4e00-\u9fff]{1,4}?)(?:这人|这个人|这客户|客户)?"
        "(?:最近|近来|现在)?(?:怎么样|咋样|如何)[呢啊。!? ]*$",
        "^(?!.*(?:产品|业务|功能|本事|流程|政策|活动|你自己|卡|款|险|贷))"
        "(?:帮我|请|麻烦|给我)?(?:介绍|说说|讲讲)(?:一下|下)?(?P<argument>[\u4e00-\u9fff]{2,4}?)(?:这个人|这人|客户)?[吧呢。!? ]*$",
        "^(?:那|那么|换成|再看|再看看)(?P<argument>[\u4e00-\u9fff·]{2,8}?)(?:这个客户|这位|客户)?呢[。!? ]*$",
        r"^(?P<argument>c\d{4,})[。! ]*$",
        r"^(?P<argument>(?:那|那么|还有)?(?:他|她|这位)的?(?:老婆|妻子|爱人|老公|丈夫|配偶|媳妇|太太|先生)呢?)[。!? ]*$",
    ),
    examples=("把李梅的底细给我过一遍", "我下午要见赵磊，先让我知道他的情况", "这位客户之前聊过什么", "他多大年纪，做什么的"),
)
