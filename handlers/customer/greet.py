"""A greeting, or the question who speaks: says that it is an assistant, and what it can do."""

import re

from compliance.days import bank_time
from domain.effects import Effect, Say, UpdateConversation
from domain.message import Button, Link
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.people import ASK_A_PERSON

_WHO = re.compile(r"机器|人工智能|ai|真人|智能|你是|您是|谁|什么人|叫什么|名字|程序|活人|gpt|大模型")
_START = (Button(label="查网点", payload="find_branch:"), Button(label="约回电", payload="callback:start"), ASK_A_PERSON)
_PARTS = ((5, "夜里好"), (11, "早上好"), (13, "中午好"), (18, "下午好"), (24, "晚上好"))


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Greet back; say plainly what speaks, the first time and whenever asked."""
    home = lookups.address("home") if not turn.conversation.greeted else None
    links = (Link(label="银行官网", url=home),) if home else ()
    if _WHO.search(turn.said):
        text = "我是银行的智能助手，不是真人。业务我能答，拿不准的我会说，随时可以说“人工”换真人。"
    elif turn.conversation.greeted:
        text = f"{_hello(turn)}，我在。今天想办点什么？"
    else:
        text = f"{_hello(turn)}，我是银行的智能助手。问业务、查网点、约客户经理都行，想找真人说“人工”。"
    return (Say(draft=turn.reply(text, buttons=_START, links=links)), UpdateConversation(greeted=True))


def _hello(turn: Turn) -> str:
    hour = bank_time(turn.at).hour
    return next(word for until, word in _PARTS if hour < until)


HANDLER = Handler(
    intent="greet",
    title="打招呼",
    audience=CUSTOMER,
    handle=handle,
    order=30,
    cues=(
        r"^(?:你好|您好|妳好|哈喽|哈啰|嗨|hi|hello|hey|在吗|在么|在不在|在不|有人吗|早|早安|早上好|上午好"
        r"|中午好|下午好|晚上好|晚安好|好久不见|喂|亲|新年好|过年好)(?:[啊呀哦呢吗,，!。~ ]|你好|您好|在吗"
        r"|有人吗|请问)*$",
        "(?:你|您|这|这边|对面|那边|跟我说话的|回复我的)(?:到底|究竟)?(?:是不是|是)(?:真人|机器人?|人工智能"
        "|ai|人工|智能|程序|活人|真的人|人还是|一个人|人吗|个机器)",
        "^(?:你|您|贵姓|请问你|请问您)(?:到底|究竟)?(?:是|叫)(?:谁|什么|啥|什么名字|哪位|做什么的|干什么的"
        "|干嘛的)[?呀啊呢 ]*$|^你(?:的名字|叫什么|贵姓)|真人还是机器|机器还是真人|是机器(?:人)?(?:在)?(?:回"
        "|吗|还是)|^机器人[?吗]",
        "^(?:你|您)(?:们)?(?:这|这个)?(?:机器人|助手|系统|智能助手)?(?:都)?(?:能|会|可以)(?:干|做|帮我?做?"
        "|办)?(?:些)?(?:什么|啥|哪些)(?:事|忙|业务|用)?[?呀啊呢 ]*$"
        "|^(?:有什么功能|怎么用|能做什么|菜单|帮助|功能)[?]?$",
    ),
    examples=("哈罗有人没", "你是电脑自动回的吧", "对面是人在打字吗", "初次见面", "你都能帮些啥", "请问你是哪位"),
)
