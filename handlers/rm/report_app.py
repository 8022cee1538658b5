"""Tell the people of the app what a customer ran into: a task with the evidence, once per cause and day it began (C18)."""

from domain.effects import Effect, OpenTask, Say
from domain.party import Role
from handlers.handler import Handler, Turn
from handlers.leaving_text import needs_app_team
from handlers.lookups import Lookups
from handlers.profile_text import NOT_YOURS


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Open the task for the customer's RM, who passes it on: the house knows no queue of the app's people."""
    customer = lookups.customer(turn.argument)
    found = needs_app_team(lookups.causes(turn.argument)) if customer else None
    if customer is None or found is None:
        return (Say(draft=turn.reply(NOT_YOURS if customer is None else "没有要报给科技的记录。")),)
    title = f"{customer.name}：{found.cause.title} {found.count} 次（{found.first_on:%m-%d}至{found.last_on:%m-%d}）"
    task = OpenTask(
        task="app_problem",
        title=title,
        detail=f"客户可能因此变冷淡。查这几天的日志，弄清楚后回给客户经理。依据：{found.cause.id}，最后一次 {found.last_on}。",
        customer_id=customer.id,
        key=f"app_problem/{customer.id}/{found.cause.id}/{found.first_on}",
    )
    text = f"记下了，编号 {{reference}}：{title}。已放进待办，您转给科技，查清后回给客户。"
    return (task, Say(draft=turn.reply(text, about=(customer.id,))))


HANDLER = Handler(
    intent="report_app",
    title="报给科技",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=19,
)
