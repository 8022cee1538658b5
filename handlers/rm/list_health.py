"""The least healthy relations, of all or of one class (F01)."""

import re

from domain.effects import Effect, RecordAccess, Say
from domain.message import Button
from domain.party import Role
from handlers.handler import Handler, Turn
from handlers.health_text import NO_RUN, health_line
from handlers.lookups import Lookups
from handlers.picking import PAGE
from language.normalise import clip
from language.numbers import find_numbers

_CLASS = re.compile(r"战略|成长|基础|关注")
_MOST = 10


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """List them with number, arrow and what costs most; a number leads to the customer."""
    as_of = lookups.judged_on()
    if as_of is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    found = [(customer, health) for customer, health in lookups.healths() if health.score is not None]
    named = _CLASS.search(turn.said)
    wanted = f"{named[0]}级" if named else ""
    if wanted:
        labels = lookups.labels([customer.id for customer, _ in found])
        if not labels:
            return (Say(draft=turn.reply(f"截至 {as_of} 还没有客户分层的结果，挑不出{wanted}。要看全部客户的，说“健康度最差的客户”。")),)
        found = [(customer, health) for customer, health in found if wanted in labels.get(customer.id, "")]
    if not found:
        return (Say(draft=turn.reply(f"截至 {as_of}，您名下没有{wanted or '有健康度的'}客户。")),)
    shown = found[: _how_many(turn.said)]
    head = f"健康度最低的 {len(shown)} 位{wanted}客户（共 {len(found)} 位，截至 {as_of}，箭头比30天前）："
    lines = [f"{index}. {health_line(customer.name, health)}" for index, (customer, health) in enumerate(shown, start=1)]
    buttons = tuple(Button(label=clip(customer.name, 8), payload=f"show_health:{customer.id}") for customer, _ in shown)
    caveat = lookups.caveat("health")
    seen = tuple(
        RecordAccess(action="health.listed", customer_id=customer.id, purpose="relationship", fields=("needs",)) for customer, _ in shown
    )
    text = "\n".join((head, *lines, f"回数字看详情。{f'注意：{caveat}' if caveat else ''}"))
    return (*seen, Say(draft=turn.reply(text, buttons=buttons, about=tuple(customer.id for customer, _ in shown))))


def _how_many(said: str) -> int:
    numbers = [int(number.value) for number in find_numbers(said) if number.value == int(number.value)]
    return next((min(number, _MOST) for number in numbers if number > 0), PAGE)


HANDLER = Handler(
    intent="list_health",
    title="健康度最差的客户",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=17,
    cues=(
        "!为什么|为啥|话术|案例|管理卡|体检",
        "健康度?.{0,6}(?:最差|最低|垫底|不好|亮红|红灯|排名|排行|倒数|靠后)",
        "(?:最差|最低|垫底|倒数|红灯|亮红灯?)的?.{0,14}(?:健康|客户关系)",
        "(?:谁|哪些|哪几个|哪几位|哪个).{0,8}(?:最不健康|不健康|亮红灯?|健康度?(?:最差|最低|不好|差|低))",
        "^(?:最)?不健康的.{0,12}(?:客户|名单|有哪些|有谁)[。!? ]*$",
    ),
    examples=("哪些人跟咱们的关系快撑不住了", "关系最糟的几位给我排一下", "把红色的客户排出来", "分数垫底的那几位重要客户是谁"),
)
