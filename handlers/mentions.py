"""Whom of the viewer's customers a sentence is about, and the same sentence without names.

A question is the same whoever it is about: the classifier learns and judges sentences in which every customer is 他.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.around_names import stands_alone
from handlers.lookups import Lookups
from handlers.naming import KIN, TITLES
from language.names import SURNAME
from language.pronouns import PRONOUN, plain

_TITLED = re.compile(rf"(?:{SURNAME})(?:{TITLES})(?![\u4e00-\u9fff]*经理)")
# Somebody whom the viewer does not know: said like a name, where names stand, and no word of every day.
_NO_NAME = (
    "周[末一二三四五六日天]|周年|马上|何时|何必|任务|任何|余额|余下|高[净端于频风]|方[案便式面]|白[金天]|金[额卡融价]|安[排全]|时[间候段]|万[一元]|于是|程[度序]"
    "|成[长功熟]|钱[都是在包]|江[苏西]|严[重格]|向[他她上]|段[时落]|常[用来去联]|和[他她]|那[他她个位]|明[天年]|曾[经]|车[贷子]|平[时均]|许[多可]|应[该]"
    "|水[平]|温[馨]|全[部行]|包[括]|毛[病利]|易[购]|花[钱了]|石[油]|关[注系于]|解[释绑]|路[上]|房[子贷产]|党|单[子位笔]|能[不]"
)
_STRANGER = re.compile(
    rf"(?:^|[,。!? 、]|查查?|看看?|给|找|联系|客户|关于|说说|分析)(?P<name>(?!{_NO_NAME})(?:{SURNAME})[\u4e00-\u9fff]{{1,2}}?)"
    r"(?=的|是|最近|现在|目前|怎么|为什么|为啥|会不会|有没有|在不在|还|要不要|想|能|跟|和|他|她|算|属于|什么|啥|几点|,|$)"
    r"|(?P<firm>(?<![这那哪])[\u4e00-\u9fff]{2,12}?(?:有限公司|公司|集团|商行|合作社|贸易|科技|实业|厂))(?!客户)"
)
_HIS = re.compile(rf"的?(?:{KIN})|(?<=[他她位])的?(?:太太|先生)|的(?:太太|先生)")
_ALONE = re.compile(
    r"(?:那|那么|还有|看看?|查查?|找|再看看?)?,? ?他(?:这个人|这位客户|这个客户|客户|家|公司)?(?:呢|吧|啊|怎么样)?[,。!?~ ]*"
)
_WHO = "他(?:这个人|这位客户|这个客户|客户|家|公司|那边|这边)?"
_NEXT = "(?:那么?|还有|换(?:成|到|个人|作|看)?|改(?:成|看)|轮到|同样|再){1,2}(?:的?(?:问题|事))?,? ?"
_LOOK = "(?:帮我)?(?:再?看看?|查查?|问问?|说说|算算)?(?:一下|下)?"
_FOLLOWS = re.compile(
    rf"{_NEXT}{_LOOK},? ?{_WHO}的?也?{_LOOK}(?:呢|吧|啊|呀|怎么样|咋样|如何|的话)?[,。!?~ ]*"
    rf"|{_WHO}的?也?(?:呢|的话呢|一样[吗么]|是[吗么])[,。!?~ ]*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """`first` is what `naming.meant` understands: a name, a name with a title, a pronoun, somebody's wife; empty for nobody."""

    first: str = ""
    by_name: bool = False
    stranger: bool = False  # a name, but none of the viewer's customers
    plain: str = ""  # the sentence with 他 for everybody
    alone: bool = False  # the sentence is the mention and nothing else
    follows: bool = False  # likewise, and said as one goes on with somebody else: 那李梅呢, 换成王芳, 她呢


def mentions(said: str, lookups: Lookups) -> Mentions:
    """Find them in a normalised sentence of a member of staff. Names count before pronouns."""
    spans = _spans(said, lookups)
    if spans:
        spans = [_with_kin(said, span) for span in spans]
        without = plain(_replaced(said, spans))
        start, end = spans[0]
        return Mentions(first=said[start:end], by_name=True, plain=without, alone=_is_alone(without), follows=_follows(without))
    stranger = _STRANGER.search(said)
    if stranger and not PRONOUN.search(stranger[0]):
        return Mentions(first=stranger["name"] or stranger["firm"], stranger=True, plain=plain(said))
    pronoun = PRONOUN.search(said)
    without = plain(said)
    if pronoun is None:
        return Mentions(plain=without)
    start, end = _with_kin(said, pronoun.span())
    first = said[start:end] if (start, end) != pronoun.span() else "他"
    follows = _follows(plain(f"{said[:start]}他{said[end:]}"))
    return Mentions(first=first, plain=without, alone=first == "他" and _is_alone(without), follows=follows)


def _spans(said: str, lookups: Lookups) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for name in sorted(lookups.names_in(said), key=len, reverse=True):
        for found in re.finditer(rf"{re.escape(name)}(?!{re.escape(name[-1])})", said):  # 王芳 is not in 王芳芳
            if stands_alone(name, said, found.start()) and not any(start < found.end() and found.start() < end for start, end in spans):
                spans.append(found.span())
    return sorted(spans) or [found.span() for found in _titled(said)]


def _titled(said: str) -> Iterator[re.Match[str]]:
    return (found for found in _TITLED.finditer(said) if not said.startswith(("客户", "大堂"), max(found.start() - 2, 0)))


def _with_kin(said: str, span: tuple[int, int]) -> tuple[int, int]:
    behind = _HIS.match(said, span[1])
    return (span[0], behind.end()) if behind else span


def _replaced(said: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        said = f"{said[:start]}他{said[end:]}"
    return said


def _follows(without: str) -> bool:
    return bool(_FOLLOWS.fullmatch(without))


def _is_alone(without: str) -> bool:
    return bool(_ALONE.fullmatch(without))
