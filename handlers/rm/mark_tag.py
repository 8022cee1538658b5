"""An RM sets a tag: 把张工标为新婚. A word that names no tag is not swallowed; the nearest are offered (A08)."""

import re

from crm.tags.definitions import definitions
from crm.tags.naming import all_names, near, tag_of
from domain.book import Customer
from domain.effects import Effect, RecordTag, Say, UpdateConversation
from domain.message import Button
from domain.tags import TagSource
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.profile_text import NOT_YOURS
from handlers.tag_text import title_of, which
from language.normalise import clip

_NAME = r"(?P<name>[\u4e00-\u9fffa-z0-9·（）()]{0,16}?)"
_TAG = r"[“\"'「]?(?P<tag>[\u4e00-\u9fffa-z0-9]{1,12}?)[”\"'」]?"
_END = r"(?:吧|一下|谢谢|了|哈|,|。|!| )*$"
_AS = "(?:标记|标注|标|打标)(?:成|为|作|上)"
_AS_KNOWN = "(?:记|归|列|算|设|改)(?:成|为|作|到|上|入)"
_PUT = "(?:打|贴|加|标|添|上|打上|贴上|加上|标上|添上|新增|增加)(?:一?个|上一?个|了?一?个|上)?"
_BEGIN = "^(?:请|麻烦|帮我|帮忙|你)*"
_KNOWN = f"[“\"'「]?(?P<tag>{all_names()})[”\"'」]?"
_SAID = (
    rf"{_BEGIN}(?:把|将)?{_NAME}(?:这个客户|这位客户|客户)?{_AS} ?{_TAG}(?:的?标签|客户)?{_END}",
    rf"{_BEGIN}(?:把|将|给)?{_NAME}(?:这个客户|这位客户|客户)?{_AS_KNOWN} ?{_KNOWN}(?:的?标签|客户)?{_END}",
    rf"{_BEGIN}(?:给|为|在|往)?{_NAME}(?:这个客户|客户|身上)?{_PUT} ?{_TAG}(?:的)?(?:标签|标记){_END}",
    rf"{_BEGIN}(?:给|为|在|往){_NAME}(?:这个客户|客户|身上)?{_PUT} ?{_KNOWN}{_END}",
    rf"{_BEGIN}(?:给|为)?{_NAME}(?:这个客户|客户|身上)?{_PUT}(?:标签|标记)[:,是 ]*{_TAG}{_END}",
    rf"{_BEGIN}(?:打|加|贴|标)(?:个)?标签[:, ]*{_NAME}[ ,:]+{_TAG}{_END}",
)
_PRESSED = re.compile(r"(?P<id>\S+) (?P<word>\S+)")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Set the tag, or ask for whom or which."""
    pressed = _PRESSED.fullmatch(turn.argument)
    if pressed:
        customer = lookups.customer(pressed["id"])
        return _set(turn, lookups, customer, pressed["word"]) if customer else (Say(draft=turn.reply(NOT_YOURS)),)
    said = next((found for pattern in _SAID if (found := re.search(pattern, turn.said))), None)
    name, word = (said["name"], said["tag"]) if said else (turn.argument, _named_tag(turn.said))
    if not word:
        return (Say(draft=turn.reply("给谁打什么标签？比如“把张工标为新婚”。")),)
    customers = meant(turn, lookups, name)
    if not customers:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    if len(customers) > 1:
        head = f"叫这个的有 {len(customers)} 位，给哪一位标“{word}”？"
        return which(turn, lookups, customers, payload=f"{HANDLER.intent}:{{id}} {word}", head=head)
    return _set(turn, lookups, customers[0], word)


def _named_tag(said: str) -> str:
    """The tag that a sentence names in words of its own: 刚领证，帮我记成新婚."""
    found = re.findall(all_names(), said)
    return found[-1] if found else ""


def _set(turn: Turn, lookups: Lookups, customer: Customer, word: str) -> tuple[Effect, ...]:
    if lookups.tags(customer.id) is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    known = definitions().tags
    tag = word if word in known else tag_of(word, kind=customer.kind)
    focus = UpdateConversation(focus=customer.id)
    if tag is None or customer.kind not in known[tag].of:
        return (*_offered(turn, customer, word), focus)
    until = known[tag].until(turn.at)
    told = RecordTag(
        customer_id=customer.id,
        tag=tag,
        source=TagSource.RM,
        confidence=definitions().confidence[TagSource.RM],
        evidence=clip(turn.text.strip(), 60) if turn.text.strip() and ":" not in turn.text else f"确认{title_of(tag)}",
        until=until,
    )
    text = f"标好了：{customer.name}，{title_of(tag)}。来源记您，到 {until.date()} 止；下次评估就按它看。标错了说“去掉{title_of(tag)}”。"
    undo = Button(label=f"去掉{title_of(tag)}", payload=f"contest_tag:{customer.id} {tag}")
    return (told, Say(draft=turn.reply(text, buttons=(undo,), about=(customer.id,))), focus)


def _offered(turn: Turn, customer: Customer, word: str) -> tuple[Effect, ...]:
    """Nothing is stored under a word that is no tag."""
    fitting = near(word, kind=customer.kind) or [one.id for one in definitions().tags.values() if customer.kind in one.of][:4]
    buttons = tuple(Button(label=title_of(tag), payload=f"{HANDLER.intent}:{customer.id} {tag}") for tag in fitting)
    listed = "、".join(f"{number}. {title_of(tag)}" for number, tag in enumerate(fitting, start=1))
    return (Say(draft=turn.reply(f"标签里没有“{word}”，还没标。给{customer.name}标哪个？{listed}", buttons=buttons, about=(customer.id,))),)


HANDLER = Handler(
    intent="mark_tag",
    title="打标签",
    audience=RM,
    handle=handle,
    order=19,
    cues=(
        "!(?:有|是|打了|贴了)(?:些|什么|哪些)|哪些标签|什么标签|标签(?:不对|错|有误|不准)|去掉|删|撤|取消|[?]|吗|怎么|如何|为什么",
        *(pattern.replace("?P<name>", "?:").replace("?P<tag>", "?:") for pattern in _SAID),
    ),
    examples=("张工家刚办了喜事，帮我在他身上记上新婚", "这位客户是搞外贸的，标签里加一下"),
)
