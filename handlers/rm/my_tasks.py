"""The open tasks of a relationship manager or a manager, overdue first."""

from datetime import datetime

from compliance.days import bank_time
from domain.effects import Effect, Say
from domain.party import Role
from domain.task import Task
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from language.normalise import clip

_SHOWN = 8
_KINDS = {
    "complaint": "投诉",
    "hand_off": "找人",
    "callback": "回电",
    "lead": "线索",
    "dead_letter": "故障",
    "review": "复核",
    "delivery": "未送达",
    "app_problem": "科技",
    "churn": "挽留",
    "churn_late": "逾期",
    "dissatisfied": "不满意",
    "trigger": "触发",
}


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """List them with number, deadline and whether that has passed."""
    tasks = sorted(lookups.tasks(), key=lambda task: (task.due_at is None, task.due_at or task.created_at, task.id))
    if not tasks:
        return (Say(draft=turn.reply("手上没有未了的事。")),)
    late = sum(1 for task in tasks if task.due_at is not None and task.due_at < turn.at)
    head = f"{len(tasks)} 件没办完{f'，{late} 件已过时限' if late else ''}："
    lines = [f"{index}. {_line(task, at=turn.at)}" for index, task in enumerate(tasks[:_SHOWN], start=1)]
    more = f"另有 {len(tasks) - _SHOWN} 件，在工作台看。" if len(tasks) > _SHOWN else ""
    about = tuple({task.customer_id for task in tasks[:_SHOWN] if task.customer_id})
    return (Say(draft=turn.reply("\n".join(part for part in (head, *lines, more) if part), about=tuple(sorted(about)))),)


def _line(task: Task, *, at: datetime) -> str:
    due = f"{bank_time(task.due_at):%m-%d %H:%M} 前" if task.due_at else "不限时"
    overdue = "，已过" if task.due_at and task.due_at < at else ""
    return f"[{_KINDS.get(task.kind, task.kind)}] {clip(task.title, 30)}（{task.reference}，{due}{overdue}）"


HANDLER = Handler(
    intent="my_tasks",
    title="我的待办",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=12,
    offered=True,
    cues=(
        "^(?:看看?|查查?|打开|列出?)?(?:一下|下)?(?:我的?|今天的?|当前的?|手上的?|所有的?|未完成的?)*(?:待办"
        "|任务|todo|工单|待处理|要办的事|活儿?)(?:事项|列表|清单|有哪些|有什么|呢)*[。!? ]*$",
        "(?:我|今天|现在|手上|还)(?:.{0,4})(?:有(?:什么|哪些|多少|几个|啥)|要(?:做|办|干)(?:什么|哪些|啥))"
        "(?:任务|事|待办|活|要办|没办|没做)?[。!? ]*$",
    ),
    examples=("手头还压着什么没弄完", "有没有快超时的单子", "这周我得跟进哪些"),
)
