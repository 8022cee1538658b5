"""An RM asks which tags a customer has: source, confidence, evidence and end of each (A08, B06)."""

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.tags import TagSource
from handlers.cues import UNFOLD, of_whom
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.profile_text import NOT_YOURS
from handlers.tag_text import tags_text
from handlers.the_one import the_one
from language.normalise import clip


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show the tags; what was inferred can be confirmed, the first of what is said be struck."""
    customer = the_one(turn, lookups, intent=HANDLER.intent)
    if not isinstance(customer, Customer):
        return customer
    views = lookups.tags(customer.id)
    if views is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    held = [view for view in views if view.tag and not view.contested]
    confirm = [
        Button(label=clip(f"确认{view.title}", 8), payload=f"mark_tag:{customer.id} {view.tag}")
        for view in held
        if view.source is TagSource.INFERRED
    ]
    strike = [Button(label=clip(f"去掉{view.title}", 8), payload=f"contest_tag:{customer.id} {view.tag}") for view in held[:2]]
    seen = RecordAccess(action="tags.viewed", customer_id=customer.id, purpose="relationship", fields=("needs",))
    caveat = lookups.caveat("tags")
    text = "\n".join(filter(None, (tags_text(customer.name, views, on=lookups.today), f"注意：{caveat}" if caveat else "")))
    draft = turn.reply(text, buttons=(*confirm, *strike), about=(customer.id,))
    return (seen, Say(draft=draft), UpdateConversation(focus=customer.id))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_ASK = "(?:帮我|请|麻烦|给我|我想)?"
_SEE = "(?:看看?|查查?|查询|列出?|调出?|说说)?(?:一下|下|看)?"

HANDLER = Handler(
    intent="show_tags",
    title="看标签",
    audience=RM,
    handle=handle,
    order=20,
    about_one=True,
    cues=(
        "!不对|错|不准|去掉|删|撤|取消|加|新增|哪些客户|谁有|什么意思|怎么打",
        of_whom("标签", UNFOLD),
        f"^{_ASK}{_SEE}(?:客户)?{_NAME}(?:这个客户|这位客户|客户)?(?:的|身上|名下)?(?:现在|目前)?(?:都)?"
        "(?:有|打了|贴了|带)?(?:哪些|什么|啥|多少)?(?:客户)?标签(?:有哪些|是什么|有什么|情况|给我|看看|吧|呢|列一下|一览)*[。!? ]*$",
    ),
    examples=("他身上都贴了些什么标签", "这位客户的标签是谁打的", "李梅的标签还有效吗"),
)
