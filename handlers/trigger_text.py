"""Triggers as a colleague tells them: what the customer did, which conditions hold and which do not."""

from collections.abc import Sequence
from datetime import datetime

from compliance.days import bank_time
from crm.triggers.judging import Condition, JudgedTrigger
from domain.task import Task

_SHOWN = 2


def task_text(task: Task) -> str:
    """A task with its evidence, numbered, and how to begin."""
    *evidence, opening, as_of = task.detail.splitlines()
    numbered = " ".join(f"{mark}{one}" for mark, one in zip("①②③④⑤⑥⑦", evidence, strict=False))
    due = f"，{bank_time(task.due_at):%m-%d %H:%M} 前" if task.due_at else ""
    return f"{task.title}（{task.reference}，{bank_time(task.created_at):%m-%d %H:%M} 触发{due}）\n依据：{numbered}\n{opening}\n{as_of}"


def line_text(task: Task, *, at: datetime) -> str:
    """One line of a list: what, and the event."""
    overdue = "，已过时限" if task.due_at and task.due_at < at else ""
    return f"{task.title}｜{task.detail.splitlines()[0]}（{task.reference}{overdue}）"


def why_not_text(name: str, judged: Sequence[JudgedTrigger]) -> str:
    """Why nothing was triggered: the triggers that the customer came nearest to, each with what is missing."""
    near = sorted(judged, key=lambda one: (sum(not condition.holds for condition in one.conditions), one.trigger.id))[:_SHOWN]
    lines = [f"{one.trigger.title}：{'；'.join(_checked(condition) for condition in one.conditions)}" for one in near]
    return "\n".join([f"{name}没有触发任务。最接近的：", *lines])


def _checked(condition: Condition) -> str:
    return f"{'✓' if condition.holds else '✗'}{condition.said}"
