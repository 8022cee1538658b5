"""A customer asks what is noted of them, and takes it back: 你们给我打了什么标签, 别记我有孩子 (个人信息保护法 第四十五、四十六条)."""

from collections.abc import Mapping

from crm.tags.naming import all_names, meant_by_denial, tag_of
from crm.tags.view import TagView
from domain.effects import ContestTag, Effect, Say
from domain.message import Button
from domain.tags import TagSource
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.tag_text import title_of
from language.normalise import clip

_WHO = {TagSource.DECLARED: "您自己说的", TagSource.RM: "客户经理记的", TagSource.BANK: "行内登记的", TagSource.INFERRED: "按数据推断的"}
_SHOWN = 4


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say what is noted with its source, or strike what is named."""
    me = lookups.me()
    views = [view for view in (lookups.tags(me.id) if me else None) or () if not view.contested]
    if me is None or not views:
        return (Say(draft=turn.reply("现在没有给您记什么标签。")),)
    held = {view.tag: view for view in views if view.tag}
    wanted = _wanted(turn.argument, held=held, kind=me.kind)
    if wanted is not None:
        strike = ContestTag(customer_id=me.id, tag=wanted, evidence=clip(turn.text.strip(), 60))
        return (strike, Say(draft=turn.reply(f"好，“{title_of(wanted)}”划掉了，以后不按这个看您。")))
    lines = [f"{number}. {view.title}（{_WHO[view.source]}）" for number, view in enumerate(views[:_SHOWN], start=1)]
    buttons = tuple(Button(label=clip(f"划掉{view.title}", 8), payload=f"my_tags:{view.tag}") for view in views[:_SHOWN] if view.tag)
    return (Say(draft=turn.reply("\n".join(("给您记了这些：", *lines, "哪个不对或不想记，告诉我就划掉。")), buttons=buttons)),)


def _wanted(words: str, *, held: Mapping[str, TagView], kind: str) -> str | None:
    """The tag that a button, its own name or a denial of it means."""
    if not words or words in held:
        return words or None
    named = tag_of(words)
    return named if named in held else meant_by_denial(words, kind=kind)


_KNOWN = f"(?P<argument>{all_names()})"
_WRONG = "(?:不对|错了|有误|不准|不是真的|打错了|标错了|记错了|搞错了|弄错了|不属实|过时了)"
_AWAY = "(?:去掉|去除|删掉|删除|删了|删|撤掉|撤了|取消|拿掉|划掉|划了|清掉|不要记|别记)"
_THAT = "(?:的|这|那|个|条|一条|一项){0,4}(?:标签|标记|记录)?"

HANDLER = Handler(
    intent="my_tags",
    title="我的标签",
    audience=CUSTOMER,
    handle=handle,
    order=28,
    cues=(
        "!开户|转账|密码|卡号|号码",
        "^(?:你们?|银行|系统)?(?:都)?(?:给|对|为)我(?:都)?(?:打|贴|记|标)(?:了|过)?(?:些|个)?(?:什么|哪些|啥)(?:样的)?"
        "(?:标签|标记|信息|东西)?[。!? 呢啊]*$",
        "^我(?:身上|在你们(?:这|那)(?:里|儿)?)?(?:的|都)?(?:有|被打了|被贴了)?(?:些)?(?:什么|哪些|啥)?标签(?:有哪些|是什么)?[。!? 呢啊]*$",
        "(?:别|不要|不用|请勿)(?:再)?(?:记|标|给我(?:打|贴|记|标))(?:着|上|了)?"
        "(?P<argument>[\u4e00-\u9fff]{0,10}?)(?:的?标签|的?标记)[。! 了吧]*$",
        "^(?:别|不要|不用|请勿)(?:再)?记(?:着|上)?我(?P<argument>[\u4e00-\u9fff]{1,10}?)(?:的?事|这件事)?[。! 了吧]*$",
        "(?:把|将)?我(?:的)?(?P<argument>[\u4e00-\u9fff]{1,8}?)(?:的)?标签(?:给)?(?:删|去掉|划掉|取消|拿掉|撤)(?:掉|了)?[。! 吧]*$",
        "^(?P<argument>我[\u4e00-\u9fff]{1,8}?)[ ,。]*(?:这个|那个|你们的?)?标签(?:不对|错了|打错了|有误)[。! 啊]*$",
        f"^(?:我|你们|把|将|那个|这个){{0,3}}{_KNOWN}{_THAT}(?:是|都|给我?|帮我|请|你们){{0,3}}(?:{_WRONG}|{_AWAY})[了吧啊呀。!, 谢]*$",
        f"^(?:请|麻烦|帮我|给我|把){{0,3}}{_AWAY}(?:我的?|那个|这个){{0,2}}{_KNOWN}{_THAT}[了吧啊呀。!, 谢]*$",
    ),
    examples=("你们系统里怎么描述我这个人的", "我想知道你们记了我哪些信息"),
)
