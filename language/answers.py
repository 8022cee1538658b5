"""Reads answers to our own questions: yes or no, and which of the choices offered."""

import re
from collections.abc import Iterator
from enum import Enum

from language.answer_words import NO, YES
from language.normalise import normalise
from language.numerals import parse_numeral
from language.reading import read

#: Said beside the answer, without changing it.
_POLITE = re.compile(
    r"(?:谢谢|多谢|感谢|谢了|唔该|辛苦|麻烦|拜托|劳驾|不好意思|抱歉|对不起|thanks|thank\s*you|please|"
    r"哈哈+|嘿嘿+|呵呵+)(?:您|你|你们|了|啦|大家|哈|啊)*"
)
_PARTICLE = re.compile(r"(?:[的了啊呀吧哦噢喔呢嘛哈啦呗咯喽哟诶欸滴哒捏鸭耶嗷]|就好|亲)$")
_OPENING = re.compile(r"^(?:嗯+|恩+|啊+|哦+|噢+|额+|呃+|诶+|哎+|那+|我觉得|我想是|那就|这个|就|都|也|真的|真|我)(?=.)")
_YES_EMOJI = frozenset("👌👍🙆✅✔☑🆗🤝")
_NO_EMOJI = frozenset("👎🙅❌✖✗🚫")
_CLAUSE = re.compile(r"[\s,。.!;:、~…\-\"']+")
#: Two negations and questions: not for us to decide, whatever else is said.
_UNCLEAR = re.compile(
    r"不是不(?!是(?:$|[,。!]))|不是没|没说不|没有不|能不能|不能不|不得不|并非不|不会不|不反对|不介意|"
    r"没不|非不|不一定|未必|不好说|说不好|不知道|不确定|不清楚|不晓得|"
    r"(?<!不)(?:是不是|好不好|行不行|对不对|要不要|用不用)|可不可以|有没有|需不需要|愿不愿意|[?]|"
    r"[吗么](?:$|[,。!])|怎么|什么|为啥|多少|哪|"
    r"^(?:行|好|得|够)了|不错"
)
#: Hedges: a plain no beside them still is a no (不用了，我再看看), a yes is none.
_HEDGED = re.compile(
    r"可能|也许|或许|大概|好像|看看再|再看|再说吧$|(?<!不)考虑|想想|商量|随便|看情况|看你|无所谓|都不|"
    r"如果|要是|的话|应该|差不多|万一"
)
_BUT = re.compile(r"但|不过|可是|只是|就是有点|除非|然而")
#: Beginnings that are an answer whatever follows in the same breath.
_NO_BEFORE_WORDS = re.compile(
    r"(?:我|们|家|这边|这里|现在|目前|暂时|先|真的?|都|也|还是?|最近|谢谢)*(?:没有?(?:这个|这种|"
    r"这方面的?|什么|啥|那个)?(?:打算|需要|需求|想法|兴趣|必要|意向|意愿|计划)|不用|不要|不需要|不想|"
    r"不考虑|没兴趣|不感兴趣|不同意|不愿意|不接受|不办|不去|别再|别给我|不必|用不着|没必要)(?!紧|脸|太|"
    r"说|客气)"
)
_YES_BEFORE_WORDS = re.compile(r"(?:好的|好呀|好啊|可以的|没问题|行的|是的|对的|同意|愿意|嗯嗯|没错)(?!不|没)")


def yes_no(text: str) -> bool | None:
    """Say whether a reply means yes or no; None when it is unclear, a question, hedged or doubly negated."""
    emoji = _emoji(text)
    said = normalise(text)
    if _UNCLEAR.search(said):
        return None
    answers = {answer for clause in _clauses(said) if (answer := _clause(clause)) is not None}
    if not answers and not any(char.isalnum() for char in said):
        return emoji
    if len(answers) != 1 or (True in answers and (_BUT.search(said) or _HEDGED.search(said))):
        return None
    return answers.pop()


def _emoji(text: str) -> bool | None:
    yes, no = not _YES_EMOJI.isdisjoint(text), not _NO_EMOJI.isdisjoint(text)
    return yes if yes != no else None


def _clauses(said: str) -> list[str]:
    whole = _POLITE.sub(" ", said)
    if re.sub(r"[\s!.,]+", "", whole) in YES | NO:  # "no problem" is one answer
        return [re.sub(r"[\s!.,]+", "", whole)]
    return [clause for clause in _CLAUSE.split(whole) if clause]


def _clause(clause: str) -> bool | None:
    for form in _forms(clause):
        if form in YES:
            return True
        if form in NO:
            return False
    if _NO_CHAIN.fullmatch(clause) or _NO_BEFORE_WORDS.match(clause):
        return False
    if _YES_CHAIN.fullmatch(clause):
        return True
    return True if _YES_BEFORE_WORDS.match(clause) else None


