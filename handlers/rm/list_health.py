"""The least healthy relations, of all or of one class (F01)."""

import re

from domain.effects import Effect, Say
from domain.party import Role
from handlers.cues import together
from handlers.handler import Handler, Turn
from handlers.health_text import health_line, light
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.paging import Row, asked_for, paged
from handlers.picking import PAGE
from language.numbers import find_numbers

_CLASS = re.compile(r"战略|成长|基础|关注")
_LAMP = re.compile(r"(?:亮着?|变|是)?([红黄绿])(?:灯|色|的|了|$)")
_MOST = 10


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """List them with number, arrow and what costs most; a number leads to the customer."""
    as_of = lookups.judged_on()
    if as_of is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    found = [(customer, health) for customer, health in lookups.healths() if health.score is not None]
    _, words = asked_for(turn)
    named = _CLASS.search(words)
    wanted = f"{named[0]}级" if named else ""
    if wanted:
        labels = lookups.labels([customer.id for customer, _ in found])
        if not labels:
            return (Say(draft=turn.reply(f"截至 {as_of} 还没有客户分层的结果，挑不出{wanted}。要看全部客户的，说“健康度最差的客户”。")),)
        found = [(customer, health) for customer, health in found if wanted in labels.get(customer.id, "")]
    lamp = _LAMP.search(words)
    if lamp:
        found = [(customer, health) for customer, health in found if light(health) == lamp[1]]
        wanted = f"{lamp[1]}灯的{wanted}"
    if not found:
        return (Say(draft=turn.reply(f"截至 {as_of}，您名下没有{wanted or '有健康度的'}客户。")),)
    many = _how_many(words)
    shown = found[:many] if many else found
    which = f"健康度最低的 {len(shown)} 位{wanted}客户" if many else f"{len(found)} 位{wanted}客户，健康度低的在前"
    total = f"共 {len(found)} 位，" if many else ""
    head = f"{which}{{page}}（{total}截至 {as_of}，箭头比30天前）："
    rows = [Row(customer=one, text=health_line(one.name, health), leads=f"show_health:{one.id}") for one, health in shown]
    caveat = lookups.caveat("health")
    tail = f"回数字看详情。{f'注意：{caveat}' if caveat else ''}"
    return paged(turn, rows, intent=HANDLER.intent, action="health.listed", head=head, tail=tail, size=many or PAGE)


def _how_many(said: str) -> int | None:
    """How many are wanted, at most ten on one screen; None where no number is said."""
    numbers = [int(number.value) for number in find_numbers(said) if number.value == int(number.value)]
    return next((min(number, _MOST) for number in numbers if number > 0), None)


HANDLER = Handler(
    intent="list_health",
    title="健康度最差的客户",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=17,
    offered=True,
    cues=(
        "!为什么|为啥|话术|案例|管理卡|体检|怎么算|口径|图|画",
        "健康度?.{0,6}(?:最差|最低|垫底|不好|亮红|红灯|排名|排行|倒数|靠后)",
        "(?:最差|最低|垫底|倒数|红灯|亮红灯?)的?.{0,14}(?:健康|客户关系)",
        "(?:谁|哪些|哪几个|哪几位|哪个).{0,8}(?:最不健康|不健康|亮红灯?|健康度?(?:最差|最低|不好|差|低))",
        together(
            "健康|客户关系|关系", "谁|哪些|哪几|名单|列|排|几[个位]|[十\\d][个位名]", "差|低|红|倒数|最后|垫底|不健康|不好|不行|从低到高"
        ),
        "^(?:最)?不健康的.{0,12}(?:客户|名单|有哪些|有谁)[。!? ]*$",
    ),
    examples=("哪些人跟咱们的关系快撑不住了", "关系最糟的几位给我排一下", "把红色的客户排出来", "分数垫底的那几位重要客户是谁"),
)
