"""What stands around a name in a sentence: what is only said beside it, and what makes it another, longer name."""

import re
from collections.abc import Sequence

from domain.book import Customer
from handlers.lookups import Lookups
from language.normalise import normalise

#: Said around a name without being part of one.
_ASIDES = (
    "帮我|给我|替我|麻烦|请问|请|我想|我要|嗯+|呃+|那个|那么|那|哎|看一?下|看看|看|查一?下|查查|查|瞧瞧|说一?下|说说|讲讲|聊聊|分析|评估|展开|打开|点开|"
    "画一?下|画出来|画个|画张|画|用图|发一?张|发|来一?张|来个|来|出一?张|出|做一?张|做|生成|弄|拉|调|一下|一张|张|个|想知道|知道|问下|问|用|把|给|跟|和|与|找|"
    "这位客户|这个客户|该客户|那位客户|客户|这位|(?:最近|近|过去)(?:\\d+|[一二三四五六七八九十两半]+)个?[天年月周]|"
    "最近|近来|近期|现在|目前|如今|平时|一般|平常|通常|这阵子|这段时间|"
    "到底|今天|下次|上次|下午|上午|明天|等下|待会儿?|一会儿?|马上|约了|见|要|再|先|"
    "还|缺|差|哪些|哪几项|哪几样|什么|啥|有|的|呢|吧|了|啊|,|。| "
)
_BEFORE, _AFTER = re.compile(f"^(?:{_ASIDES})"), re.compile(f"(?:{_ASIDES})$")
#: Words that may follow a name at once.
_FOLLOWS = (
    r"的|最近|近来|近\d|现在|目前|这|那|还|什么|啥|为什么|为啥|怎|咋|有|是|在|属于|算|跟|和|与|比|平时|一般|喜欢|爱买|爱投|偏|理财|投资|买|健康|活跃|资产|aum|级别"
    "|分层|等级|需求|需要|标签|联系|缺|差|几|哪|何时|能|会|该|要|想|到底|来|过来|马上|之前|kyc|资料|信息|画像|情况|总是|先生|女士|他|她|家里|名下|可能|老婆|老公"
    r"|太太|[吗吧呢了呀啊嘛的\d]"
)
_AT_ONCE, _AFTER_ONE = re.compile(rf"$|[^\w]|(?:{_FOLLOWS})"), re.compile(rf"\w(?:$|[^\w]|(?:{_FOLLOWS}))")


def bare(words: str) -> str:
    """The words without what is only said around a name."""
    while words and (shorter := _AFTER.sub("", _BEFORE.sub("", words))) != words:
        words = shorter
    return words


def named_within(lookups: Lookups, words: str) -> Sequence[Customer]:
    """The viewer's customers whose name stands in the words; of several names those of the first."""
    names = [name for name in lookups.names_in(words) if stands_alone(name, words, words.index(name))]
    first = min(names, key=words.index, default="")
    return [one for one in lookups.find_customers(first) if normalise(one.name).startswith(first)] if first else ()


def stands_alone(name: str, words: str, start: int) -> bool:
    """Whether the name that begins there is a whole one: 张伟 is nobody in 张伟平的资产."""
    after = words[start + len(name) :]
    return _AT_ONCE.match(after) is not None or _AFTER_ONE.match(after) is None
