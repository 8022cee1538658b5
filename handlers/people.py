"""Who of the bank comes, and when: the words for a person that several handlers share."""

from dataclasses import dataclass
from datetime import datetime

from domain.book import StaffMember
from domain.conversation import Owner
from domain.effects import Effect, HandOff, OpenTask
from domain.message import Button
from handlers.handler import Turn
from handlers.lookups import ContactPerson, Lookups
from handlers.working_time import is_working_time, next_working_time, told

ASK_A_PERSON = Button(label="找人", payload="request_human:")
_DOUBLE_SURNAMES = frozenset(
    {"欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "夏侯", "端木", "百里", "南宫", "独孤"}
)
_WAIT = "一般15分钟内"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """A person was asked for: what to tell the customer, and the effects that make it true."""

    text: str
    effects: tuple[Effect, ...]


def manager_name(staff: StaffMember) -> str:
    """How a customer calls a member of staff: 陈经理."""
    double = staff.name[:2] in _DOUBLE_SURNAMES and len(staff.name) > 2
    return f"{staff.name[: 2 if double else 1]}经理"


def who_helps(person: ContactPerson | None) -> str:
    """Who will come: 陈经理, or 李经理（陈经理休假，由他代办）, or 值班同事."""
    if person is None:
        return "值班同事"
    if person.stands_in_for is None:
        return manager_name(person.staff)
    return f"{manager_name(person.staff)}（{manager_name(person.stands_in_for)}这几天不在，由他接手）"


def arrange_person(turn: Turn, lookups: Lookups, *, reason: str, urgency: str = "normal") -> Arranged:
    """Ask for a person now; when nobody is there, promise the next opening and open the task that keeps the promise."""
    who = who_helps(lookups.contact_person())
    if turn.conversation.owner is Owner.WAITING:
        return Arranged(text=f"已经在请{who}了，您排着的位置没变，不用重说。", effects=(HandOff(reason=reason, urgency=urgency),))
    ask = HandOff(reason=reason, urgency=urgency)
    if is_working_time(turn.at):
        text = f"我这就请{who}来接，{_WAIT}。前面说的都看得到，您不用重说。"
        return Arranged(text=text, effects=(ask,))
    opening = next_working_time(turn.at)
    text = f"现在下班了，{told(opening, now=turn.at)}一上班{who}就联系您，您不用重说。卡丢了、被骗这类急事，请马上打官方客服电话。"
    return Arranged(text=text, effects=(ask, _call_at(opening, turn, reason=reason)))


def _call_at(opening: datetime, turn: Turn, *, reason: str) -> OpenTask:
    return OpenTask(
        task="callback",
        title=f"上班后先联系客户：{reason}",
        detail="客户在下班时间要找人，已答应上班即联系。",
        customer_id=turn.party.id,
        due_at=opening,
        key=f"callback/{turn.conversation.id}/{opening:%Y-%m-%d}",
    )
