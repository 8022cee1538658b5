"""Names within a sentence: what is only said around a name, and a name that stands for itself."""

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
    "到底|今天|下次|上次|下午|上午|明天|等下|待会儿?|一会儿?|马上|约了|见|要|再|先|的|呢|吧|了|啊|,|。| "
)
_BEFORE, _AFTER = re.compile(f"^(?:{_ASIDES})"), re.compile(f"(?:{_ASIDES})$")
#: What may stand before a name that is found within a sentence, and which words after it; anything else may belong to a longer name.
_BEGINS = "的下看查给帮问和跟与说把为找见约对是讲析评画张个让替去呢嗯比户了里叫那请"
_ENDS = re.compile(
    "的|最近|近来|近\\d|现在|目前|这|那|还|什么|啥|为什么|为啥|怎|咋|有|是|在|属于|算|跟|和|与|比|平时|一般|喜欢|爱买|爱投|偏|理财|投资|买|健康|活跃|资产|aum|级别"
    "|分层|等级|需求|需要|标签|联系|缺|差|几|哪|何时|能不能|会不会|该|要|想|到底|来行|来网点|过来|马上|之前|kyc|资料|信息|画像|情况|吗|吧|呢|了|总是|先生|女士|\\d"
)


def bare(words: str) -> str:
    """The words without what is only said around a name."""
    while words and (shorter := _AFTER.sub("", _BEFORE.sub("", words))) != words:
        words = shorter
    return words


def named_within(lookups: Lookups, words: str) -> Sequence[Customer]:
    """The own customers whose whole name stands in the words; of several names those of the first."""
    return next(iter(all_named(lookups, words)), ())


def all_named(lookups: Lookups, words: str) -> Sequence[Sequence[Customer]]:
    """For each own customer's name that stands in the words, in their order, all who are called so."""
    found: dict[str, list[Customer]] = {}
    for customer in lookups.find_customers() if len(words) > 1 else ():
        name = normalise(customer.name)
        if len(name) > 1 and name in words and _stands_alone(name, words):
            found.setdefault(name, []).append(customer)
    whole = [name for name in found if not any(name != other and name in other for other in found)]
    return [found[name] for name in sorted(whole, key=words.index)]


def _stands_alone(name: str, words: str) -> bool:
    start = words.index(name)
    before, after = words[:start][-1:], words[start + len(name) :]
    begins = not before or before in _BEGINS or not before.isalnum()
    return begins and (not after or not after[0].isalnum() or _ENDS.match(after) is not None)
