"""Which customer a member of staff means: an id, a name, a name with a title, a line of the list shown last, or the one talked about."""

import re
from collections.abc import Sequence

from domain.book import Customer
from handlers.around_names import bare, named_within
from handlers.handler import Turn
from handlers.lookups import Lookups
from handlers.shown import place_named, shown_last
from language.normalise import normalise

_FOCUS = re.compile(
    r"^(?:他们?|她们?|它们?|ta|这位|这个|该|此|那位|那个|刚才(?:那)?(?:个|位)?|上面(?:那)?(?:个|位)?|当前|本)?(?:本人|自己)?(?:客户|的客户|人|家|公司|企业)?(?:的)?$"
)
KIN = "老婆|妻子|爱人|老公|丈夫|配偶|媳妇"
TITLES = "总|女士|先生|小姐|阿姨|奶奶|大娘|大姐|叔叔|爷爷|大爷|大妈|大哥|老师|工|经理|姐|哥|老板|董|太太|医生|律师"
# 王太太 is a title, 他太太 and 王芳的先生 are somebody's.
_KIN = re.compile(
    rf"(?:那|那么|还有)?(?:(?P<of>[\u4e00-\u9fff]{{0,4}}?)的?(?:{KIN})"
    r"|(?P<whose>他|她|这位|[\u4e00-\u9fff]{2,4}的)(?:太太|先生))(?:呢)?"
)
_TITLE = re.compile(rf"(?P<surname>[\u4e00-\u9fff]{{1,2}})(?P<title>{TITLES})$")
_CALLED = re.compile(r"^(?:客户|一下|下|老|小|的|我的|我|查|看|看看)+(?=[\u4e00-\u9fffa-z0-9])|(?:这个|这位)?(?:客户|的|先生|女士)+$")
_GENDER_OF = {
    "女士": "女",
    "小姐": "女",
    "阿姨": "女",
    "奶奶": "女",
    "大娘": "女",
    "大姐": "女",
    "大妈": "女",
    "姐": "女",
    "太太": "女",
    "先生": "男",
    "叔叔": "男",
    "爷爷": "男",
    "大哥": "男",
    "大爷": "男",
    "哥": "男",
}
#: Nobody younger is called that. Where no age fits, the title says nothing.
_YOUNGEST = {"奶奶": 55, "爷爷": 55, "大爷": 55, "大娘": 55, "大妈": 50, "阿姨": 40, "叔叔": 40}
_GENDER_WORDS = {"男": {"男", "male", "M"}, "女": {"女", "female", "F"}}


def meant(turn: Turn, lookups: Lookups, words: str) -> Sequence[Customer]:
    """The viewer's customers that the words may mean: exact names first, all that fit otherwise, the focus for a pronoun.

    Without words it is whom the sentence names, else the one talked about.
    """
    wanted = normalise(words).strip(" ,。!?的:")
    plain = bare(wanted)
    kin = _KIN.fullmatch(wanted) or _KIN.fullmatch(plain)
    if kin is not None:
        return _kin(turn, lookups, (kin["of"] or kin["whose"] or "").rstrip("的"))
    if _FOCUS.fullmatch(wanted) or _FOCUS.fullmatch(plain):
        return (() if plain else named_within(lookups, turn.said)) or _focused(turn, lookups, she="她" in wanted)
    if place := place_named(plain):
        return _at(turn, lookups, place)
    for name in dict.fromkeys((wanted, _CALLED.sub("", wanted), plain)):
        if not name:
            continue
        found = [customer for customer in lookups.find_customers(name) if name in normalise(customer.name) or customer.id.lower() == name]
        exact = [customer for customer in found if normalise(customer.name) == name or customer.id.lower() == name]
        if exact or (found and (len(name) > 1 or name == wanted)):
            return exact or found
    return _titled(lookups, wanted) or _titled(lookups, plain) or named_within(lookups, wanted)


def _focused(turn: Turn, lookups: Lookups, *, she: bool = False) -> Sequence[Customer]:
    """Whom was talked of last. 她 is not a man: where the one before is a woman, it is her."""
    focused = lookups.customer(turn.conversation.focus) if turn.conversation.focus else None
    if she and focused and focused.gender in _GENDER_WORDS["男"] and turn.conversation.focus_before:
        before = lookups.customer(turn.conversation.focus_before)
        focused = before if before and before.gender in _GENDER_WORDS["女"] else focused
    return (focused,) if focused else ()


def _at(turn: Turn, lookups: Lookups, place: int) -> Sequence[Customer]:
    """The customer of a line of the list shown last."""
    shown = shown_last(turn.conversation)
    if not 1 <= place <= len(shown):
        return ()
    found = lookups.customer(shown[place - 1].partition(":")[2].partition(" ")[0])
    return (found,) if found else ()


def _kin(turn: Turn, lookups: Lookups, of: str) -> Sequence[Customer]:
    """The husband or wife of the one who is meant, where that is a customer whom the viewer may see; never a guess by name."""
    whose = meant(turn, lookups, of or "他")
    return [found for one in whose for found in lookups.related(one.id, "spouse")]


def _titled(lookups: Lookups, wanted: str) -> Sequence[Customer]:
    title = _TITLE.fullmatch(wanted)
    if title is None:
        return ()
    gender = _GENDER_WORDS.get(_GENDER_OF.get(title["title"], ""), set())
    named = [customer for customer in lookups.find_customers(title["surname"]) if normalise(customer.name).startswith(title["surname"])]
    fitting = [customer for customer in named if not gender or not customer.gender or customer.gender in gender]
    young = _YOUNGEST.get(title["title"], 0)
    old = [customer for customer in fitting if customer.kind == "person" and (customer.age(lookups.today) or 0) >= young] if young else []
    return old or fitting
