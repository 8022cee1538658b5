"""What a relationship manager asks about a customer of a judged bank: the whole turn, from the inbox to the committed send.

And how long it takes from what a customer does to the manager's task.
"""

import time
from datetime import datetime, timedelta

from bot.app import App, build, new_message_id
from bot.benchmark.figures import Figure
from bot.triggering import KIND
from compliance.consent import latest_word
from config.settings import Settings
from domain.book import Customer
from domain.message import Inbound
from domain.party import Party, Role
from domain.ports import Records

_TURNS = 60
_FAILED_LOGINS = 3  # what the trigger app_trouble watches for
_LONGEST_S = 60.0
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


def event_to_task(settings: Settings, said: str) -> list[Figure]:
    """From the arrival of the event that completes a trigger to the task that can be read, over the bank in `settings.data`."""
    took = []
    with build(settings) as app:
        manager = _manager(app)
        with app.store.reading() as records:
            found = [one.id for one in records.book.customers_of(manager.id) if _may_be_judged(records, one, at=app.clock())][:_TURNS]
        app.watcher.start()
        for customer_id in found:
            now = app.clock()
            rows = [_failed_login(customer_id, number, now - timedelta(seconds=number)) for number in range(_FAILED_LOGINS)]
            began = time.perf_counter()
            app.triggers.receive(rows, at=now)
            app.watcher.wake()
            while not _has_task(app, customer_id):
                if time.perf_counter() - began > _LONGEST_S:
                    raise RuntimeError("an event came to nothing")
                time.sleep(0.005)
            took.append(time.perf_counter() - began)
    took.sort()
    return [Figure(name=f"{said}, event to task p95", value=took[len(took) * 95 // 100], unit="s", wanted=5)]


def _may_be_judged(records: Records, customer: Customer, *, at: datetime) -> bool:
    word = latest_word(records.book.consents(customer.id), "profiling", at=at)
    return customer.status == "active" and (word is None or word.granted)


def _failed_login(customer_id: str, number: int, at: datetime) -> dict[str, str]:
    return {"event_id": new_message_id(), "customer_id": customer_id, "kind": "login_failed", "at": at.isoformat(), "page": f"登录{number}"}


def _has_task(app: App, customer_id: str) -> bool:
    with app.store.reading() as records:
        return bool(records.tasks.of_customer(customer_id, kind=KIND))
