"""Several who work on one database at once: every greeting once, every message once and in order, and no word over a person's."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import time

import pytest
from sqlalchemy import select

from bot.app import App, build
from config.settings import Settings
from domain.message import Approved, Receipt
from domain.party import Party, Role
from storage.engine import Database
from storage.ledger_tables import outbox
from storage.migrate import migrate
from tests.crash.bank import MANAGERS, MORNING, seed
from tests.crash.rig import Ground, Nursery, Rig, postgres_ground
from tests.crash.truth import Truth, serving
from tests.property.process_kit import House, Shelf, ToldClock, customer, house_over, schema

pytestmark = pytest.mark.long(seconds=35)

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/peiban.db"
        return
    with schema(request.getfixturevalue("postgres_url"), f"races_{abs(hash(request.node.nodeid)) % 10**9}") as own:
        yield own


def at_once(works: list[Callable[[], object]], *, limit_s: float = 60) -> None:
    """Run all of them at the same moment, and raise what any of them raised."""
    gate, faults = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        gate.wait(30)
        try:
            work()
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(limit_s)
    assert faults == []
    assert not any(thread.is_alive() for thread in threads)


def greetings(app: App) -> Counter[str]:
    with app.database.reading() as connection:
        return Counter(connection.execute(select(outbox.c.recipient).where(outbox.c.occasion.is_not(None))).scalars())


def test_ticking_again_greets_nobody_again(url: str, tmp_path: Path) -> None:
    with house_over(url, tmp_path, customers=30) as house:
        for _ in range(3):
            house.app.tick()
            house.drains()
            house.clock.forward(60)

        assert greetings(house.app) == Counter({str(customer(number)): 1 for number in range(1, 31)})
        assert len(house.shelf.left) == 30


def test_two_houses_that_tick_and_send_at_once_greet_everybody_once(url: str, tmp_path: Path) -> None:
    with house_over(url, tmp_path, customers=150) as one:
        settings = Settings(data=tmp_path, database_url=url)
        with build(settings, clock=one.clock, channels={"web": one.shelf}, worker="other:1") as other:
            at_once([app.tick for app in (one.app, other) * 2])
            at_once([lambda app=app: app.door.drain(clock=one.clock) for app in (one.app, other) * 2])

        assert greetings(one.app) == Counter({str(customer(number)): 1 for number in range(1, 151)})
        assert Counter(conversation for conversation, _ in one.shelf.left.values()) == {f"web:{customer(n)}": 1 for n in range(1, 151)}


@contextmanager
def ground_of(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Ground]:
    if engine == "sqlite":
        yield Ground(folder, 20)
        return
    with postgres_ground(request.getfixturevalue("postgres_url"), folder, customers=20, name="two_processes") as ground:
        yield ground


@pytest.fixture(scope="module")
def nurseries() -> Iterator[tuple[Nursery, Nursery]]:
    """A child of each runs at the same time as one of the other."""
    with Nursery() as one, Nursery() as other:
        yield one, other


@pytest.mark.parametrize("engine", ENGINES)
def test_two_processes_on_one_inbox_take_each_message_once_and_in_order(
    engine: str, nurseries: tuple[Nursery, Nursery], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    truth = Truth(idempotent=True)
    with ground_of(engine, request, tmp_path) as ground, serving(truth) as address:
        rig = Rig(nurseries[0], ground, each=6)
        job = rig.job(address, since=time(), threads=3)
        for place, nursery in enumerate(nurseries):
            # Each process hears half of the people; both work whatever is there.
            nursery.begin(job | {"messages": [one for one in rig.messages if int(one["customer"][1:]) % 2 == place]})
        assert [nursery.end() for nursery in nurseries] == [0, 0]
        found = rig.judge(truth, engine, None)

    assert found.breaches == []
    assert found.messages == 120


class Slow(Shelf):
    """Lets others run while a text is on its way."""

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:
        threading.Event().wait(0.003)
        return super().send(approved, key=key, conversation_id=conversation_id)


def test_a_take_over_and_an_answer_on_its_way_never_cross(url: str, tmp_path: Path) -> None:
    database = Database(url)
    migrate(database)
    seed(database, customers=60)
    database.close()
    clock = ToldClock()
    with build(Settings(data=tmp_path, database_url=url), clock=clock, channels={"web": Slow(clock)}) as app:
        house = House(app, clock, Slow(clock))
        for number in range(1, 61, 2):
            house.arrives(customer(number), "转人工")
            house.works()
            house.arrives(Party(Role.RM, MANAGERS[0]), f"take_over:web:{customer(number)}")
            at_once([lambda: house.works(), lambda: house.drains(), lambda: house.drains()])
            clock.forward(2)
            house.works()
            house.drains()
            lines = house.lines(f"web:{customer(number)}")
            start = next(place for place, line in enumerate(lines) if line.kind == "mark")
            assert [line.kind for line in lines[start:] if line.author == "bot:peiban"] == ["notice"]


def test_turns_that_touch_the_same_conversations_in_every_direction_do_not_wait_in_a_ring(url: str, tmp_path: Path) -> None:
    """Customers ask for people, managers take over and release, the SLA runs out and texts leave, all at once: nothing is parked."""
    with house_over(url, tmp_path, customers=12) as house:
        managers = {number: Party(Role.RM, MANAGERS[(number + 1) % 2]) for number in range(1, 13)}
        for _ in range(4):
            for number, manager in managers.items():
                for said in ("转人工", "投诉你们", "在吗"):
                    house.arrives(customer(number), said)
                house.arrives(manager, f"take_over:web:{customer(number)}")
                house.arrives(manager, f"release:web:{customer(number)}")
            works: list[Callable[[], object]] = [house.works] * 3 + [house.drains] * 2 + [house.app.tick]
            at_once(works)
            house.clock.forward(3)
            house.works()
            house.clock.forward(200)
        house.drains()

        with house.app.store.reading() as records:
            assert records.inbox.waiting() == 0
            assert records.tasks.listed(kind="dead_letter") == []
            assert records.audit.verify() is None
        assert house.clock() > MORNING
