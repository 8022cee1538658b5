"""How recently, how often and how much a customer deals, in scores (B04)."""

import re

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.no_run import NO_RUN
from handlers.rfm_text import definition_text, rfm_text
from handlers.the_one import one_of

_MEANING = re.compile(
    r"rfm ?(?:模型|评分|分|打分)?(?:这个)?(?:是(?:什么|啥|怎么)|什么意思|啥意思|怎么(?:算|看|打|来)|如何(?:算|计算)|口径|定义|切点)"
)


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say the scores and why; offer a choice when several are called that."""
    customers = meant(turn, lookups, turn.argument) if turn.argument or not _MEANING.search(turn.said) else ()
    if not customers and _MEANING.search(turn.said):
        return (Say(draft=turn.reply(definition_text())),)
    customer = one_of(turn, lookups, customers, intent=HANDLER.intent)
    if not isinstance(customer, Customer):
        return customer
    view = lookups.rfm(customer.id)
    if view is None:
        return (Say(draft=turn.reply(NO_RUN)), UpdateConversation(focus=customer.id))
    seen = RecordAccess(action="rfm.viewed", customer_id=customer.id, purpose="relationship", fields=("transactions",))
    buttons = (
        Button(label="展开资产", payload=f"show_assets:{customer.id}"),
        Button(label="看画像", payload=f"show_profile:{customer.id}"),
    )
    draft = turn.reply(rfm_text(customer.name, view, caveat=lookups.caveat("rfm")), buttons=buttons, about=(customer.id,))
    return (seen, Say(draft=draft), UpdateConversation(focus=customer.id))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_ASK = "(?:帮我|请|麻烦|给我|我想|我要|想)?(?:看看?|查查?|查询|调|说说|了解|算算?)?(?:一下|下)?"
_OF = "(?:客户|这位|这个人)?(?:的|最近|近来|这阵子|现在)*"
_ASKED = "(?:分数|评分|得分|打分|值|分|情况|结果)?(?:是|有|打)?(?:多少|几分?|怎么样|如何|咋样|啥情况|高不高|高吗|给我|看看|呢|吧|啊|一下)*"
_DEALING = "(?:交易|动账|交易频率|交易情况|交易活跃|收付|往来)"

HANDLER = Handler(
    intent="show_rfm",
    title="看 RFM",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=17,
    about_one=True,
    cues=(
        "!名单|哪些客户|谁|排名|排序|案例|话术",
        rf"^{_ASK} ?{_NAME}{_OF} ?rfm ?{_ASKED}[。!? ]*$",
        rf"^{_ASK} ?rfm ?[:：,]? ?{_NAME}[。!? ]*$",
        rf"^(?:为什么|为啥|凭什么|怎么)? ?{_NAME}{_OF} ?(?:rfm|[rfm])(?:分|值|评分|得分)? ?"
        r"(?:为什么|为啥|怎么|咋)?(?:只|才|就)?(?:有|是|得|打)?了? ?"
        r"(?:[1-5一二三四五两]分?|这么[高低]|那么[高低]|不高|偏低|低)(?:呢|啊|的)?[。!? ]*$",
        rf"^{_ASK}(?:给|帮|为)? ?{_NAME}{_OF} ?{_DEALING}(?:怎么样|如何|情况)*"
        r"(?:打个?分|评个?分|得分|得几分|打几分|能打几分|几分|多少分)(?:呢|吧|啊)?[。!? ]*$",
        rf"^{_ASK} ?{_NAME}(?:的|这位|客户)* ?(?:最近)?(?:一次)?(?:交易|消费|动账)(?:时间|日期)?[,、 和跟]*"
        r"(?:次数|频率|频次|笔数)[,、 和跟]*(?:金额|收付|规模)(?:这?三项)?"
        r"(?:各|分别|都)*(?:打|得|是|有|排)*(?:几分|多少分|怎么样|如何|打分|评分|哪一档|什么档)[。!? ]*$",
        _MEANING.pattern,
    ),
    examples=(
        "他最近一次交易、次数、金额各打几分",
        "这位客户来得勤不勤、做得大不大，给个分",
        "她的最近消费、频次和金额评分是什么档",
        "按最近、频率、金额这三项他排在哪一档",
    ),
)