def _forms(clause: str) -> Iterator[str]:
    """Give the clause as said, then without particles one by one, fillers and repetitions (好好好的呀 -> 好)."""
    for start in dict.fromkeys((clause, _OPENING.sub("", clause))):
        form = start
        while form:
            yield form
            yield re.sub(r"^(.{1,3}?)\1+$", r"\1", form)
            shorter = _PARTICLE.sub("", form)
            form = "" if shorter == form else shorter


def _chain_of(words: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted((word for word in words if len(word) > 1 or not word.isascii()), key=len, reverse=True)
    return re.compile(rf"(?:(?:{'|'.join(longest_first)})[的了啊呀吧哦呢嘛哈啦]*(?:那就?)?){{2,}}")


#: Several answers in one breath: 是的没错, 好的可以, 不用不要.
_YES_CHAIN, _NO_CHAIN = _chain_of(YES), _chain_of(NO)


class Pick(Enum):
    """An answer that names none of the choices."""

    NONE_OF_THESE = "none_of_these"


_NONE = re.compile(
    r"(?:以上|上面|这些|这几个|哪个)?(?:都|全|全都|一个都|哪个都|均)(?:不|没)(?!错|好意思)|"
    r"没(?:有)?(?:一个)?(?:合适|我要|想要|符合|喜欢|中意)|一个(?:都|也)(?:不|没)|^(?:none|neither|没有|"
    r"不选|其他|其它|别的)"
)
_LAST = re.compile(r"最后(?:面)?(?:一|那|这)?(?:一)?(?:个|项|款|种|家|张|条|位|套)?|末尾(?:那)?(?:一)?个")
_FROM_END = re.compile(r"倒数(?:第)?([一二三四五六七八九十\d]+)")
_FIRST_WORDS = re.compile(r"头一个|前者|前面(?:那|这)?一?个|上面(?:那|这)?一?个|首个|首选")
_SECOND_WORDS = re.compile(r"后者|后面(?:那|这)?一?个|下面(?:那|这)?一?个")
_MIDDLE = re.compile(r"中间(?:那|这|的)?(?:一)?个?")
_ALL = re.compile(r"都要|都行|都可以|全要|全部|都好|都选|both|all|随便|哪个都行")
_EXCEPT = re.compile(r"(?:我)?(?:不要|不选|不想要|不喜欢|除了|别)")
_NUMBERED = re.compile(
    r"(?:第|选项?|要|就|办|no\.?|option|选择|答案|我选|编号|回复)*(?:第)?\(?(?P<number>\d{1,2}|"
    r"[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])\)?"
    r"(?:[、.]|号|个|项|款|种|家|张|条|位|套|档|类|那个|选项|方案|产品|银行|吧|好了|就行|的|呢|啊|哈|"
    r"谢谢|可以|比较好|合适|了|是|行|好)*"
)
_LETTERED = re.compile(
    r"(?:选项?|要|就|我|选择|答案|是|option)*\(?(?P<letter>[a-z])\)?(?:项|选项|款|吧|方案|那个|个|好了|"
    r"就行|[、.]|的|呢|啊|哈)*"
)
_OPENERS = re.compile(r"^(?:我|那|就|想|要|还是|选|嗯+|好的?|帮我|给我|觉得|喜欢|看|用|办|来|,|了解|一下|先)+(?=.)")


def choice(text: str, n: int) -> int | Pick | None:
    """Read which of `n` numbered choices was meant, as an index from 0; None when unclear, several or out of range."""
    said = read(text).text.strip(" ,.。!~'\"")
    if _NONE.search(said):
        return Pick.NONE_OF_THESE
    if not said or _ALL.search(said) or _EXCEPT.match(said):
        return None
    index = _named(said, n)
    return index if index is not None and 0 <= index < n else None


def _named(said: str, n: int) -> int | None:
    for form in (said, _OPENERS.sub("", said)):
        if match := _FROM_END.search(form):
            number = _number(match[1])
            return n - number if number else None
        if _LAST.search(form):
            return n - 1
        if match := _NUMBERED.fullmatch(form):
            number = _number(match["number"])
            return number - 1 if number else None
        if match := _LETTERED.fullmatch(form):
            return ord(match["letter"]) - ord("a")
    return _by_place(said, n)


def _by_place(said: str, n: int) -> int | None:
    if _FIRST_WORDS.search(said):
        return 0
    if _SECOND_WORDS.search(said) and n == 2:
        return 1
    if _MIDDLE.search(said) and n % 2:
        return n // 2
    return _one_ordinal(said)


def _one_ordinal(said: str) -> int | None:
    """Read the single 第二个 of a longer sentence; two different ordinals are no answer."""
    ordinals = {_number(number) for number in re.findall(r"第([一二三四五六七八九十\d]{1,3})(?![年次天季期名])", said)}
    number = ordinals.pop() if len(ordinals) == 1 else None
    return number - 1 if number else None


def _number(text: str) -> int | None:
    worth = parse_numeral(text)
    return int(worth.low) if worth and not worth.vague else None
