"""The real app and a sandbox WeCom with one clock, a relationship manager with contacts there, and customers bound to them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.app import App
from bot.channels.wecom.mass.channel import MassChannel
from bot.channels.wecom.mass.poller import MassPoller
from bot.channels.wecom.wiring import attach_mass
from compliance.days import BANK_ZONE
from domain.book import Consent
from domain.contacts import Binding, Contact
from domain.message import Draft, Link, Purpose
from domain.party import Party, Role
from domain.ports import OutboxRow
from tests.conftest import MovableClock
from tests.integration.wecom_server.kit import CUSTOMER, OPTIONS, OTHER_CUSTOMER, Corp

START = datetime(2026, 12, 1, 9, 30, tzinfo=BANK_ZONE)  # a Tuesday
PEOPLE = (CUSTOMER, OTHER_CUSTOMER)


def mass_settings(url: str) -> dict[str, Any]:
    return {
        "wecom_api_base": f"{url}/cgi-bin",
        "wecom_corp_id": OPTIONS.corp_id,
        "wecom_contacts_secret": OPTIONS.secrets["contacts"],
        "wecom_contacts_token": OPTIONS.token,
        "wecom_contacts_aes_key": OPTIONS.aes_key,
        "wecom_people": {"zhou": "rm:S0003"},
    }


class Bank:
    """Both sides."""

    def __init__(self, corp: Corp, house: Callable[..., App], **settings: Any) -> None:
        self.corp = corp
        self.clock = MovableClock(START)
        self.app = house(clock=self.clock, **(mass_settings(corp.url) | settings))
        channel = self.app.channels["wecom_mass"]
        assert isinstance(channel, MassChannel)
        self.poller: MassPoller = attach_mass(self.app, channel)
        self.customers: list[str] = []
        self._bind()

    def _bind(self) -> None:
        with self.app.store.writing() as records:
            persons = [one.id for one in records.book.customers_of("S0003") if one.kind == "person" and one.status == "active"]
            self.customers = persons[: len(PEOPLE)]
            for person, customer in zip(PEOPLE, self.customers, strict=True):
                self.corp.member("add", customer=person)
                records.contacts.keep([Contact(external_userid=person, userid="zhou", added_at=START)])
                records.contacts.bind(Binding(external_userid=person, customer_id=customer, at=START, how="rm_code", by="rm:S0003"))
                for purpose in ("care", "marketing"):
                    records.book.set_consent(
                        Consent(customer_id=customer, purpose=purpose, granted=True, at=START - timedelta(days=30), source="branch")
                    )

    def greet(self, key: str, *, to: int = 0, text: str = "冬至安康，天冷加衣。", days: float = 1.0, links: tuple[Link, ...] = ()) -> None:
        """Queue a greeting and send what is due."""
        with self.app.store.writing() as records:
            party = Party(Role.CUSTOMER, self.customers[to])
            records.outbox.add(
                Draft(text=text, to=party, purpose=Purpose.TOUCH, links=links),
                conversation_id=f"wecom_mass:{party}",
                channel="wecom_mass",
                at=self.clock(),
                key=key,
                occasion=key,
                until=self.clock() + timedelta(days=days),
            )
        self.app.door.drain(clock=self.clock)

    def later(self, **span: float) -> None:
        """Move both clocks, and make a round."""
        self.clock.at += timedelta(**span)
        self.corp.admin("clock", set=f"{self.clock.at:%Y-%m-%dT%H:%M:%S}")
        self.poller.look()

    def row(self, key: str) -> OutboxRow:
        with self.app.store.reading() as records:
            row = records.outbox.of_key(key)
        assert row is not None
        return row

    def statuses(self, *keys: str) -> list[str]:
        return [self.row(key).status for key in keys]

    def asked(self, kind: str = "mass_task") -> list[dict[str, Any]]:
        """What stands in the phone of the relationship manager."""
        return [entry for entry in self.corp.seen("member:zhou") if entry["kind"] == kind]

    def confirm(self, number: int = -1) -> None:
        self.corp.member("confirm_mass", msgid=self.asked()[number]["msgid"])

    def got(self, person: str = CUSTOMER) -> list[str]:
        return [entry["body"]["text"]["content"] for entry in self.corp.seen(f"customer:{person}") if entry["kind"] == "mass"]

    def tasks(self) -> list[str]:
        with self.app.store.reading() as records:
            return [task.detail for task in records.tasks.listed(kind="delivery")]
