"""How the house gets contacts: the channel of the welcome from the settings, and what listens and looks over a built app.

channel = contacts_channel(settings, store, clock=clock)   # None without the secret of 客户联系
house = attach_contacts(app, channel)                      # then house.start(), and its routes into the web server
"""

from typing import TYPE_CHECKING

from fastapi import APIRouter

from bot.channels.wecom.wiring import BuiltApp, client_of, sealed
from bot.clock import Clock
from bot.pages import HOME, Pages
from config.settings import Settings
from domain.ports import Store

if TYPE_CHECKING:
    from bot.channels.wecom.contacts.channel import ContactsChannel
    from bot.channels.wecom.envelope import Envelope

PATH = "/wecom/contacts"


def contacts_channel(settings: Settings, store: Store, *, clock: Clock) -> "ContactsChannel | None":
    """Make the channel; None where contacts are not set up."""
    if not settings.wecom_contacts_secret.get_secret_value():
        return None
    from bot.channels.wecom.contacts.channel import ContactsChannel

    return ContactsChannel(store, client_of(settings, store, secret=settings.wecom_contacts_secret, clock=clock), clock)


def envelope_of(settings: Settings) -> "Envelope":
    """Make the envelope of the callback. Raises BadSettings for a key that cannot be used."""
    return sealed(settings, token=settings.wecom_contacts_token, aes_key=settings.wecom_contacts_aes_key)


class Contacts:
    """Everything about contacts that runs beside the app, and what commands use of it."""

    def __init__(self, app: BuiltApp, channel: "ContactsChannel") -> None:
        from bot.channels.wecom.callback import Callback
        from bot.channels.wecom.contacts.daily import Daily
        from bot.channels.wecom.contacts.reception import ContactReception
        from bot.channels.wecom.contacts.sync import Sync
        from bot.channels.wecom.contacts.tags import Tags
        from bot.channels.wecom.contacts.transfers import Transfers
        from bot.channels.wecom.people import WeComPeople

        store, client, clock = app.store, channel.client, app.clock
        self.client = client
        self.people = WeComPeople(app.settings.wecom_people)
        tags = Tags(store, client)
        home = Pages(app.settings.bank_pages, hosts=app.settings.link_hosts).address(HOME)
        self.reception = ContactReception(store, client, clock, people=self.people, tags=tags, arrived=app.arrived, home=home)
        self.sync = Sync(store, client, clock, people=self.people, tags=tags)
        self.transfers = Transfers(store, client, clock, people=self.people)
        self.daily = Daily(self.sync, self.transfers, clock)
        self.callback = Callback(envelope_of(app.settings), self.reception.hear, clock)

    def start(self) -> None:
        """Listen and look."""
        self.reception.start()
        self.daily.start()

    def stop(self) -> None:
        """Take nothing more in. The channel can still send."""
        self.daily.stop()
        self.reception.stop()

    def routes(self) -> list[APIRouter]:
        """What WeCom calls."""
        from bot.channels.wecom.callback import callback_route

        return [callback_route(self.callback, PATH)]


def attach_contacts(app: BuiltApp, channel: "ContactsChannel") -> Contacts:
    """Make what listens and looks. Raises BadSettings for a key that cannot be used."""
    return Contacts(app, channel)
