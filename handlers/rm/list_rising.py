"""Who may rise to the highest tier, with what is missing (B08)."""

import re

from domain.effects import Effect, RecordAccess, Say
from domain.message import Button
from domain.party import Role
from handlers.class_text import NO_CLASSES, rising_line
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.picking import PAGE
from language.normalise import clip

_PAGE = re.compile(r"page=(\d+)")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show one page; a number or a name leads to the class and its reasons."""
    as_of = lookups.judged_on()
    if as_of is None:
        return (Say(draft=turn.reply(NO_CLASSES)),)
    found = lookups.rising()
    caveat = lookups.caveat("classes")
    note = f"注意：{caveat}" if caveat else ""
    if not found:
        return (Say(draft=turn.reply(f"截至 {as_of}，您名下没有看得出能升战略级的客户。{note}")),)
    pages = -(-len(found) // PAGE)
    asked = _PAGE.fullmatch(turn.argument)
    page = min(max(int(asked[1]) if asked else 1, 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    head = f"有望升战略级 {len(found)} 位{f'，第 {page}/{pages} 页' if pages > 1 else ''}（截至 {as_of}，按离线远近、成长和需求排）："
    lines = [f"{index}. {rising_line(customer.name, one)}" for index, (customer, one) in enumerate(shown, start=1)]
    buttons = [Button(label=clip(customer.name, 8), payload=f"show_class:{customer.id}") for customer, _ in shown]
    if page < pages:
        buttons.append(Button(label="下一页", payload=f"{HANDLER.intent}:page={page + 1}"))
    seen = tuple(
        RecordAccess(action="class.listed", customer_id=customer.id, purpose="relationship", fields=("needs",)) for customer, _ in shown
    )
    text = "\n".join((head, *lines, f"回数字看依据。{note}"))
    return (*seen, Say(draft=turn.reply(text, buttons=tuple(buttons), about=tuple(customer.id for customer, _ in shown))))


_WHO = "(?:谁|哪些|哪几位?|哪位|哪个|什么人|有没有人?|有几个|多少|名单|都有)"
_RISE = "(?:升级?|晋升?|晋级|提升|提级|上升|冲击?|冲刺|够到?|够得上|进到?|进入|成为|变成|培养成|做成)"

HANDLER = Handler(
    intent="list_rising",
    title="有望升战略级的客户",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=15,
    cues=(
        "!话术|案例|职级|岗位|职称|等级考试|系统升级|版本|App升级",
        f"{_WHO}.{{0,16}}{_RISE}.{{0,4}}(?:为|到|成)?(?:战略|高一[级层档]|更高|上去|一级|一档|上一[级层档])",
        f"{_WHO}.{{0,12}}(?:潜力|希望|机会|可能|苗子).{{0,6}}(?:升|晋|冲|战略)",
        f"{_WHO}.{{0,8}}(?:离|距离?|差).{{0,3}}战略级?.{{0,6}}(?:近|不远|一点|一步|少)",
        f"(?:潜力|有望|有希望|能|可以|快要?|下一批|后备|储备|准).{{0,6}}(?:升|晋|冲|成)?.{{0,4}}战略级?(?:的)?(?:客户)?.{{0,8}}{_WHO}",
        "^(?:看看?|列出?|给我|查查?|拉)?(?:一下|下)?(?:我的?|名下)?(?:有望|有希望|有潜力|潜力|准|后备)(?:升级?|晋级?)?(?:到|为|成)?(?:的)?"
        "战略级?(?:的)?客户(?:名单|列表|清单)?[。!? ]*$",
    ),
    examples=(
        "手里哪个再推一把就能上战略级",
        "下一个大客户会从谁里面出来",
        "哪几位再努力一下就能往上走一层",
        "我的客户里谁最有往上走的苗头",
    ),
)
