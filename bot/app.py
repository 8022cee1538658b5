"""The composition root: the only place where rooms meet storage, settings and channels. `build` reads top to bottom.

Tests call the same function with their own clock, store folder and channels. Nothing is started here; `App.start` does that.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.channels.console import ConsoleChannel
from bot.channels.telegram.wiring import telegram_channel
from bot.channels.web import Bell, WebChannel
from bot.channels.wecom.aibot.wiring import aibot_channel
from bot.channels.wecom.contacts.wiring import contacts_channel
from bot.channels.wecom.wiring import MASS, app_channel, kf_channel, mass_channel
from bot.charts.shelf import Pictures
from bot.clock import Clock, system_clock
from bot.dialogue import Dialogue
from bot.handoff import return_silent
from bot.inbound import Desk, TurnOutcome, accept
from bot.knowledge_base import KnowledgeBase
from bot.late_cases import escalate_late
from bot.lookups import LookupsFactory
from bot.master import CachedMaster
from bot.movers.inprocess import InProcessMover, worker_name
from bot.outbound import Dispatch, Door
from bot.pages import Pages
from bot.rig import Echo
from bot.screening import Screening
from bot.touching import Toucher
from bot.triggering import Triggers
from bot.viewed import Sources
from bot.watching import Watcher
from compliance.rule import Rule
from compliance.rules import load_rules
from config.settings import Settings
from crm.assessing.published import PublishedInsight
from crm.facts import ParquetFacts
from domain.errors import BadInput
from domain.message import Inbound
from domain.party import Party, Role
from domain.ports import Channel, Facts, Records, Store
from handlers.discovery import all_handlers
from scheduler.runner import Ticker
from scheduler.touches import load_touches
from storage.engine import Database
from storage.migrate import migrate
from storage.records import SqlStore


@dataclass(slots=True, kw_only=True)
class App:
    """Everything that runs, put together. Use as a context manager to close it."""

    settings: Settings
    clock: Clock
    database: Database
    store: SqlStore
    knowledge: KnowledgeBase
    facts: Facts
    insight: PublishedInsight
    channels: Mapping[str, Channel]
    bell: Bell
    lookups: LookupsFactory
    dialogue: Dialogue
    desk: Desk
    rules: tuple[Rule, ...]
    master: CachedMaster
    screening: Screening
    door: Door
    toucher: Toucher
    triggers: Triggers
    watcher: Watcher
    mover: InProcessMover
    ticker: Ticker

    @property
    def staff_channel(self) -> str:
        """Where staff are told who never talked with the assistant."""
        return _staff_channel(self.channels)

    def start(self) -> None:
        """Begin to move and to tick."""
        if not self.settings.rig:
            self.knowledge.ready()
        self.mover.start()
        self.watcher.start()
        self.ticker.start()

    def close(self) -> None:
        """Finish what is in hand and give everything back."""
        if self.ticker.running:
            self.ticker.stop()
        self.watcher.stop()
        self.mover.stop()
        for channel in self.channels.values():
            channel.close()
        self.knowledge.close()
        self.insight.close()
        self.database.close()

    def __enter__(self) -> "App":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def receive(self, inbound: Inbound) -> int | None:
        """What a channel's edge calls: store, commit, wake the mover. Returns the inbox row, or None when it had arrived before."""
        row_id = accept(self.store, inbound)
        if row_id is not None:
            self.bell.ring(inbound.conversation)
            self.mover.wake()
        return row_id

    def arrived(self, conversations: Sequence[str]) -> None:
        """What a channel calls that stores messages itself: work on these conversations."""
        for conversation in dict.fromkeys(conversations):
            self.bell.ring(conversation)
        for _ in range(min(len(conversations), self.settings.workers)):
            self.mover.wake()

    def converse(self, inbound: Inbound) -> tuple[TurnOutcome | None, list[Dispatch]]:
        """Take one message through its whole way at once, on this thread: in, turn, out. For the console and for scripts."""
        outcome = self.desk.take(inbound, clock=self.clock)
        return outcome, self.door.drain(clock=self.clock, conversation_id=inbound.conversation)

    def tick(self) -> None:
        """What is due now: touches are queued, silent holders lose their conversation, late cases reach the manager, postponed texts go."""
        now = self.clock()
        self.toucher.plan(at=now)
        return_silent(self.store, at=now, sla=timedelta(seconds=self.settings.handoff_sla_s))
        escalate_late(self.store, at=now, channel=self.staff_channel)
        self.mover.wake()

    def known(self, party: Party) -> Party:
        """Return the party when the bank knows such a person in that role. Raises BadInput otherwise."""
        with self.store.reading() as records:
            if not is_known(records, party):
                raise BadInput(f"the bank knows no {party}; 'python -m bot people' lists staff, 'customers --as rm:<id>' lists customers")
        return party


