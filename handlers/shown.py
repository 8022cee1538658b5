"""The list that a conversation showed last: what “第二个” means, also after one of it was opened.

It is kept in the topic of the conversation, as the commands that its lines lead to. Ids of cards, which stand there too, have no colon.
"""

import re

from domain.conversation import Conversation
from language.numerals import parse_numeral

NEXT_PAGE = "下一页"
_ORDINAL = re.compile(
    r"第 ?(?P<number>\d{1,2}|[一二三四五六七八九十]{1,3}) ?[个位名家条件号户行]?(?:客户|人)?(?!部分|[块天年次季期\d一二三四五六七八九十])"
)
_OPENING = re.compile(
    "展开|点开|打开|看看|看|瞧瞧|瞧|查查|查|说说|讲讲|说|讲|详细|具体|仔细|细|怎么样|咋样|如何|什么情况|啥情况|情况|是谁|谁|一下|下|给我|帮我|"
    "我|想|要|再|先|选|来|就|那|呢|吧|的|了解|啊|呀|这|嗯|[,。.!? ~]"
)
_MORE = re.compile(
    "(?:还有|再|接着|继续|往后|往下|给我|看|翻|来|要|后面|剩下|其他|其余|下面|更多|多|下|一|页|几个|几位|些|的|呢|吗|列|出来|显示|谁|哪些|吧)"
    "{1,8}[。!? ]*"
)


def shown_last(conversation: Conversation) -> tuple[str, ...]:
    """The commands of the lines of the list shown last; empty where none was."""
    return tuple(one for one in conversation.topic if ":" in one)


def place_of(words: str) -> int | None:
    """The place in a list that one ordinal of the words names, counted from 1; None for none or for several."""
    places = {_number(found["number"]) for found in _ORDINAL.finditer(words)}
    return places.pop() if len(places) == 1 else None


def place_named(words: str) -> int | None:
    """The place that the words name and nothing else, counted from 1."""
    found = _ORDINAL.fullmatch(words)
    return _number(found["number"]) if found else None


def only_opens(said: str) -> bool:
    """Whether nothing but an ordinal and the wish to see it is said: 展开第二个, 第三位怎么样."""
    return not _OPENING.sub("", _ORDINAL.sub("", said))


def wants_more(said: str) -> bool:
    """Whether the next page is asked for: 更多, 还有吗, 往后看."""
    return _MORE.fullmatch(said) is not None and bool(re.search("更多|还有|下一?页|后面|往后|往下|继续|接着|再|剩下|其他|其余|翻", said))


def _number(text: str) -> int | None:
    worth = parse_numeral(text)
    return int(worth.low) if worth and not worth.vague else None
