"""How well a relation stands: three dimensions, what pulls it down, which way it goes (F01-F04)."""

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.cues import UNFOLD, of_whom
from handlers.handler import Handler, Turn
from handlers.health_text import health_text
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.the_one import the_one


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say it; offer a choice when several are called that."""
    customer = the_one(turn, lookups, intent=HANDLER.intent)
    if not isinstance(customer, Customer):
        return customer
    as_of = lookups.judged_on()
    if as_of is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    health = lookups.health(customer.id)
    label = lookups.labels([customer.id]).get(customer.id, "")
    text = (
        health_text(customer.name, health, label=label, as_of=as_of, caveat=lookups.caveat("health"))
        if health
        else f"{customer.name}：账户都已销，不再评健康度（截至 {as_of}）。"
    )
    seen = RecordAccess(action="health.viewed", customer_id=customer.id, purpose="relationship", fields=("needs",))
    buttons = (
        Button(label="画健康图", payload=f"draw_health:{customer.id}"),
        Button(label="看画像", payload=f"show_profile:{customer.id}"),
    )
    return (seen, Say(draft=turn.reply(text, buttons=buttons, about=(customer.id,))), UpdateConversation(focus=customer.id))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_ASK = "(?:帮我|请|麻烦|给我|我想|我要|想)?(?:看看?|查查?|查询|说说|评评?|了解)?(?:一下|下)?"

HANDLER = Handler(
    intent="show_health",
    title="看健康度",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=18,
    about_one=True,
    cues=(
        "!谁|哪些|名单|最差|最低|最好|垫底|整体|全部|所有|我的客户|名下|管理卡|体检|险|行为健康|话术|案例|怎么算|口径|图|画|走势|产品",
        f"^{_ASK}{_NAME}(?:这个|这位)?(?:客户)?(?:的)?(?:现在|最近|目前)?(?:客户|关系)?(?:的)?健康(?:度|分|状况|情况|程度|水平)?"
        "(?:怎么样|如何|高不高|高吗|多少分?|几分|好不好|好吗|正常吗|趋势|变化|吗|么|不|呢|吧|是|啊)*[。!? ]*$",
        of_whom("健康", f"怎么样|咋样|如何|多少|几分|高|低|好|差|吗|么|情况|看|分|{UNFOLD}"),
        f"^{_NAME}(?:现在|最近|目前)?(?:健不健康|还健康吗|是否健康|健康着吗)[。!? ]*$",
        f"^{_ASK}(?:和|跟|与)?{_NAME}(?:的)?关系(?:健康吗|健不健康|牢不牢|稳不稳|还好吗|稳吗|牢吗)[。!? ]*$",
    ),
    examples=("我们跟他处得怎么样，打几分", "这位的关系牢靠不牢靠", "给他的关系打个分", "他跟咱们行现在是红是绿"),
)
