"""What a relationship manager asks about a customer of a judged bank: the whole turn, from the inbox to the committed send."""

import time

from bot.app import App, build, new_message_id
from bot.benchmark.figures import Figure
from config.settings import Settings
from domain.message import Inbound
from domain.party import Party, Role

_TURNS = 60
_FIRST = 5  # these load what is loaded when first asked for
# What it is called, the question, as what it has to be understood, milliseconds.
_QUESTIONS = (("profile", "{}的画像", "show_profile", 150), ("meeting brief", "明天去见{}，帮我准备一下", "meeting_brief", 300))


def profile_and_brief(settings: Settings, said: str) -> list[Figure]:
    """The latency of both questions over the bank in `settings.data`. Raises RuntimeError where something else was answered."""
    with build(settings) as app:
        manager = _manager(app)
        with app.store.reading() as records:
            customers = [customer.id for customer in records.book.customers_of(manager.id)][: _TURNS + _FIRST]
        return [
            Figure(name=f"{said}, {name} p95", value=_p95(app, manager, customers, question, intent), unit="ms", wanted=wanted)
            for name, question, intent, wanted in _QUESTIONS
        ]


def _manager(app: App) -> Party:
    with app.store.reading() as records:
        return next(Party(Role.RM, one.id) for one in records.book.people() if one.role is Role.RM)


def _p95(app: App, manager: Party, customers: list[str], question: str, intent: str) -> float:
    took = []
    for customer_id in customers:
        text = question.format(customer_id)
        inbound = Inbound(channel="web", message_id=new_message_id(), sender=manager, text=text, received_at=app.clock())
        began = time.perf_counter()
        outcome, _ = app.converse(inbound)
        took.append((time.perf_counter() - began) * 1000)
        if outcome is None or outcome.error or outcome.intent != intent:
            raise RuntimeError(f"the {intent} that was to be measured became {outcome and (outcome.error or outcome.intent)}")
    took = sorted(took[_FIRST:])
    return took[len(took) * 95 // 100]
