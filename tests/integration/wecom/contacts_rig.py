"""The real app beside the sandbox WeCom, both on the sandbox's clock, for contacts of members."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import App, build
from bot.channels.wecom.callback import Callback
from bot.channels.wecom.contacts.channel import ContactsChannel
from bot.channels.wecom.contacts.wiring import PATH, Contacts, attach_contacts, envelope_of
from bot.clock import system_clock
from compliance.days import BANK_ZONE
from config.settings import Settings
from domain.contacts import Binding, Contact
from domain.task import Task
from sandbox.wecom import WecomServer
from sandbox.wecom.clock import Clock
from tests.conftest import MORNING
from tests.integration.wecom.app_rig import served
from tests.integration.wecom_server.kit import OPTIONS, Corp

PEOPLE = {"Zhou": "rm:S0003", "he": "rm:S0004", "lin": "rm:S0005"}


class ContactsRig:
    """Nothing runs by itself: `work` takes what was called through the whole way."""

    def __init__(self, app: App, contacts: Contacts, corp: Corp) -> None:
        self.app, self.contacts, self.corp = app, contacts, corp
        self._people = 0
        self.contacts_client = app.channels["wecom_contacts"].client  # type: ignore[attr-defined]

    def person(self, name: str = "小满") -> str:
        """Somebody new with WeChat."""
        self._people += 1
        external_userid = f"wmPerson{self._people:06d}"
        self.corp.admin("customers", external_userid=external_userid, name=name)
        return external_userid

    def hear(self) -> None:
        """Wait until every callback has its answer."""
        self.corp.admin("callbacks/wait")

    def work(self) -> None:
        self.hear()
        self.contacts.reception.work()
        self.app.door.drain(clock=self.app.clock)

    def advance(self, seconds: float) -> None:
        self.corp.advance(seconds)
        self.corp.tokens.clear()

    def welcomes(self, person: str) -> list[str]:
        """What a person read as a welcome."""
        return [one["body"]["text"]["content"] for one in self.corp.seen(f"customer:{person}") if one["kind"] == "welcome"]

    def tries(self) -> int:
        """How often a welcome was asked for."""
        counted = json.loads(self.corp.http("GET", "/_sandbox/counters")[1])
        return int(counted.get("externalcontact/send_welcome_msg", 0))

    def contact(self, person: str, userid: str = "Zhou") -> Contact:
        with self.app.store.reading() as records:
            found = records.contacts.contact(person, userid)
        assert found is not None
        return found

    def bind(self, person: str, customer_id: str) -> None:
        with self.app.store.writing() as records:
            at = self.app.clock()
            records.contacts.bind(Binding(external_userid=person, customer_id=customer_id, at=at, how="rm_code", by="rm:S0003"))

    def tasks(self) -> list[Task]:
        with self.app.store.reading() as records:
            return list(records.tasks.listed(kind="contact"))

    def held(self) -> list[Task]:
        """What was not delivered, or waits for a reviewer."""
        with self.app.store.reading() as records:
            return [*records.tasks.listed(kind="delivery"), *records.tasks.listed(kind="review")]

    def follow(self, person: str, userid: str = "zhou") -> dict[str, Any]:
        """The relation as WeCom has it."""
        followers = self.corp.get("contacts", "externalcontact/get", external_userid=person)["follow_user"]
        return next(one for one in followers if one["userid"] == userid)


def settings_of(corp: Corp, data: Path, **more: Any) -> Settings:
    return Settings(
        data=data,
        sandbox=True,
        wecom_api_base=f"{corp.url}/cgi-bin",
        wecom_corp_id=OPTIONS.corp_id,
        wecom_contacts_secret=OPTIONS.secrets["contacts"],
        wecom_contacts_token=OPTIONS.token,
        wecom_contacts_aes_key=OPTIONS.aes_key,
        wecom_people=PEOPLE,
        **more,
    )


@contextmanager
def contacts_rig(bank: Path, data: Path, **more: Any) -> Iterator[ContactsRig]:
    """Over a copy of that bank. Keyword arguments go to the settings."""
    shutil.copytree(bank, data)
    clock = Clock()
    clock.set(MORNING.isoformat())
    with WecomServer(clock=clock) as server:
        corp = Corp(server.url)
        now = lambda: datetime.fromtimestamp(clock.now(), BANK_ZONE)  # noqa: E731
        with build(settings_of(corp, data, **more), clock=now) as app:
            channel = app.channels["wecom_contacts"]
            assert isinstance(channel, ContactsChannel)
            contacts = attach_contacts(app, channel)
            # The sandbox signs by the real time, whatever its clock says.
            contacts.callback = Callback(envelope_of(app.settings), contacts.reception.hear, system_clock)
            with served(contacts.routes()) as edge:
                corp.admin("callback", url=f"{edge.base}{PATH}", to="contacts")
                yield ContactsRig(app, contacts, corp)
