"""An RM says that a tag is wrong: 这个标签不对，张伟没结婚. It counts no more, wherever it came from (B06)."""

import re

from crm.tags.definitions import definitions
from crm.tags.naming import all_names, meant_by_denial, tag_of
from domain.book import Customer
from domain.effects import ContestTag, Effect, Say, UpdateConversation
from domain.message import Button
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from handlers.profile_text import NOT_YOURS
from handlers.tag_text import title_of, which
from language.normalise import clip

_NAME = r"(?P<name>[\u4e00-\u9fffa-z0-9·（）()]{0,16}?)"
_TAG = r"[“\"'「]?(?P<tag>(?:(?!的)[\u4e00-\u9fffa-z0-9]){1,12}?)[”\"'」]?"
_AWAY = "(?:去掉|去除|删掉|删除|删了|删|撤掉|撤了|撤销|取消|拿掉|摘掉|移除|划掉|清掉)"
_WRONG = "(?:不对|错了|有误|不准|打错了|标错了|贴错了|不符|搞错了|不是真的|不成立|过时了|是错的|弄错了)"
_NOT = "(?:根本|其实|现在|都|就|压根|早就|明明|并|应该)*(?:还没|没有|没|不是|不算|并非|未|不再是|已经不是|离)"
_DENIED = rf"(?P<tag>{_NOT}(?P<what>[\u4e00-\u9fffa-z0-9]{{1,10}}?))"
_END = "(?:吧|一下|谢谢|了|掉|啊|呀|的|,|。|!| )*$"
_OF = "(?:的|身上的?|那个|这个|客户|,| )*"
# Without the word 标签 only a name of the vocabulary is one.
_KNOWN = f"[“\"'「]?(?P<tag>{all_names()})[”\"'」]?"
_BID = "^(?:请|麻烦|帮我|把|将|给)*"
_WITH_THE_WORD = (
    rf"(?:标签|标记)(?:是|给)?{_WRONG}[啊吧呀了]*[ ,。!]*(?:因为)?{_NAME}{_DENIED}{_END}",
    rf"^{_NAME}{_DENIED}[ ,。!]+(?:这个|那个|把|他的?|她的?|请|你们的?|的)*(?:标签|标记)?.{{0,6}}?(?:{_WRONG}|{_AWAY}).{{0,8}}$",
    rf"{_BID}{_NAME}{_OF}{_KNOWN}(?:的|这个|那个)*(?:标签|标记)(?:给|帮我|都|是|已经)*(?:{_AWAY}|{_WRONG}){_END}",
    rf"{_BID}{_KNOWN}(?:的|这个|那个)*(?:标签|标记)(?:从|给){_NAME}(?:身上|那里|那儿)?{_AWAY}{_END}",
    rf"{_BID}{_NAME}{_OF}{_TAG}(?:的|这个|那个)*(?:标签|标记)(?:给|帮我|都|是|已经)*(?:{_AWAY}|{_WRONG}){_END}",
)
_WITHOUT = (
    rf"^{_NAME}{_NOT}[\u4e00-\u9fff]{{1,8}}[ ,。]+(?:请|帮我|把)*{_AWAY}(?:他的?|她的?)?{_KNOWN}{_END}",
    rf"{_BID}{_NAME}(?:的|身上的?)?{_AWAY}(?:他的?|她的?|掉)?{_KNOWN}(?:的?标签|标记)?{_END}",
    rf"{_BID}{_NAME}的?{_KNOWN}{_AWAY}{_END}",
    rf"^{_NAME}(?:根本|其实|现在|已经|这家公司)?(?<![是算属])(?:不是|不算|不属于|不再是|并不是)(?:一家|做|搞)?{_KNOWN}的?{_END}",
)
_SAID = (*_WITH_THE_WORD, *_WITHOUT)
_OFFERED = 4
_PRESSED = re.compile(r"(?P<id>\S+) (?P<tag>\S+)")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Strike the tag, or ask whose or which."""
    pressed = _PRESSED.fullmatch(turn.argument)
    if pressed:
        customer = lookups.customer(pressed["id"])
        return _strike(turn, lookups, customer, pressed["tag"]) if customer else (Say(draft=turn.reply(NOT_YOURS)),)
    said = next((found for pattern in _SAID if (found := re.search(pattern, turn.said))), None)
    words = said["tag"] if said else turn.said
    customers = meant(turn, lookups, said["name"] if said else "")
    if not customers:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    if len(customers) > 1:
        tag = tag_of(words) or meant_by_denial(words)
        if tag is None:
            return (Say(draft=turn.reply("哪个标签不对？说“张伟的新婚标签不对”这样就行。")),)
        head = f"叫这个的有 {len(customers)} 位，去掉谁的“{title_of(tag)}”？"
        return which(turn, lookups, customers, payload=f"{HANDLER.intent}:{{id}} {tag}", head=head)
    return _strike(turn, lookups, customers[0], words)


def _strike(turn: Turn, lookups: Lookups, customer: Customer, words: str) -> tuple[Effect, ...]:
    views = lookups.tags(customer.id)
    if views is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    focus = UpdateConversation(focus=customer.id)
    known = definitions().tags
    tag = words if words in known else tag_of(words, kind=customer.kind) or meant_by_denial(words, kind=customer.kind)
    if tag is None:
        held = [view for view in views if view.tag and not view.contested]
        if not held:
            return (Say(draft=turn.reply(f"{customer.name}现在没有能去掉的标签。", about=(customer.id,))), focus)
        buttons = tuple(
            Button(label=clip(f"去掉{view.title}", 8), payload=f"{HANDLER.intent}:{customer.id} {view.tag}") for view in held[:_OFFERED]
        )
        return (Say(draft=turn.reply(f"{customer.name}的哪个标签不对？", buttons=buttons, about=(customer.id,))), focus)
    strike = ContestTag(customer_id=customer.id, tag=tag, evidence=clip(turn.text.strip(), 60))
    text = f"改好了：{customer.name}不再按“{title_of(tag)}”看，推断和行内登记的也不算。下次评估生效；谁改的、什么时候都留了痕。"
    undo = Button(label=f"其实是{title_of(tag)}", payload=f"mark_tag:{customer.id} {tag}")
    return (strike, Say(draft=turn.reply(text, buttons=(undo,), about=(customer.id,))), focus)


HANDLER = Handler(
    intent="contest_tag",
    title="更正标签",
    audience=RM,
    handle=handle,
    order=18,
    cues=(
        "![?]|吗$|怎么|如何|为什么|哪些客户",
        rf"(?:标签|标记).{{0,8}}(?:{_WRONG}|{_AWAY})|(?:{_WRONG}|{_AWAY}).{{0,14}}(?:标签|标记)",
        *(pattern.replace("?P<name>", "?:").replace("?P<tag>", "?:").replace("?P<what>", "?:") for pattern in _WITHOUT),
    ),
    examples=("他早离了，新婚那条不能算", "这条标签和实际不符，帮我改过来"),
)
