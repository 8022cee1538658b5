"""By which channel a customer answers best (D01), and when they are there (B14)."""

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.cues import of_whom, together
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.reaching_text import channel_text, hours_text
from handlers.the_one import the_one

_SHOWN = ("contact", "needs")


def _how(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say the channel."""
    return _answer(turn, lookups, intent="how_to_reach", when=False)


def _when(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say the hours."""
    return _answer(turn, lookups, intent="when_to_reach", when=True)


def _answer(turn: Turn, lookups: Lookups, *, intent: str, when: bool) -> tuple[Effect, ...]:
    customer = the_one(turn, lookups, intent=intent)
    if not isinstance(customer, Customer):
        return customer
    as_of = lookups.judged_on()
    reaching = lookups.reaching(customer.id)
    if as_of is None or reaching is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    caveat = lookups.caveat("reaching")
    opens, closes = lookups.contact_hours()
    text = (
        hours_text(customer.name, reaching, opens=opens, closes=closes, as_of=as_of, caveat=caveat)
        if when
        else channel_text(customer.name, reaching, as_of=as_of, caveat=caveat)
    )
    other = (
        Button(label="用什么渠道", payload=f"how_to_reach:{customer.id}")
        if when
        else Button(label="什么时候好", payload=f"when_to_reach:{customer.id}")
    )
    seen = RecordAccess(action="reaching.viewed", customer_id=customer.id, purpose="relationship", fields=_SHOWN)
    return (seen, Say(draft=turn.reply(text, buttons=(other,), about=(customer.id,))), UpdateConversation(focus=customer.id))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_REACH = "(?:联系|找|约|沟通|触达|跟进|拜访|打给|打电话给|打电话|发消息|发给|聊)"
_WHICH = "(?:用|走|通过)?(?:什么|哪个|哪种|啥|哪条)(?:渠道|方式|途径|办法|通道|路子|法子)?"
_WHEN = "(?:什么时候|啥时候|何时|几点|哪个时间|什么时间|哪个时段|什么时段|哪天几点|啥时间)"
_GOOD = "(?:比较|最|更)?(?:好|合适|有效|方便|容易回|能回|管用|稳妥|可能回|会回)?(?:一些|一点|些|点)?(?:呢|啊|呀|的)?"
_AUDIENCE = frozenset({Role.RM, Role.MANAGER})

HANDLERS = (
    Handler(
        intent="how_to_reach",
        title="用什么渠道联系",
        audience=_AUDIENCE,
        handle=_how,
        order=18,
        about_one=True,
        cues=(
            "!话术|案例|怎么说|说什么|客户群|大家|都用|客服|投诉|网点|支付|转账|绑定",
            of_whom(
                "用什么|用哪|用啥|走哪|什么渠道|哪个渠道|哪种渠道|啥渠道|什么方式|哪种方式",
                "渠道|方式|途径|路子",
                "联系|回|有效|沟通|找|触达|聊",
            ),
            together("(?:电话|微信|短信|上门|邮件).{0,6}还是.{0,4}(?:电话|微信|短信|上门|邮件)", "好|多|管用|回|有效|合适"),
            of_whom("联系|渠道", "展开"),
            f"^(?:我|咱们?)?(?:要|想|该|应该|最好)?{_WHICH}(?:去)?{_REACH}{_NAME}(?:这个|这位)?(?:客户)?{_GOOD}[。!? ]*$",
            f"^{_REACH}{_NAME}(?:客户)?(?:要|该|应该|最好)?(?:{_WHICH}|怎么联系|怎样联系){_GOOD}[。!? ]*$",
            f"^{_NAME}(?:客户)?(?:更|最|比较)?(?:喜欢|偏好|习惯|爱|常)(?:用)?{_WHICH}(?:联系|沟通|回复)?[呢啊呀]*[。!? ]*$",
            f"^{_NAME}(?:的)?(?:首选|偏好|最佳|最好的|常用)(?:的)?(?:联系|沟通)?(?:渠道|方式)(?:是)?(?:什么|哪个|啥)?[呢啊呀]*[。!? ]*$",
            f"^(?:怎么|怎样|如何|咋)(?:才能|能|去)?(?:联系|找|联系上|找到){_NAME}(?:客户)?(?:比较|最|更)(?:好|合适|有效|容易回|管用)"
            "[呢啊呀]*[。!? ]*$",
        ),
        examples=("给她打电话还是发微信更管用", "他回哪种消息回得多", "我发短信他从来不看，换哪个好", "这位老人家怎么找才找得着"),
    ),
    Handler(
        intent="when_to_reach",
        title="什么时候联系",
        audience=_AUDIENCE,
        handle=_when,
        order=18,
        about_one=True,
        cues=(
            "!营业|开门|上班|网点|到期|话术|生日|没联系|没找|上次|最近一次|约了|开会|会议|哪些|名单|发工资|到账|扣款|还款",
            of_whom("晚上|白天|早上|中午|周末|工作日", "方便|在线|有空|合适|接电话", "还是|哪|吗"),
            of_whom(
                "什么时[候间后段]|哪个点|啥点|啥时[候间后段]?|几点|哪个时[间段]|何时|最佳时[间段]|什么点",
                "找|打|联系|约|接电话|看手机|手机银行|在线|会接|拜访|见|聊|发消息|方便|有空",
                "他|她|ta|该|最|好|多|容易|成功|合适|方便|有空|在线|打扰|烦|一般|平时|看手机|最佳",
            ),
            f"^(?:我|咱们?)?{_WHEN}(?:去|给|跟|和)?{_REACH}{_NAME}(?:这个|这位)?(?:客户)?(?:的话)?{_GOOD}[。!? ]*$",
            f"^(?:给|跟|和)?{_REACH}?{_NAME}(?:客户)?{_WHEN}(?:去)?(?:{_REACH}|方便|合适|有空|在线|比较好|最好|好){_GOOD}[。!? ]*$",
            f"^{_NAME}(?:的)?(?:最佳|最好的|合适的)(?:联系|沟通|拜访)?(?:时间|时段)(?:是)?(?:什么|哪个|几点|多少)?[呢啊呀]*[。!? ]*$",
        ),
        examples=("他一般啥时候在线", "几点钟打给她不招人烦", "挑个他有空的时候约一下", "她平时晚上看手机还是中午看"),
    ),
)
