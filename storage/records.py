"""All kinds of records over one transaction, and the store that opens transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection

from storage.audit import SqlAudit
from storage.bind_codes import SqlBindCodes
from storage.book import SqlBook
from storage.contact_events import SqlContactEvents
from storage.contacts import SqlContacts
from storage.conversations import SqlConversations
from storage.dealings import SqlDealings
from storage.engine import Database
from storage.identities import SqlIdentities
from storage.inbox import SqlInbox
from storage.links import SqlLinks
from storage.live_events import SqlLiveEvents
from storage.mass import SqlMass
from storage.media import SqlMedia
from storage.outbox import SqlOutbox
from storage.policies import SqlPolicies
from storage.priorities import SqlPriorities
from storage.stepups import SqlStepUps
from storage.surveys import SqlSurveys
from storage.tags import SqlTags
from storage.tasks import SqlLeads, SqlTasks
from storage.transcript import SqlTranscript


class SqlRecords:
    """`domain.ports.Records`. Each kind is built when first asked for: a turn touches only some."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self.connection)

    @cached_property
    def conversations(self) -> SqlConversations:
        return SqlConversations(self.connection)

    @cached_property
    def transcript(self) -> SqlTranscript:
        return SqlTranscript(self.connection)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self.connection)

    @cached_property
    def tasks(self) -> SqlTasks:
        return SqlTasks(self.connection)

    @cached_property
    def live_events(self) -> SqlLiveEvents:
        return SqlLiveEvents(self.connection)

    @cached_property
    def leads(self) -> SqlLeads:
        return SqlLeads(self.connection)

    @cached_property
    def audit(self) -> SqlAudit:
        return SqlAudit(self.connection)

    @cached_property
    def book(self) -> SqlBook:
        return SqlBook(self.connection)

    @cached_property
    def dealings(self) -> SqlDealings:
        return SqlDealings(self.connection)

    @cached_property
    def identities(self) -> SqlIdentities:
        return SqlIdentities(self.connection)

    @cached_property
    def stepups(self) -> SqlStepUps:
        return SqlStepUps(self.connection)

    @cached_property
    def links(self) -> SqlLinks:
        return SqlLinks(self.connection)

    @cached_property
    def contacts(self) -> SqlContacts:
        return SqlContacts(self.connection)

    @cached_property
    def contact_events(self) -> SqlContactEvents:
        return SqlContactEvents(self.connection)

    @cached_property
    def bind_codes(self) -> SqlBindCodes:
        return SqlBindCodes(self.connection)

    @cached_property
    def mass(self) -> SqlMass:
        return SqlMass(self.connection)

    @cached_property
    def media(self) -> SqlMedia:
        return SqlMedia(self.connection)

    @cached_property
    def priorities(self) -> SqlPriorities:
        return SqlPriorities(self.connection)

    @cached_property
    def surveys(self) -> SqlSurveys:
        return SqlSurveys(self.connection)

    @cached_property
    def tags(self) -> SqlTags:
        return SqlTags(self.connection)

    @cached_property
    def policies(self) -> SqlPolicies:
        return SqlPolicies(self.connection)


class SqlStore:
    """`domain.ports.Store` over a database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @contextmanager
    def reading(self) -> Iterator[SqlRecords]:
        with self.database.reading() as connection:
            yield SqlRecords(connection)

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[SqlRecords]:
        with self.database.writing(durable=durable) as connection:
            records = SqlRecords(connection)
            yield records
            records.audit.flush()
