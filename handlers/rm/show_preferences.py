"""What a customer likes to hold, and how deposits move (B13)."""

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.cues import of_whom
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.preference_text import preference_text
from handlers.the_one import the_one


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say it; offer a choice when several are called that."""
    customer = the_one(turn, lookups, intent=HANDLER.intent)
    if not isinstance(customer, Customer):
        return customer
    view = lookups.preferences(customer.id)
    if view is None:
        return (Say(draft=turn.reply(NO_RUN)), UpdateConversation(focus=customer.id))
    seen = RecordAccess(action="preferences.viewed", customer_id=customer.id, purpose="relationship", fields=("needs",))
    buttons = (
        Button(label="看需求", payload=f"show_needs:{customer.id}"),
        Button(label="展开资产", payload=f"show_assets:{customer.id}"),
    )
    draft = turn.reply(preference_text(customer.name, view, caveat=lookups.caveat("preferences")), buttons=buttons, about=(customer.id,))
    return (seen, Say(draft=draft), UpdateConversation(focus=customer.id))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_ASK = "(?:帮我|请|麻烦|给我|我想|我要|想)?(?:看看?|查查?|查询|说说|了解|分析)?(?:一下|下)?"
_OF = "(?:客户|这位|这个人)?(?:的|最近|近来|平时|一般|通常|这一年|近一年){0,3}"
_WHAT = "(?:理财|投资|产品|购买|配置|持有|风险)?(?:偏好|喜好|习惯|口味|风格)"
_TAIL = "(?:是|有|呢|吧|啊|什么|啥|哪些|哪类|怎么样|如何|怎样|样的?|的|吗){0,6}"

HANDLER = Handler(
    intent="show_preferences",
    title="看理财偏好",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=19,
    about_one=True,
    cues=(
        "!谁|哪些客户|名单|话术|案例|渠道偏好|联系偏好|沟通|消费偏好|什么时候|赎回|起购|收益|利率|费率|规定|要求|[这那]款|适合|怎么买|到期",
        f"^{_ASK}{_NAME}{_OF}{_WHAT}{_TAIL}[。!? ]*$",
        f"^{_ASK}{_NAME}{_OF}(?:更|最|都|比较)?(?:喜欢|偏爱|偏好|爱|习惯)(?:买|持有|配|投|放)?(?:些?什么|啥|哪类|哪种|哪些)(?:样的?)?"
        "(?:理财|产品|基金|东西|资产)?[呢啊吧]*[。!? ]*$",
        of_whom("偏爱|感兴趣|爱往|爱投|偏向|更喜欢", "理财|产品|基金|固收|投|债|定期|哪"),
        of_whom("喜欢稳|图稳|求稳|稳健|保守|敢冒险|爱冒险|激进|风险偏好", "还是|吗|什么|哪|高"),
        of_whom(
            "平时|一般|通常|喜欢|偏爱|爱买|爱投|习惯|常买|都|投资风格|理财风格|买理财",
            "买|配|持有|投资|理财|风格",
            "什么|啥|哪|稳健|激进|保守|多久|多长|怎样",
        ),
        f"^{_ASK}{_NAME}{_OF}(?:存款|余额)(?:的)?(?:波动|起伏|稳定性)"
        "(?:大不大|大吗|情况|怎么样|如何|高不高|多大|稳吗){0,2}[呢啊吧]*[。!? ]*$",
        f"^{_ASK}{_NAME}{_OF}(?:存款|余额)(?:稳不稳|稳定吗|稳吗|波动大不大|起伏大吗)[呢啊吧]*[。!? ]*$",
    ),
    examples=("他手里一般放哪种东西、放多久", "她买理财图稳还是敢冒险，看得出来吗", "这位以前都爱买什么类型的", "他的存款是不是忽上忽下"),
)
