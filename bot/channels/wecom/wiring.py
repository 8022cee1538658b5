"""How the house gets WeCom: the channel from the settings, and its reception over a built app.

kf = kf_channel(settings, store, clock=clock)      # customers; None without a corp id and the secrets of customer service
reception = attach(app, kf)                        # then reception.start(), and its routes into the web server
staff = app_channel(settings, store, clock=clock)  # the app of staff; None without its agent id
reception = attach_app(app, staff)
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from fastapi import APIRouter
from pydantic import SecretStr

from bot.channels.web import Bell
from bot.clock import Clock
from bot.lookups import LookupsFactory
from config.settings import Settings
from domain.message import Inbound
from domain.ports import Store

if TYPE_CHECKING:  # the library is imported by who has a corp id
    from bot.channels.wecom.app.channel import AppChannel
    from bot.channels.wecom.client import WeComClient
    from bot.channels.wecom.envelope import Envelope
    from bot.channels.wecom.kf.channel import KfChannel
    from bot.channels.wecom.mass.channel import MassChannel
    from bot.channels.wecom.mass.poller import MassPoller

APP_PATH = "/wecom/app"
MASS = "wecom_mass"
PATH = "/wecom/kf"
MEDIA_FOLDER = "media"  # under the folder of everything that Peiban keeps
_LONGEST_ID = 100  # characters; WeCom's ids are shorter, and what is longer could not be kept
_EVENT = "kf_msg_or_event"


class BuiltApp(Protocol):
    """What is asked of `bot.app.App`."""

    @property
    def settings(self) -> Settings:
        """The settings it was built with."""

    @property
    def store(self) -> Store:
        """The database."""

    @property
    def clock(self) -> Clock:
        """The time."""

    @property
    def bell(self) -> Bell:
        """Rings for each conversation in which something changed."""

    def receive(self, inbound: Inbound) -> int | None:
        """Store a message; None when it had arrived before."""

    def arrived(self, conversations: Sequence[str]) -> None:
        """Messages of these conversations are stored: work on them."""


class SidebarApp(BuiltApp, Protocol):
    """What the page beside a chat asks besides."""

    @property
    def lookups(self) -> LookupsFactory:
        """What somebody may see."""


class Reception:
    """Hears the callbacks and pulls the accounts."""

    def __init__(self, app: BuiltApp, channel: "KfChannel") -> None:
        from bot.channels.wecom.callback import Callback
        from bot.channels.wecom.kf.fetching import Fetcher
        from bot.channels.wecom.kf.handover import HandOver
        from bot.channels.wecom.kf.pull import Puller
        from bot.channels.wecom.people import WeComPeople
        from bot.channels.wecom.shelf import Shelf
        from bot.listening import speech_to_text

        settings = app.settings
        fresh = timedelta(seconds=settings.wecom_fresh_s)
        people = WeComPeople(settings.wecom_people)
        self._app = app
        self._bell = app.bell
        self._hand_over = HandOver(app.store, channel.client, people, app.clock)
        stt = speech_to_text(
            base_url=settings.stt_base_url,
            model=settings.stt_model,
            api_key=settings.stt_api_key.get_secret_value(),
            timeout_s=settings.stt_timeout_s,
        )
        waits = timedelta(seconds=settings.stt_timeout_s) if stt else None
        shelf = Shelf(settings.data / MEDIA_FOLDER)
        self._fetcher = Fetcher(app.store, channel.client, app.clock, shelf=shelf, changed=self._fetched, stt=stt)
        self._puller = Puller(
            app.store,
            channel.client,
            app.clock,
            people=people,
            fresh=fresh,
            arrived=app.arrived,
            wanted=self._fetcher.noticed,
            voice_waits=waits,
        )
        self.callback = Callback(envelope_of(settings), self.hear, app.clock)

    def start(self) -> None:
        """Pull what arrived while nobody listened, and listen."""
        self._hand_over.start()
        self._fetcher.start()
        self._deaf = self._bell.listen("*", self._hand_over.noticed)
        self._puller.start()

    def stop(self) -> None:
        """Take nothing more in. The channel can still send."""
        self._puller.stop()
        self._deaf()
        self._hand_over.stop()
        self._fetcher.stop()

    def routes(self) -> list[APIRouter]:
        """What WeCom calls."""
        from bot.channels.wecom.callback import callback_route

        return [callback_route(self.callback, PATH)]

    def _fetched(self, conversation: str) -> None:
        self._app.arrived((conversation,))

    def hear(self, fields: dict[str, str]) -> None:
        """Take the fields of an opened callback. Returns once what they mean cannot be lost."""
        open_kfid = fields.get("OpenKfId", "")
        if fields.get("Event") == _EVENT and 0 < len(open_kfid) <= _LONGEST_ID:
            self._puller.mark(open_kfid, fields.get("Token", ""))


class StaffReception:
    """Hears the callbacks of the app of staff, and lets members in to the workbench."""

    def __init__(self, app: SidebarApp, channel: "AppChannel") -> None:
        from bot.channels.wecom.app.login import Login, login_routes
        from bot.channels.wecom.app.reception import Reception
        from bot.channels.wecom.callback import Callback, callback_route

        settings = app.settings
        envelope = sealed(settings, token=settings.wecom_app_token, aes_key=settings.wecom_app_aes_key)
        self.edge = Reception(app, channel)
        self.callback = Callback(envelope, self.edge.hear, app.clock)
        self._routes = [callback_route(self.callback, APP_PATH), login_routes(Login(settings, channel, app.clock)), sidebar(app, channel)]

    def start(self) -> None:
        """Nothing to begin: WeCom calls."""

    def stop(self) -> None:
        """Finish the courtesy in hand. The channel can still send."""
        self.edge.stop()

    def routes(self) -> list[APIRouter]:
        """What WeCom and browsers call."""
        return self._routes


def envelope_of(settings: Settings) -> "Envelope":
    """Make the envelope of the callback of customer service. Raises BadSettings for a key that cannot be used."""
    return sealed(settings, token=settings.wecom_token, aes_key=settings.wecom_aes_key)


def sealed(settings: Settings, *, token: SecretStr, aes_key: SecretStr) -> "Envelope":
    """Make the envelope of one callback of the corp. Raises BadSettings for a key that cannot be used."""
    from bot.channels.wecom.envelope import Envelope

    return Envelope(token=token.get_secret_value(), aes_key=aes_key.get_secret_value(), receiver=settings.wecom_corp_id)


def client_of(settings: Settings, store: Store, *, secret: SecretStr, clock: Clock) -> "WeComClient":
    """Make the client of one secret of the corp."""
    from bot.channels.wecom.client import WeComClient

    return WeComClient(
        store, api_base=settings.wecom_api_base, corp_id=settings.wecom_corp_id, secret=secret.get_secret_value(), clock=clock
    )


def kf_channel(settings: Settings, store: Store, *, clock: Clock) -> "KfChannel | None":
    """Make the channel; None without a corp id, or where only the app of staff is set up."""
    if not settings.wecom_corp_id or not settings.wecom_secret.get_secret_value():
        return None
    from bot.channels.wecom.kf.channel import KfChannel

    client = client_of(settings, store, secret=settings.wecom_secret, clock=clock)
    return KfChannel(store, client, clock, corp_id=settings.wecom_corp_id)


def attach(app: BuiltApp, channel: "KfChannel") -> Reception:
    """Make the reception that feeds the app. Raises BadSettings for a key that cannot be used."""
    return Reception(app, channel)


def app_channel(settings: Settings, store: Store, *, clock: Clock) -> "AppChannel | None":
    """Make the channel of staff; None without its agent id. Raises BadSettings for people that cannot be used."""
    if not settings.wecom_app_agent_id:
        return None
    from bot.channels.wecom.app.channel import AppChannel
    from bot.channels.wecom.app.members import Members
    from bot.channels.wecom.people import WeComPeople

    client = client_of(settings, store, secret=settings.wecom_app_secret, clock=clock)
    members = Members(store, WeComPeople(settings.wecom_people))
    agent_id, markdown = settings.wecom_app_agent_id, settings.wecom_app_markdown
    return AppChannel(store, client, members, clock, corp_id=settings.wecom_corp_id, agent_id=agent_id, markdown=markdown)


def attach_app(app: SidebarApp, channel: "AppChannel") -> StaffReception:
    """Make the reception of the app of staff. Raises BadSettings for a key that cannot be used."""
    return StaffReception(app, channel)


def mass_channel(settings: Settings, store: Store, *, clock: Clock) -> "MassChannel | None":
    """Make the channel of 企业群发; None without the secrets of contacts. Raises BadSettings for people that cannot be used."""
    if not settings.wecom_corp_id or not settings.wecom_contacts_secret.get_secret_value():
        return None
    from bot.channels.wecom.mass.channel import MassChannel
    from bot.channels.wecom.people import WeComPeople

    client = client_of(settings, store, secret=settings.wecom_contacts_secret, clock=clock)
    return MassChannel(store, client, WeComPeople(settings.wecom_people), clock, cap=settings.wecom_mass_cap)


def attach_mass(app: BuiltApp, channel: "MassChannel") -> "MassPoller":
    """Make what asks the members and settles the ledger; then start()."""
    from bot.channels.wecom.mass.poller import MassPoller
    from bot.channels.wecom.people import WeComPeople

    staff_channel = "wecom" if app.settings.wecom_app_agent_id else "web"
    return MassPoller(app.store, channel, WeComPeople(app.settings.wecom_people), app.clock, staff_channel=staff_channel)


def sidebar(app: SidebarApp, channel: "AppChannel") -> APIRouter:
    """Make the page that stands beside a chat in WeCom's client."""
    from bot.channels.wecom.app.sidebar import Sidebar, sidebar_routes

    return sidebar_routes(Sidebar(app.settings, app.store, app.lookups, channel, app.clock))
