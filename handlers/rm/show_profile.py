"""An RM looks at one of the own customers: the basic layer at once, assets only after a second factor."""

from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from handlers.answers import answer
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.picking import PAGE, listed
from handlers.profile_text import NOT_YOURS, profile_text
from handlers.tag_text import short
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
    buttons = (
        Button(label="会前简报", payload=f"meeting_brief:{profile.customer_id}"),
        Button(label="展开资产", payload=f"show_assets:{profile.customer_id}"),
        Button(label="找话术", payload="find_scripts:"),
    )
    draft = turn.reply(profile_text(profile, tags=tags, caveat=lookups.caveat("profile")), buttons=buttons, about=(profile.customer_id,))
    return (seen, Say(draft=draft), UpdateConversation(focus=profile.customer_id))


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
        "!资产|余额|明细|流水|案例|话术|怎么|怎样|如何|哪些|名单|待接|任务|待办|持仓|多少钱|有多少|产品资料|开户资料",
        f"^{_NAME} ?(?:是谁|什么来头|什么人|这个人怎么样|这人啥情况|啥情况|什么情况)[。!? ]*$",
        f"^{_ASK}(?:看看?|查查?|查询|调|调出|打开|搜|找|了解|说说|讲讲|介绍)?(?:一下|下|看)?(?:客户)? ?{_NAME}"
        f"(?:这个客户|这位客户|客户)?(?:的)? ?(?:客户)?{_WHAT}(?:怎么样|如何|给我|看看|吧|呢|发我|一下)*[。!? ]*$",
        f"^{_ASK}(?:看看|看一?下|查查|查一?下|查询|查|调出|打开|搜一?下|搜|画像)(?:客户)? ?{_NAME}[。!? ]*$",
        f"^(?:客户)?(?:画像|概况) ?[:：]? ?{_NAME}[。! ]*$",
        r"^(?P<argument>c\d{4,})[。! ]*$",
        r"^(?P<argument>(?:那|那么|还有)?(?:他|她|这位)的?(?:老婆|妻子|爱人|老公|丈夫|配偶|媳妇|太太|先生)呢?)[。!? ]*$",
    ),
    examples=("把李梅的底细给我过一遍", "我下午要见赵磊，先让我知道他的情况", "这位客户之前聊过什么", "他多大年纪，做什么的"),
)
