"""An RM lists the own customers: all, by tag, by surname. Pages of eight, numbers as replies."""

import re

from domain.effects import Effect, Say
from domain.message import Button
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.picking import PAGE, listed
from language.normalise import normalise

_PAGE = re.compile(r"page=(\d+);(.*)")
_EVERYBODY = re.compile(r"^(?:所有|全部|我的|名下|客户|的|都|有|哪些|全|人|谁|名单|列表|一共|多少|几个|几位|个|位)*$")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show one page of the customers that fit."""
    paged = _PAGE.fullmatch(turn.argument)
    page, words = (int(paged[1]), paged[2]) if paged else (1, turn.argument)
    wanted = "" if _EVERYBODY.fullmatch(words) else words.strip()
    customers = list(lookups.find_customers(wanted))
    if not wanted.upper().startswith("C0"):
        surname = [customer for customer in customers if normalise(customer.name).startswith(wanted)]
        customers = surname or customers
    if not customers:
        what = f"“{wanted}”" if wanted else "客户"
        return (Say(draft=turn.reply(f"您名下没有查到{what}。换个标签或姓氏试试，比如“姓王的客户”“有哪些育儿家庭”。")),)
    pages = -(-len(customers) // PAGE)
    page = min(max(page, 1), pages)
    of_what = f"{wanted}：" if wanted else "名下客户："
    head = f"{of_what}共 {len(customers)} 位{f'，第 {page}/{pages} 页' if pages > 1 else ''}（{lookups.today}）"
    following = (Button(label="下一页", payload=f"{HANDLER.intent}:page={page + 1};{wanted}"),) if page < pages else ()
    return listed(turn, lookups, customers[(page - 1) * PAGE : page * PAGE], intent="show_profile", head=head, extra=following)


_TAG = r"(?P<argument>[\u4e00-\u9fffa-z0-9]{1,12}?)"

HANDLER = Handler(
    intent="find_customers",
    title="找客户",
    audience=RM,
    handle=handle,
    order=25,
    yields=True,
    cues=(
        "!信息|资料|kyc|案例|话术|待接|排队|在等|怎么|如何|任务|待办|投诉流程|画像",
        "^(?:看看?|查查?|列出?|打开|给我|发我|显示|拉)?(?:一下|下)?(?:我的|我名下的?|名下的?|我手上的?|我管的"
        "|全部|所有)(?:所有|全部)?客户(?:名单|列表|清单|都有谁|有哪些|有谁|有多少)?[。!? ]*$|^客户(?:名单"
        "|列表|清单)[。! ]*$",
        f"^(?:我的|名下的?|我名下的?|手上的?)?(?:所有|全部)?客户(?:里面?|中|当中|名单里)?(?:都)?(?:有)?(?:哪些"
        f"|谁|哪几个|多少|几个|什么人)(?:人)?(?:是|属于|算|有)?(?:做)?{_TAG}(?:的|客户)?[。!? ]*$",
        f"^(?:我|名下|手上|手里|我名下|我这)*(?:都)?(?:有)?(?:哪些|多少|几个|哪几个|什么)(?:客户)?(?:是"
        f"|属于)?{_TAG}(?:的)?(?:客户)?(?:的)?[。!? ]*$",
        f"^(?:查|找|看|列|搜|给我|帮我|筛|拉)*(?:一下|下|出|看)*(?:我的|名下)?(?:所有|全部)?姓{_TAG}的"
        f"(?:客户)?(?:有哪些|有谁|都有谁|名单)?[。!? ]*$",
        f"^(?:查|找|看|列|搜|帮我找|筛选?|拉|列)+(?:一下|下|出|看|个)*(?:我的|名下的?)?(?:所有|全部)?{_TAG}"
        f"(?:类|的|标签的)?客户(?:名单|列表|清单|有哪些)?[。!? ]*$",
    ),
    examples=("手里做外贸的都是哪几家", "把退休的那批人列给我", "筛一下快到期的那些户", "名册翻一下"),
)
