"""Commands of an RM that need a fresh one-time code for one customer (as the assets do): ask for it, judge it, then do it."""

import re
from collections.abc import Callable

from compliance.days import bank_time
from compliance.stepup import LOCK_FOR, StepUpOutcome
from domain.book import Customer
from domain.effects import Effect, RecordStepUp, Say, UpdateConversation
from handlers.handler import Turn
from handlers.lookups import Lookups, StepUpNeeded
from handlers.naming import meant
from handlers.pending import Awaited, Pending
from handlers.picking import listed
from handlers.profile_text import NOT_YOURS

_DIGITS = re.compile(r"[\d -]+")
Then = Callable[[Turn, Customer], tuple[Effect, ...]]


def stepped_up(turn: Turn, lookups: Lookups, *, intent: str, what: str, then: Then) -> tuple[Effect, ...]:
    """Do `then` for the customer meant, after the second factor. `what` is said in the question for the code."""
    if awaits_code(turn, intent):
        return _judge(turn, lookups, intent=intent, then=then)
    customers = meant(turn, lookups, turn.argument)
    if len(customers) > 1:
        return listed(turn, lookups, customers, intent=intent, head=f"叫这个的有 {len(customers)} 位，是哪一位？")
    if not customers:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    customer = customers[0]
    layer = lookups.assets(customer.id)
    if isinstance(layer, StepUpNeeded):
        return _ask(turn, customer, layer, intent=intent, what=what)
    if layer is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    return then(turn, customer)


def _ask(turn: Turn, customer: Customer, needed: StepUpNeeded, *, intent: str, what: str) -> tuple[Effect, ...]:
    if not needed.enrolled:
        return (Say(draft=turn.reply("这一步要动态口令，您还没绑定。先找管理员绑定，再回来办。")),)
    waiting = Pending(awaited=Awaited.CODE, intent=intent, argument=customer.id)
    text = f"{what}{customer.name}的微信要验证身份：请回 6 位动态口令。"
    return (Say(draft=turn.reply(text)), UpdateConversation(focus=customer.id, pending=str(waiting)))


def _judge(turn: Turn, lookups: Lookups, *, intent: str, then: Then) -> tuple[Effect, ...]:
    customer = lookups.customer(turn.argument)
    if customer is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    outcome = lookups.try_code(turn.said)
    if not outcome.accepted:
        return refused(turn, outcome, customer.id, intent=intent)
    return (granted(turn, outcome, customer.id), *then(turn, customer))


def awaits_code(turn: Turn, intent: str) -> bool:
    """Whether these digits are the one-time code that the command asked for."""
    pending = Pending.parse(turn.conversation.pending)
    return pending is not None and pending.intent == intent and pending.argument == turn.argument and bool(_DIGITS.fullmatch(turn.said))


def granted(turn: Turn, outcome: StepUpOutcome, customer_id: str) -> RecordStepUp:
    """The effect of an accepted code."""
    return RecordStepUp(staff_id=turn.party.id, customer_id=customer_id, granted_until=outcome.granted_until, time_step=outcome.time_step)


def refused(turn: Turn, outcome: StepUpOutcome, customer_id: str, *, intent: str) -> tuple[Effect, ...]:
    """What a wrong code comes to: counted, told, and asked for again unless it locked."""
    failure = RecordStepUp(staff_id=turn.party.id, customer_id=customer_id, granted_until=None)
    locked_until = outcome.state.locked_until
    if locked_until is not None and locked_until > turn.at:
        said = Say(draft=turn.reply(f"{outcome.reason}。{bank_time(locked_until):%H:%M} 以后再试；不是您本人操作，请马上报告。"))
        # While the lock lasts no code is looked at, so none counts; the failure that brings the lock does.
        return (failure, said) if locked_until - turn.at >= LOCK_FOR else (said,)
    waiting = Pending(awaited=Awaited.CODE, intent=intent, argument=customer_id)
    said = Say(draft=turn.reply(f"{outcome.reason}。请看最新的 6 位口令再回一次。"))
    return (failure, said, UpdateConversation(pending=str(waiting)))
