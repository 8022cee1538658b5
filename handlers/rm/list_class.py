"""The own customers of one class, of the attention flag, or of both: 战略级客户有哪些, 关注级里原来是战略级的 (B07-B10)."""

import re

from crm.segmentation.definitions import class_definitions, label
from domain.effects import Effect, Say
from domain.party import Role
from handlers.cues import together
from handlers.handler import Handler, Turn
from handlers.health_text import standing
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.paging import Row, asked_for, paged

_TIERS = {"strategic": "战略", "growth": "成长|潜力", "idle": "低频|待激活|沉睡|睡眠", "basic": "基础|普惠"}
_FLAG = "关注"


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show one page; a number leads to the class and its reasons."""
    as_of = lookups.judged_on()
    if as_of is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    _, words = asked_for(turn)
    tier = next((tier for tier, said in _TIERS.items() if re.search(said, words)), None)
    flagged = re.search(_FLAG, words) is not None
    customers = {one.id: one for one in lookups.find_customers()}
    labels = lookups.labels(list(customers))
    wanted = _labels(tier, flagged=flagged)
    what = _what(tier, flagged=flagged)
    found = [customers[customer_id] for customer_id, shown in labels.items() if shown in wanted]
    caveat = lookups.caveat("classes")
    note = f"注意：{caveat}" if caveat else ""
    if not found:
        return (Say(draft=turn.reply(f"截至 {as_of}，您名下没有{what}客户（分了层的 {len(labels)} 位）。{note}")),)
    healths = {customer.id: health for customer, health in lookups.healths()}
    found.sort(key=lambda one: healths[one.id].order if one.id in healths else (101.0, one.id))
    rows = [
        Row(
            customer=one,
            text="｜".join(filter(None, (f"{one.name}（{one.id}）", labels[one.id], standing(healths.get(one.id))))),
            leads=f"show_class:{one.id}",
        )
        for one in found
    ]
    watched = sum(1 for one in found if labels[one.id] == label(tier, flag=True)) if tier and not flagged else 0
    also = f"，其中 {watched} 位现在是关注级" if watched else ""
    head = f"{what}客户 {len(found)} 位{also}{{page}}（截至 {as_of}，健康度低的在前）："
    return paged(turn, rows, intent=HANDLER.intent, action="class.listed", head=head, tail=f"回数字看依据。{note}")


def _labels(tier: str | None, *, flagged: bool) -> set[str]:
    """How the wanted customers are labelled. A class means its customers with and without the flag."""
    tiers = [tier] if tier else list(class_definitions()["tiers"])
    marks = (True,) if flagged else (True, False)
    return {label(one, mark) for one in tiers for mark in marks}


def _what(tier: str | None, *, flagged: bool) -> str:
    if flagged:
        return label(tier, flag=True) if tier else str(class_definitions()["flag"]["title"])
    return label(tier, flag=False) if tier else "分了层的"


_CLASS = "战略级?|成长级?|基础级|普惠[级型]|关注(?:级|类|的客户|客户)|标.{0,2}关注|待激活|需要激活|低频"
_MANY = (
    "谁|哪些|哪几|哪位|哪个客户|多少|几[个位家名]|名单|列表|清单|单子"
    "|列(?:一?下|出|给)|拉[一个出]|拉一?下|都有|有谁|有没有|数[数一]下?|给我看|看看|看一?下"
)

# What is said of a list of a class and nothing else: with other words in it (快到期的, 买了理财的) another list is wanted.
_NOTHING_ELSE = (
    "战略成长基础普惠关注级层类型低频待激活需要我的名下手上里这那客户是有都当中现在目前哪些谁一共总全部所把给帮看列拉出来下个单子算归属于放人位户家被标为原以前"
    "本变转掉到了又多少几数请嗯呃还们进吧呢啊呀吗清表麻烦想知道再查找统计·,。!? "
)

HANDLER = Handler(
    intent="list_class",
    title="某一级的客户",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=16,
    offered=True,
    cues=(
        "!为什么|怎么|咋|为啥|凭什么|凭啥|健康|潜力升|升级|升到|升为|冲|够到|晋|离.{0,4}战略|没联系|没跟进|好久|很久|冷落|没.{0,2}(?:搭理|来往|见面|碰面|打电话)|一直没|权益|服务|待遇|标准|口径|规则|怎么算|"
        "什么意思|话术|案例|多久|几天|多少天|每|改|调|触达|关系|周期|间隔|频率|频次|答复|流失|预警|原因|图|画|分布|总览|产品|时|那天|那会",
        f"{together(_CLASS, _MANY)}[{_NOTHING_ELSE}]{{2,40}}$",
        "^(?:我的?|名下的?|我名下的?|手上的?|看看?|查查?|一下|所有|全部){0,4}(?:战略|成长|基础|普惠|关注)级(?:的)?(?:客户)?[呢吧。!? ]*$",
        together("关注级", "战略|成长|基础|普惠", "变成|转成|掉到|掉进|降到|原来|以前|里|的客户|客户$"),
        "关注级?(?:客户)?(?:里面?|中|当中|里头).{0,6}(?:原来?|以前|本来|之前|先前)是?.{0,4}(?:战略|成长|基础|普惠)",
    ),
    examples=("手里够得上最高那层的都是谁", "现在重点盯着的客户列出来", "普普通通那一档的客户我有几位", "哪些客户属于要唤醒的那类"),
)
