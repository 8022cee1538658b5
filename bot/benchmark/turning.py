"""A customer's turn, from the inbox to the committed send: one at a time, and sixteen customers at once."""

import threading
import time

from bot.app import App, build, new_message_id
from bot.benchmark.figures import Figure
from config.settings import Settings
from domain.message import Inbound
from domain.party import Party, Role

TOGETHER = 16
# What customers type, of every kind of turn: answers from cards, choices, nothing found, products, a person, a form begun and left.
SAID = (
    "我的卡好像丢在出租车上了",
    "转账限额能不能调高一点",
    "孩子明年上大学，学费怎么提前攒",
    "想打印这半年的流水",
    "周末网点开门吗",
    "有没有风险低一点的理财",
    "外面下雨了吗",
    "工资到账以后怎么打理比较好",
    "谢谢",
    "我们公司做外贸，怕美元跌",
    "定期提前取会怎么样",
    "老人一个人在家，存钱怕被骗",
)


def one_at_a_time(settings: Settings, *, turns: int) -> list[Figure]:
    """Latency of the whole way, with every commit durable, on one thread."""
    with build(settings) as app:
        customers = _customers(app)
        took = []
        for number in range(turns + 30):
            inbound = _inbound(app, customers[number % len(customers)], SAID[number % len(SAID)])
            started = time.perf_counter()
            app.converse(inbound)
            took.append((time.perf_counter() - started) * 1000)
    took = sorted(took[30:])  # the first ones load what is loaded when first asked for
    return [
        Figure(name="customer turn p50", value=took[len(took) // 2], unit="ms", wanted=12),
        Figure(name="customer turn p95", value=took[len(took) * 95 // 100], unit="ms", wanted=40),
    ]


def together(settings: Settings, *, turns: int) -> list[Figure]:
    """Throughput with sixteen customers who each wait for their answer before they go on."""
    with build(settings) as app:
        app.knowledge.ready()
        app.mover.start()
        customers = _customers(app)[:TOGETHER]
        each = max(1, turns // TOGETHER)
        threads = [threading.Thread(target=_talk, args=(app, party, each)) for party in customers]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - started
    return [
        Figure(
            name=f"turns with {len(threads)} customers at once",
            value=len(threads) * each / seconds,
            unit="turns/s",
            wanted=150,
            at_most=False,
        )
    ]


def _talk(app: App, party: Party, turns: int) -> None:
    rung = threading.Semaphore(0)
    conversation = _inbound(app, party, SAID[0]).conversation
    stop = app.bell.listen(conversation, rung.release)
    for number in range(turns):
        inbound = _inbound(app, party, SAID[number % len(SAID)])
        app.receive(inbound)
        rung.acquire()  # the message itself rings once, on this thread; the next ring is an answer that left
        rung.acquire(timeout=0.5)
        while not _is_answered(app, inbound):
            rung.acquire(timeout=0.5)
    stop()


def _is_answered(app: App, inbound: Inbound) -> bool:
    with app.store.reading() as records:
        lines = records.transcript.of(inbound.conversation, last=1)
    return bool(lines) and not lines[-1].author.startswith("customer:") and lines[-1].at >= inbound.received_at


def _customers(app: App) -> list[Party]:
    with app.store.reading() as records:
        return [Party(Role.CUSTOMER, customer.id) for customer in records.book.customers()]


def _inbound(app: App, party: Party, text: str) -> Inbound:
    return Inbound(channel="web", message_id=new_message_id(), sender=party, text=text, received_at=app.clock())
