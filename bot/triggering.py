"""What customers just did becomes work for who looks after them, within seconds and once (F06).

An event that came the same moment is kept first (`live_events`), then its customer is judged; what a killed process kept and did not judge
is judged by whoever looks next. After an import or a nightly run the whole bank is judged from the delivered events. Both ask
`crm.triggers.judging` and open the task under a key that counts (the n-th of a trigger for a customer): two who judge at once open one.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import authority
from bot.event_rows import RefusedRow, checked
from bot.knowing.situations import Situations
from bot.knowing.triggered import judged_triggers, names_of, triggers_for
from bot.master import CachedMaster
from bot.observe import event, fault
from compliance.days import at_hour, bank_day
from crm.facts import ParquetFacts
from crm.triggers.definitions import definitions, longest_days
from crm.triggers.judging import JudgedTrigger, judge
from crm.triggers.seeing import watch
from domain.book import Customer, Product
from domain.ports import Facts, Insight, Records, Store
from domain.task import Task
from handlers.working_time import working_days_later

KIND = "trigger"
_KEPT = timedelta(days=31)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_BATCH = 200  # tasks of one transaction: the one writer must not be held for long
_UNTOLD = frozenset({"kind", "profiling"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of rows that were sent: new ones kept, known ones let be, bad ones refused."""

    taken: int
    repeated: int
    refused: Sequence[RefusedRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A trigger whose conditions all hold for a customer."""

    customer: Customer
    of: JudgedTrigger


class Triggers:
    """Keeps events and judges customers. Safe to use from several threads and processes."""

    def __init__(self, store: Store, facts: Facts, insight: Insight, master: CachedMaster) -> None:
        self._store = store
        self._facts = facts
        self._insight = insight
        self._master = master

    def receive(self, rows: Sequence[object], *, at: datetime) -> Received:
        """Keep the rows of the feed `app_events` that keep its contract. The same rows again change nothing."""
        ids = {str(row.get("customer_id", ""))[:60].strip() for row in rows if isinstance(row, Mapping)}
        with self._store.reading() as records:
            known = {one.id for one in records.book.customers(sorted(ids))}
        events, refused = checked(rows, known=known, now=at)
        if not events:
            return Received(taken=0, repeated=0, refused=refused)
        with self._store.writing() as records:
            taken = records.live_events.add(events, at=at)
        return Received(taken=taken, repeated=len(events) - taken, refused=refused)

    def judge_waiting(self, *, at: datetime, most: int = 100) -> tuple[int, list[Task]]:
        """Judge customers with events that nobody looked at. Returns how many customers that were, and the tasks that were opened."""
        with self._store.reading() as records:
            waiting = records.live_events.waiting(limit=most)
        opened: list[Task] = []
        for customer_id in waiting:
            opened += self._judge_one(customer_id, at=at)
        return len(waiting), opened

    def judge_bank(self, *, at: datetime) -> list[Task]:
        """Judge everybody by the delivered events, up to the last day of the facts. Returns the tasks that were opened."""
        as_of = self._facts.as_of
        if as_of is None:
            return []
        until = min(at, at_hour(as_of + timedelta(days=1), 0))
        opened: list[Task] = []
        with self._store.reading() as records:
            found = list(self._among_all(records, until=until, at=at))
        for start in range(0, len(found), _BATCH):
            with self._store.writing() as records:
                opened += self._open(records, found[start : start + _BATCH], at=at)
        with self._store.writing() as records:
            records.live_events.forget(before=at - _KEPT)
        return opened

    def _judge_one(self, customer_id: str, *, at: datetime) -> list[Task]:
        with self._store.reading() as records:
            # Before they are judged, and however old: what is read here is looked at, or it would wait for ever.
            looked_at = [one.event_id for one in records.live_events.of(customer_id, since=_EVER)]
            customer = records.book.customer(customer_id)
            fired = self._of_customer(records, customer, at=at) if customer else []
        with self._store.writing() as records:
            opened = self._open(records, fired, at=at)
            records.live_events.judged(looked_at, at=at)
        return opened

    def _of_customer(self, records: Records, customer: Customer, *, at: datetime) -> list[Fired]:
        try:
            judged = judged_triggers(records, self._facts, self._insight, self._products(records), customer, at=at)
        except Exception as error:  # one customer's boundary: the others go on, and the nightly run judges this one again
            fault("trigger.judging.failed", error)
            return []
        return [Fired(customer=customer, of=one) for one in judged if one.fires]

    def _among_all(self, records: Records, *, until: datetime, at: datetime) -> Iterator[Fired]:
        products = self._products(records)
        about = names_of(products)
        pages = self._facts.pages_since(until - timedelta(days=longest_days()))
        every = definitions().triggers.values()
        seen = {trigger.id: self._facts.lookers(watch(trigger, pages, until=until, products=about)) for trigger in every}
        customers = {one.id: one for one in records.book.customers(sorted({each for found in seen.values() for each in found}))}
        on = bank_day(until - timedelta(seconds=1))
        situations = Situations(records, self._insight, products, customers, at=at, on=on)
        for trigger in every:
            for customer_id, times in seen[trigger.id].items():
                customer = customers.get(customer_id)
                if customer is None or trigger not in triggers_for(customer):
                    continue
                judged = JudgedTrigger(trigger=trigger, conditions=judge(trigger, situations.of(customer, trigger, times)))
                if judged.fires:
                    yield Fired(customer=customer, of=judged)

    def _products(self, records: Records) -> Sequence[Product]:
        return list(self._master.of(records).catalogue.products.values())

    def _open(self, records: Records, fired: Sequence[Fired], *, at: datetime) -> list[Task]:
        """Open the tasks that do not rest. Where one is open, or ended a short while ago, the same says nothing new."""
        leading = authority.leaders(records.book) if fired else {}
        as_of = self._insight.latest(bank_day(at))
        opened = []
        for one in fired:
            begins = f"{KIND}:{one.of.trigger.id}:{one.customer.id}:"
            before = [task for task in records.tasks.of_customer(one.customer.id, kind=KIND) if task.key.startswith(begins)]
            if before and _rests(before[-1], at=at):
                continue
            task = records.tasks.open(
                key=f"{begins}{len(before) + 1}",
                kind=KIND,
                title=f"{one.of.trigger.title}：{one.customer.name}",
                detail=_detail(one, as_of=str(as_of) if as_of else "无"),
                at=at,
                customer_id=one.customer.id,
                assignee=authority.answerable(records.book, one.customer, leading, on=bank_day(at)),
                due_at=working_days_later(at, one.of.trigger.due_days),
            )
            event("trigger.fired", trigger=one.of.trigger.id, task=task.id)
            opened.append(task)
        return opened


@contextmanager
def triggers_over(store: Store, data: Path, insight: Insight) -> Iterator[Triggers]:
    """For a command that has no house of its own."""
    facts = ParquetFacts(data / "facts")
    try:
        yield Triggers(store, facts, insight, CachedMaster())
    finally:
        facts.close()


def close_tasks(records: Records, customer_id: str, trigger_id: str, *, outcome: str, at: datetime) -> None:
    """Whoever got the task has dealt with it."""
    for task in records.tasks.of_customer(customer_id, kind=KIND):
        if task.key.startswith(f"{KIND}:{trigger_id}:"):
            records.tasks.close(task.key, at=at, outcome=outcome)


def _rests(last: Task, *, at: datetime) -> bool:
    if last.closed_at is None:
        return True
    return at - last.closed_at < timedelta(days=definitions().rest_days.get(last.outcome, definitions().rest_days["done"]))


def _detail(fired: Fired, *, as_of: str) -> str:
    """The evidence a line each, then how to begin."""
    told = [one.said for one in fired.of.conditions if one.name not in _UNTOLD]
    return "\n".join([*told, f"开场：“{fired.of.trigger.asks}”", f"（持有和分层截至 {as_of}）"])
