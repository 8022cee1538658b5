"""Which warnings of leaving nobody dealt with in time: own ones, of a manager those of the branch (C14)."""

from datetime import datetime

from compliance.days import bank_day, bank_time
from domain.effects import Effect, Say
from domain.party import Role
from handlers.cues import together
from handlers.handler import Handler, Turn
from handlers.lookups import LateCase, Lookups
from handlers.paging import Row, paged


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show one page, the longest overdue first; a number leads to the causes."""
    late = lookups.late_cases()
    if not late:
        return (Say(draft=turn.reply("没有过了时限的流失预警。")),)
    rows = [Row(customer=one.customer, text=_line(one, at=turn.at), leads=f"explain_leaving:{one.customer.id}") for one in late]
    head = f"过了时限还没办的流失预警 {len(late)} 件{{page}}："
    tail = f"回数字看原因；办完了说“{late[0].task.reference} 办完了”。"
    return paged(turn, rows, intent=HANDLER.intent, action="late_case.listed", head=head, tail=tail)


def _line(late: LateCase, *, at: datetime) -> str:
    due = late.task.due_at or at
    days = (bank_day(at) - bank_day(due)).days
    owner = f"{late.owner.name}负责" if late.owner else "还没有人负责"
    since = f"过了 {days} 天" if days else "今天过的"
    return f"{late.customer.name}（{late.task.reference}，{owner}，{bank_time(due):%m-%d %H:%M} 到期，{since}）"


_LATE = "逾期|超期|超时|过期|过了?[时期]限|[没未]按[时期]|[没未]及时|拖着|拖了|没人[管办跟理]|还没(?:办|处理|跟进|人管)|到期[没未]"

HANDLER = Handler(
    intent="list_late_cases",
    title="逾期的流失预警",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=13,
    offered=True,
    cues=(
        "!贷款|还款|信用卡|证件|理财|存单|投诉|为什么|怎么办|话术|案例",
        together(_LATE, "流失|预警|挽留"),
    ),
    examples=("哪些流失预警拖到现在没人办", "挽留的单子有谁超时了", "预警里有没有过了时限还没跟的"),
)
