"""Why a customer may be growing quiet: causes with evidence, and one question to ask (C18)."""

import re

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.chance_text import ONLY_THE_RULE, chance_text
from handlers.handler import Handler, Turn
from handlers.leaving_text import needs_app_team, why_text
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.the_one import the_one


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say the likeliest cause and the probability, which comes first when asked; where it is the app's, its people are one press away."""
    customer = the_one(turn, lookups, intent=HANDLER.intent)
    if not isinstance(customer, Customer):
        return customer
    judged = lookups.leaving(customer.id)
    if judged is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    causes = lookups.causes(customer.id)
    learned = lookups.leaving_chance(customer.id)
    chance = chance_text(learned) if learned else ONLY_THE_RULE
    asked = _PROBABILITY.search(turn.said) is not None
    why = why_text(customer.name, judged, causes, chance="" if asked else chance, caveat=lookups.caveat("leaving"))
    text = f"{chance}\n{why}" if asked else why
    app = needs_app_team(causes)
    buttons = (
        Button(label="看活跃度", payload=f"show_activity:{customer.id}"),
        *((Button(label="报给科技", payload=f"report_app:{customer.id}"),) if app else ()),
    )
    seen = RecordAccess(action="causes.viewed", customer_id=customer.id, purpose="relationship", fields=("needs",))
    return (seen, Say(draft=turn.reply(text, buttons=buttons, about=(customer.id,))), UpdateConversation(focus=customer.id))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_WHY = "(?:为什么|为啥|为何|怎么|咋|什么原因|因为什么|因为啥|是什么原因)"
_COLD = (
    "(?:变?冷淡|变冷|冷下来|冷了|不活跃|不来|不怎么来|没动静|没声音|沉默|安静|不登录|不用了|不怎么用|流失|要走|走了|离开|疏远"
    "|不理我们|不理人|活跃度?(?:下降|降低|降|低)"
    "|来得少|用得少|掉下来|少了|(?:[被上进在有]了?|列入)?(?:流失)?(?:预警|报警)(?:名单)?[上里]?)"
)
_PROBABILITY = re.compile("概率|可能|几率|机率|几成|会不会|风险|(?:会|要)(?:流失|走|离开|跑).{0,2}[吗么]")
_LEAVES = "(?:流失|离开|走掉?|跑掉?|跑路|销户|转走)"

HANDLER = Handler(
    intent="explain_leaving",
    title="看变冷的原因",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=17,
    about_one=True,
    cues=(
        "!谁|哪些|名单|大家|都|整体|客群|案例|话术|分层|级别|等级",
        f"^(?:帮我|请|麻烦)?(?:看看?|查查?|分析|说说|排查)?(?:一下|下)?{_NAME}(?:客户)?(?:最近|近来|这阵子|现在)?"
        f"{_WHY}(?:会|就|突然|最近|变得|这么|开始|要|又)*"
        f"{_COLD}[了的呢吗啊呀]*[。!? ]*$",
        f"^{_NAME}(?:客户)?(?:最近|近来|这阵子|突然)*{_COLD}[了的]*(?:是)?{_WHY}[呢啊呀]*[。!? ]*$",
        f"^(?:帮我|请|麻烦)?(?:看看?|查查?|分析|说说|排查)(?:一下|下)?{_NAME}(?:客户)?(?:的)?(?:变冷|流失|下降|冷淡|预警)的?原因[。!? ]*$",
        f"^{_NAME}(?:的)?(?:流失|预警|冷淡|下降)的?原因(?:是什么|是啥|呢)?[。!? ]*$",
        f"^(?:帮我|请|麻烦)?(?:看看?|查查?|算算?|说说)?(?:一下|下)?{_NAME}(?:客户)?的?{_LEAVES}的?(?:概率|可能性?|几率|机率|风险)"
        "[是有]?(?:多少|多大|多高|几成|大[吗么]|高[吗么]|高不高|大不大|怎么样|如何)?[呢啊呀]?[。!? ]*$",
        f"^{_NAME}(?:客户)?(?:最近|以后|接下来)?(?:会不会|是不是要?|会|有没有可能|有多大(?:的)?可能|有几成(?:可能)?)(?:要|会)?{_LEAVES}"
        "[了的]?[吗么呢啊]?[。!? ]*$",
    ),
    examples=("他怎么好久没动静了", "她突然不用我们了是出了什么事", "这位是不是因为手机银行不好用才走的", "查查他为啥跟我们疏远"),
)
