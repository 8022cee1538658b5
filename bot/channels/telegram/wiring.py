"""How the house gets Telegram: the channel from the settings, and its reception over a built app.

telegram = telegram_channel(settings, clock=clock)      # None without a token
reception = attach(app, telegram)                       # then reception.start(), and its routes into the web server
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from bot.clock import Clock, system_clock
from config.settings import Settings
from domain.message import Inbound
from domain.party import Party

if TYPE_CHECKING:  # the library takes half a second to import: only who has a token pays
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.telegram.reception import Reception


class BuiltApp(Protocol):
    """What is asked of `bot.app.App`."""

    @property
    def settings(self) -> Settings:
        """The settings it was built with."""

    def receive(self, inbound: Inbound) -> int | None:
        """Store a message."""

    def known(self, party: Party) -> Party:
        """Raises BadInput for strangers."""


def telegram_channel(settings: Settings, *, clock: Clock = system_clock) -> "TelegramChannel | None":
    """Make the channel; None without a token. Raises BadSettings for people that cannot be used."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    from bot.channels.telegram.channel import TelegramChannel

    return TelegramChannel(token, settings.telegram_api_base, settings.telegram_people, customers=settings.telegram_customers, clock=clock)


def attach(app: BuiltApp, channel: "TelegramChannel", *, waits_s: Sequence[float] = ()) -> "Reception":
    """Make the reception that feeds the app. Raises BadSettings for a secret that Telegram would not take.

    `waits_s` replaces the pauses after failures.
    """
    from bot.channels.telegram.reception import WAITS_S, Reception

    settings = app.settings
    secret = settings.telegram_secret.get_secret_value()
    return Reception(app, channel, webhook_url=settings.telegram_webhook_url, secret=secret, waits_s=waits_s or WAITS_S)
