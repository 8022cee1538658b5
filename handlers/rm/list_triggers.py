"""Tasks that customers triggered by what they just did (F06)."""

from domain.book import Customer
from domain.effects import Effect, Say
from domain.party import Role
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.paging import Row, paged
from handlers.trigger_text import line_text

KIND = "trigger"


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """The open ones, newest first."""
    tasks = sorted((task for task in lookups.tasks() if task.kind == KIND), key=lambda task: (task.created_at, task.id), reverse=True)
    found = [(customer, task) for task in tasks if isinstance(customer := lookups.customer(task.customer_id or ""), Customer)]
    if not found:
        text = "眼下没有客户动作触发的任务。客户在手机银行上有动静、又符合条件时，几秒内就会出现在这里和“今天先做什么”里。"
        return (Say(draft=turn.reply(text)),)
    rows = [Row(customer=customer, text=line_text(task, at=turn.at), leads=f"why_trigger:{task.reference}") for customer, task in found]
    return paged(
        turn,
        rows,
        intent="list_triggers",
        action="trigger.listed",
        head=f"客户动作触发的任务 {len(found)} 件{{page}}，新的在前：",
        tail="回数字看依据和怎么开口；也可以说“E-0007 办完了”“E-0007 不合适”。",
    )


_JUST = "(?:刚刚?|刚才|最近|今天|这两天|新|实时|眼下|现在)"
HANDLER = Handler(
    intent="list_triggers",
    title="客户动作触发的任务",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=11,
    offered=True,
    cues=(
        "!为什么|为啥|为何|依据|怎么|凭什么|原因|没有?触发|办完|完成|搞定|不合适|[ev]-?\\d",
        "^.{0,8}触发(?:的|了)?(?:任务|名单|清单|客户|提醒)(?:有(?:哪些|什么|多少|几个|没有|谁|吗)|吗|呢|看看|看一下|列一下)?[。!? ]*$",
        f"^(?:我的)?客户(?:那边)?{_JUST}在?(?:手机银行|app|[线网]上)?[里上]?有?(?:什么|哪些|啥)新?(?:动[静作]|信号)[呢啊吗]?[。!? ]*$",
    ),
    examples=("客户那边刚有啥动静要我跟的", "实时提醒里有谁", "有没有客户刚看了产品页要我联系", "线上有动作的客户任务"),
)
