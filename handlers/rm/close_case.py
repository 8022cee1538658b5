"""A task of the list of the day is dealt with by its number: V-0006 办完了, E-0012 不合适, 挽留胡磊完成 (C14, F06).

A manager closes the late cases of the branch, by their own number or by that of what the manager was told (Y-0009).
"""

import re
from datetime import timedelta

from compliance.days import at_hour
from crm.priorities.planning import DONE, UNFIT, rest_days
from domain.effects import AnswerPriority, Effect, Say
from domain.party import Role
from domain.task import Task
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from language.normalise import normalise

_CASE, _TRIGGER, _TOLD = "churn", "trigger", "churn_late"
_UNFIT = re.compile("不合适|误报|不是流失|没有流失|不用挽留")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Close the one that is named by number or name; the only one where none is named."""
    mine = [task for task in lookups.tasks() if task.kind in (_CASE, _TRIGGER, _TOLD) and task.customer_id]
    cases = [*mine, *(late.task for late in lookups.late_cases())]
    named = _named(turn.said, cases) or cases
    found = list({_case(task): task for task in named}.values())
    if len(found) != 1:
        text = "手上没有要挽留的客户，也没有触发的任务。" if not cases else "办完的是哪一件？带上编号或姓名，比如“V-0006 办完了”。"
        return (Say(draft=turn.reply(text)),)
    task, answer = found[0], UNFIT if _UNFIT.search(turn.said) else DONE
    assert task.customer_id is not None
    what = _TRIGGER if task.kind == _TRIGGER else _CASE
    until = at_hour(lookups.today + timedelta(days=rest_days(what, answer)), 0)
    kept = AnswerPriority(customer_id=task.customer_id, what=what, name=_name(task), answer=answer, until=until)
    told = "记为完成" if answer == DONE else f"记为不合适，{until:%m-%d} 前不再提"
    return (kept, Say(draft=turn.reply(f"{task.title}（{task.reference}）{told}。", about=(task.customer_id,))))


def _case(task: Task) -> tuple[str, str | None]:
    """What a manager was told of a case stands for the case itself."""
    return (task.key, None) if task.kind == _TRIGGER else (_CASE, task.customer_id)


def _name(task: Task) -> str:
    """Which trigger it was: the same may come of another."""
    return task.key.split(":")[1] if task.kind == _TRIGGER else ""


def _named(said: str, cases: list[Task]) -> list[Task]:
    number = re.search(r"([vey])-?0*(\d+)", said)
    if number:
        return [task for task in cases if task.reference.lower() == f"{number[1]}-{int(number[2]):04d}"]
    return [task for task in cases if normalise(task.title).removeprefix("挽留") in said]


_DONE = "(?:办完|办好|办结|处理完|处理好|完成|搞定|联系过|谈过|聊过|留住|挽回|回来|结案|关掉|不合适|误报)"

HANDLER = Handler(
    intent="close_case",
    title="挽留或触发的任务办完了",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=11,
    cues=(
        "!投诉|怎么|如何|吗|谁|哪些",
        rf"^(?:任务|编号)?(?:[vey]-?\d{{1,6}}).{{0,8}}{_DONE}[了吧啦。!]*$",
        rf"^(?:挽留|流失).{{1,14}}?(?:的?(?:任务|这件|那件|这单))?.{{0,4}}{_DONE}[了吧啦。!]*$",
    ),
)
