"""An RM asks in which business a company is, and whether it is one of a kind (A08, B06): tag, source, confidence, evidence."""

import re

from crm.industry.definitions import Industry, industries
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from handlers.handler import RM, Handler, Turn
from handlers.industry_text import industry_text, is_it_text
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.picking import listed
from handlers.profile_text import NOT_YOURS
from handlers.tag_text import title_of


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say the business and what speaks for it; it can be confirmed and struck."""
    customers = meant(turn, lookups, turn.argument)
    if len(customers) > 1:
        return listed(turn, lookups, customers, intent=HANDLER.intent, head=f"叫这个的有 {len(customers)} 位，看哪一位？")
    chart = lookups.needs(customers[0].id) if customers else None
    if chart is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    customer = customers[0]
    if customer.kind != "company":
        text = f"{customer.name}是个人客户，没有行业；职业和人生阶段问“{customer.name}的画像”。"
        return (Say(draft=turn.reply(text, about=(customer.id,))),)
    views = lookups.industries(customer.id)
    wanted = _asked_for(turn.said)
    if wanted is None:
        text = industry_text(customer.name, views, day=chart.day)
    else:
        found = next((view for view in views if view.definition.id == wanted.id), None)
        text = is_it_text(customer.name, found, wanted.title, day=chart.day)
    shown = wanted or (views[0].definition if views else None)
    seen = RecordAccess(action="industry.viewed", customer_id=customer.id, purpose="relationship", fields=("industry",))
    draft = turn.reply(text, buttons=_buttons(customer.id, shown), about=(customer.id,))
    return (seen, Say(draft=draft), UpdateConversation(focus=customer.id))


def _buttons(customer_id: str, shown: Industry | None) -> tuple[Button, ...]:
    if shown is None or not shown.tag:
        return ()
    return (
        Button(label=f"标为{title_of(shown.tag)}", payload=f"mark_tag:{customer_id} {shown.tag}"),
        Button(label=f"不是{title_of(shown.tag)}", payload=f"contest_tag:{customer_id} {shown.tag}"),
    )


def _asked_for(said: str) -> Industry | None:
    found = re.search(_ASKED_FOR, said)
    if found is None:
        return None
    return next((one for one in industries().known.values() if re.search(one.words, found["kind"])), None)


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,24}?)"
_WORDS = "|".join(one.words for one in industries().known.values())
_ASK = "(?:那么?|帮我|请问|请|麻烦|我想)?(?:看看?|查查?|说说|判断)?(?:一下|下)?"
_ITS = "(?:这家公司|这家企业|这个客户|这家|这公司|那家公司|公司|企业|它)?(?:现在|目前|到底|究竟)?"
_IN = "(?:的|是|算|属于|处在|在|做的?|搞|干|主营|从事){0,3}"
_WHICH = "(?:什么|哪个|哪一个|哪一?种|哪|啥)(?:行业|行当|一行|行|业务|生意|买卖)"
_IS_IT = "(?:属于|算是|算得上|算|是)"
_KINDS = rf"(?:一家|做)?(?:{_WORDS})(?:类|型|的)?(?:企业|公司|行业|业|客户)?"
_END = "[。!? ]*$"
_ASKED_FOR = rf"(?:属于|算是|算得上|算|是)(?P<kind>{_KINDS})(?:吗|么|不|嘛|呢)?{_END}"

HANDLER = Handler(
    intent="show_industry",
    title="看企业行业",
    audience=RM,
    handle=handle,
    order=19,
    about_one=True,
    cues=(
        "!标为|标成|改成|标签|名单|哪些客户|哪些企业|谁|产品|方案|案例|话术|额度|政策|利率",
        rf"^{_ASK} ?{_NAME}{_ITS}{_IN}{_WHICH}(?:的|公司|企业|客户|啊|呢|呀|了|里的?){{0,3}}{_END}",
        rf"^{_ASK} ?{_NAME}{_ITS}(?:是|属于|算)?(?:做|干|搞)(?:什么|啥)(?:的|生意|业务|买卖)(?:啊|呢|呀){{0,2}}{_END}",
        rf"^{_ASK} ?{_NAME}{_ITS}(?:的)?(?:行业|所属行业|行业标签|行业属性)(?:是)?(?:什么|哪个|啥|呢)?{_END}",
        rf"^{_ASK} ?{_NAME}{_ITS}{_IS_IT}{_KINDS}(?:吗|么|不|嘛|呢){_END}",
        rf"^{_ASK} ?{_NAME}{_ITS}(?:是不是|算不算|是否属于|属不属于){_KINDS}{_END}",
    ),
    examples=("这家公司算什么行业", "它主要经营哪一块", "那家企业够得上科创吗"),
)