def is_known(records: Records, party: Party) -> bool:
    """Whether the book has this person in this role. Staff who left do not count."""
    if party.role is Role.CUSTOMER:
        return records.book.customer(party.id) is not None
    member = records.book.staff(party.id)
    return member is not None and member.active and member.role is party.role


def new_message_id() -> str:
    """An id for a message whose channel has none of its own."""
    return uuid.uuid4().hex


def build(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    channels: Mapping[str, Channel] | None = None,
    worker: str | None = None,
    index: str = "numpy",
    facts: Facts | None = None,
) -> App:
    """Put the house together. Every adapter can be replaced by argument. The database is brought to the newest shape.

    `index` says where vectors are compared: "numpy" in this process, or "chroma", which a process that serves for long may own.
    """
    Path(settings.data).mkdir(parents=True, exist_ok=True)
    database = Database(settings.url, pool_size=settings.workers + 10)
    migrate(database)
    store = SqlStore(database)
    name = worker or worker_name()
    bell = Bell()
    ways = channels or _channels(settings, store, clock)
    knowledge = KnowledgeBase(settings, index=index)
    known_facts: Facts = facts or ParquetFacts(settings.data / "facts")
    master = CachedMaster()
    handlers, pages = all_handlers(), Pages(settings.bank_pages, hosts=settings.link_hosts)
    insight = PublishedInsight(settings.data)
    sources = Sources(knowledge=knowledge, facts=known_facts, insight=insight, master=master, pages=pages, pictures=Pictures(settings.data))
    lookups = LookupsFactory(sources)
    dialogue = Dialogue(handlers=handlers, knowledge=knowledge, lookups=lookups)
    echo = Echo(thinks_s=settings.rig_delay) if settings.rig else None
    desk = Desk(store, echo or dialogue, worker=name, worked=bell.ring, staff_channel=_staff_channel(ways))
    screening = Screening(master, hosts=settings.link_hosts)
    rules = () if echo else load_rules()  # an echo says what a stranger's test wrote, whatever that is
    door = Door(store, ways, rules, screening, worker=name, delivered=bell.ring)
    reachable = _reachable if settings.touch_channel == MASS else None
    toucher = Toucher(store, load_touches(), knowledge, channel=settings.touch_channel, reachable=reachable)
    triggers = Triggers(store, known_facts, insight, master)
    mover = InProcessMover(store, desk, door, clock, threads=settings.workers)
    app = App(
        settings=settings,
        clock=clock,
        database=database,
        store=store,
        knowledge=knowledge,
        facts=known_facts,
        insight=insight,
        channels=ways,
        bell=bell,
        lookups=lookups,
        dialogue=dialogue,
        desk=desk,
        rules=rules,
        master=master,
        screening=screening,
        door=door,
        toucher=toucher,
        triggers=triggers,
        watcher=Watcher(triggers, clock),
        mover=mover,
        ticker=Ticker(lambda: app.tick(), every_s=settings.tick_s),
    )
    return app


def _staff_channel(ways: Mapping[str, Channel]) -> str:
    return "wecom" if "wecom" in ways else "web"


def _reachable(records: Records) -> Collection[str]:
    """Whom mass messages of WeCom can reach."""
    return records.mass.reachable()


def _channels(settings: Settings, store: Store, clock: Clock) -> Mapping[str, Channel]:
    """Every way to reach people that the settings allow."""
    ways: dict[str, Channel] = {"web": WebChannel(clock), "console": ConsoleChannel(clock)}
    if telegram := telegram_channel(settings, clock=clock):
        ways[telegram.name] = telegram
    if kf := kf_channel(settings, store, clock=clock):
        ways[kf.name] = kf
    if staff := app_channel(settings, store, clock=clock):
        ways[staff.name] = staff
    if contacts := contacts_channel(settings, store, clock=clock):
        ways[contacts.name] = contacts
    if robot := aibot_channel(settings, store, clock=clock):
        ways[robot.name] = robot
    if mass := mass_channel(settings, store, clock=clock):
        ways[mass.name] = mass
    return ways
