"""Whoever dealt with a complaint says so: 投诉处理完了 C-0007. From then on the customer may be greeted again.

Without a number it is the only open one, or the one of the customer who is named; otherwise the numbers are asked for.
"""

import re
from collections.abc import Sequence

from domain.effects import CloseComplaint, Effect, Say
from domain.message import Button
from domain.party import Role
from domain.task import Task
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from language.normalise import clip

_NUMBER = re.compile(r"(?<![a-z0-9])c ?-? ?0*(?P<number>\d{1,9})(?!\d)", re.IGNORECASE)
# A bare number counts only where nothing else can be meant: right behind the words, or before them as 7号投诉.
_BARE = re.compile(r"(?:了|结|毕|案)[ :,]*(?:编号 ?)?(?P<number>\d{1,9})号?[。! ]*$|^(?P<before>\d{1,9})号?(?:那个|那件|的)?投诉")
_NAME = re.compile(r"^(?:客户)?(?P<name>[\u4e00-\u9fff]{2,12}?)的?投诉")
_SHOWN = 5


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Close the one that is meant, or ask which."""
    number = _number(turn.argument) or _number(turn.said)
    if number:
        return (CloseComplaint(reference=number),)
    complaints = lookups.complaints()
    if not complaints:
        return (Say(draft=turn.reply("您这里没有未结的投诉。")),)
    named = _NAME.match(turn.said)
    people = {customer.id for customer in meant(turn, lookups, named["name"])} if named else set()
    fitting = [task for task in complaints if task.customer_id in people] or list(complaints)
    if len(fitting) == 1 and (people or named is None):
        return (CloseComplaint(reference=fitting[0].reference),)
    return _which(turn, fitting)


def _number(text: str) -> str:
    """The number of a complaint as tasks write it, or nothing."""
    found = _NUMBER.search(text) or _BARE.search(text)
    if found is None:
        return ""
    digits = found["number"] or found.groupdict().get("before") or ""
    return f"C-{int(digits):04d}"


def _which(turn: Turn, tasks: Sequence[Task]) -> tuple[Effect, ...]:
    shown = tasks[:_SHOWN]
    more = f"（共 {len(tasks)} 件，先列 {_SHOWN} 件）" if len(tasks) > _SHOWN else ""
    lines = [f"{index}. {task.reference} {clip(task.title, 30)}" for index, task in enumerate(shown, start=1)]
    buttons = tuple(Button(label=task.reference, payload=f"close_complaint:{task.reference}") for task in shown)
    about = tuple(sorted({task.customer_id for task in shown if task.customer_id}))
    return (Say(draft=turn.reply("\n".join((f"哪一件办完了？{more}", *lines, "回数字就行。")), buttons=buttons, about=about)),)


HANDLER = Handler(
    intent="close_complaint",
    title="投诉办结",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=8,
    cues=(
        "!(?:吗|没有|怎么|如何|多久|什么时候|流程|没(?:处理|办|解决)|未(?:处理|办|解决)|还没|了没|哪些|几件|多少)",
        "投诉.{0,12}(?:(?:处理|解决|办理?|搞|弄)(?:完|好|妥|掉)|办结|结案|了结|处理完毕)",
        "(?:处理|解决|办理?|搞|弄)(?:完|好|妥|掉)(?:了)?.{0,12}投诉|(?:办结|结案|了结).{0,8}投诉",
        "^c ?-? ?\\d{1,9}(?:号)?[ ,:]*(?:已经?|这件|投诉)*(?:(?:处理|解决|办|搞|弄)(?:完|好|妥|掉)|办结|结案|了结)",
        "^(?:办结|结案|了结)[ ,:]*c ?-? ?\\d{1,9}",
    ),
)
