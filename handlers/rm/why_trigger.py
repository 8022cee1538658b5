"""Why a customer's doings became a task, or did not: every condition with its figure (F06)."""

import re

from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from domain.task import Task
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.the_one import the_one
from handlers.trigger_text import task_text, why_not_text

_KIND = "trigger"
_WHICH = "您问的是哪一件？带上编号或姓名，比如“E-0007 为什么”；说“有哪些触发任务”看全部。"
_NUMBER = re.compile(r"e-?0*(\d+)")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """By its number; by the customer; the only one where neither is said."""
    tasks = [task for task in lookups.tasks() if task.kind == _KIND]
    number = _NUMBER.search(turn.argument.lower()) or _NUMBER.search(turn.said)
    if number:
        found = [task for task in tasks if task.reference.removeprefix("E-").lstrip("0") == number[1]]
        return _told(turn, lookups, found[0]) if found else (Say(draft=turn.reply("您手上没有这个编号的触发任务。")),)
    if not turn.argument and turn.conversation.focus is None:
        if len(tasks) == 1:
            return _told(turn, lookups, tasks[0])
        return (Say(draft=turn.reply(_WHICH if tasks else "您手上没有客户动作触发的任务。")),)
    customer = the_one(turn, lookups, intent=HANDLER.intent)
    if not isinstance(customer, Customer):
        return customer
    mine = [task for task in tasks if task.customer_id == customer.id]
    if mine:
        return _told(turn, lookups, mine[-1])
    judged = lookups.triggers(customer.id)
    text = why_not_text(customer.name, judged) if judged else f"{customer.name}近来在手机银行上没有会触发任务的动作。"
    return (_seen(customer.id), Say(draft=turn.reply(text, about=(customer.id,))), UpdateConversation(focus=customer.id))


def _told(turn: Turn, lookups: Lookups, task: Task) -> tuple[Effect, ...]:
    customer_id = task.customer_id or ""
    if lookups.customer(customer_id) is None:
        return (Say(draft=turn.reply("您手上没有这个编号的触发任务。")),)
    what = f"{customer_id} {_KIND}"
    buttons = (
        Button(label="完成", payload=f"answer_priority:done {what}"),
        Button(label="推迟", payload=f"answer_priority:later {what}"),
        Button(label="不合适", payload=f"answer_priority:unfit {what}"),
        Button(label="看画像", payload=f"show_profile:{customer_id}"),
    )
    said = Say(draft=turn.reply(task_text(task), buttons=buttons, about=(customer_id,)))
    return (_seen(customer_id), said, UpdateConversation(focus=customer_id))


def _seen(customer_id: str) -> Effect:
    return RecordAccess(action="trigger.viewed", customer_id=customer_id, purpose="relationship", fields=("needs",))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_WHY = "(?:为什么|为啥|为何|凭什么|怎么|因为什么)"
_END = "[呢的了吗啊? 。!]*$"
HANDLER = Handler(
    intent="why_trigger",
    title="看触发的依据",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=11,
    about_one=True,
    cues=(
        rf"^(?P<argument>e-?\d{{1,6}})[ ,，]?(?:这个|这件)?(?:任务)?(?:的)?(?:{_WHY}.{{0,10}}|依据.{{0,6}}|详情|怎么开口)?{_END}",
        f"^{_WHY}(?:要)?(?:给|派|推|分|让)(?:给)?我(?:派|推|分|发|做|跟)?(?:了)?(?:这个|这件|这条|{_NAME}的)?(?:触发)?(?:任务|提醒|单子){_END}",
        f"^(?:这个|这件|这条|那个|那件)(?:触发)?(?:的)?(?:任务|提醒)(?:是)?(?:{_WHY}|根据什么|依据什么)(?:来|触发|出来|派|生成|给我)?{_END}",
        f"^{_NAME}(?:的|这个|这件)?触发(?:任务|提醒)?(?:的)?(?:依据|原因|条件|理由)(?:是什么|是啥|有哪些|呢)?{_END}",
        f"^{_NAME}(?:的)?(?:这个|那个)?触发(?:任务)?{_WHY}(?:来的?|触发)?{_END}",
        f"^{_NAME}{_WHY}(?:没有?|还没|不)(?:被)?(?:触发|出触发任务|推任务|有任务)(?:任务)?{_END}",
        f"^{_WHY}(?:没有?|还没|不)(?:给)?{_NAME}(?:触发|推任务|派任务|出任务){_END}",
    ),
    examples=("这个提醒是怎么来的", "凭什么让我联系他做这个推荐", "他做了什么才派给我这单", "她看了基金怎么没给我任务"),
)
