"""In which stage of life a customer is, and what speaks for it. What a colleague or the customer said counts before what we infer (A08)."""

from crm.life.view import LifeView
from crm.tags.definitions import definitions
from crm.tags.view import TagView
from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.tags import TagSource
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.profile_text import NOT_YOURS
from handlers.tag_text import SOURCES
from handlers.the_one import the_one

_SHOWN = 3


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say the stage and its evidence; offer a choice when several are called that."""
    customer = the_one(turn, lookups, intent=HANDLER.intent)
    if not isinstance(customer, Customer):
        return customer
    views = lookups.tags(customer.id)
    if views is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    if customer.kind == "company":
        return (Say(draft=turn.reply(f"{customer.name}是企业，没有人生阶段；想看它处在哪个客户阶段，问“{customer.name}什么级别”。")),)
    said = next((view for view in views if _tells(view)), None)
    lines = [_line(customer.name, lookups.life(customer.id), said)]
    caveat = lookups.caveat("life")
    lines += [f"注意：{caveat}"] if caveat else []
    seen = RecordAccess(action="life.viewed", customer_id=customer.id, purpose="relationship", fields=("needs",))
    button = Button(label="看标签", payload=f"show_tags:{customer.id}")
    draft = turn.reply("\n".join(lines), buttons=(button,), about=(customer.id,))
    return (seen, Say(draft=draft), UpdateConversation(focus=customer.id))


def _tells(view: TagView) -> bool:
    """Somebody said the stage, and nobody struck it."""
    known = definitions().tags.get(view.tag)
    return view.source in (TagSource.RM, TagSource.DECLARED) and not view.contested and known is not None and bool(known.life)


def _line(name: str, view: LifeView | None, said: TagView | None) -> str:
    if said is not None:
        also = f"\n系统自己看：{view.title} {view.probability:.0%}（截至 {view.as_of}）" if view and view.sure else ""
        return f"{name}：{said.title}，{SOURCES[said.source]}{f'于 {said.on}' if said.on else ''}，以这个为准。{also}"
    if view is None:
        return f"{name}：无数据，说不出处在哪个人生阶段。\n可以问：家里现在几口人，孩子多大了？"
    why = "；".join(one.text for one in view.speaking[:_SHOWN])
    other = f"，也可能是{view.second}（{view.second_probability:.0%}）" if view.second_probability >= _WORTH_SAYING else ""
    if not view.sure:
        return f"{name}：说不准，{view.title}和{view.second}都有可能（截至 {view.as_of}）。\n可以问：家里现在几口人，孩子多大了？"
    return (
        f"{name}：多半处在{view.title}阶段，{view.probability:.0%}{other}（截至 {view.as_of}，系统推断）。\n"
        f"依据：{why}。\n下一步：聊的时候核实一句，对了就说“把{name}标为{view.title}”。"
    )


_WORTH_SAYING = 0.15
_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_ASK = "(?:帮我|请|麻烦|给我|我想)?(?:看看?|查查?|说说|判断|估计)?(?:一下|下)?"

HANDLER = Handler(
    intent="show_life_stage",
    title="看人生阶段",
    audience=RM,
    handle=handle,
    order=19,
    about_one=True,
    cues=(
        "!标为|标成|改成|不对|名单|哪些客户|谁|产品|方案|案例|话术",
        f"^{_ASK} ?{_NAME}(?:这个客户|这位客户|客户)?(?:的|现在|目前|如今|是|正|大概|应该|算|处在|处于|属于|在|到了)*"
        "(?:什么|哪种|啥|哪一?个)?(?:人生|生活|家庭|生命)(?:阶段|周期|时期)"
        "(?:是|在|处于|属于)?(?:什么|哪一?个|啥|吗|呢|啊|吧|怎么样)*[。!? ]*$",
        f"^{_ASK} ?{_NAME}(?:现在|目前)?(?:过到|走到)(?:人生|生活)的?(?:哪一?步|什么阶段|哪个阶段)了?[。!? ]*$",
    ),
    examples=("他处在什么人生阶段", "这位客户成家了没有、有没有孩子", "她现在是单身还是已经有娃了"),
)
