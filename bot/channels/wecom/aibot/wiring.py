"""How the house gets the smart robot: the channel from the settings, and its reception over a built app."""

from typing import TYPE_CHECKING

from bot.channels.wecom.wiring import BuiltApp
from bot.clock import Clock
from config.settings import Settings
from domain.ports import Store

if TYPE_CHECKING:  # the library is imported by who has a robot
    from bot.channels.wecom.aibot.channel import AibotChannel
    from bot.channels.wecom.aibot.line import Line
    from bot.channels.wecom.aibot.reception import Reception


def aibot_channel(settings: Settings, store: Store, *, clock: Clock) -> "AibotChannel | None":
    """Make the channel; None without a bot id. Raises BadSettings for people that cannot be used."""
    if not settings.wecom_aibot_id:
        return None
    from bot.channels.wecom.aibot.channel import AibotChannel
    from bot.channels.wecom.app.members import Members
    from bot.channels.wecom.people import WeComPeople

    return AibotChannel(aibot_line(settings), Members(store, WeComPeople(settings.wecom_people)), clock)


def aibot_line(settings: Settings) -> "Line":
    """Make the connection; it is not begun."""
    from bot.channels.wecom.aibot.line import Line

    return Line(settings.wecom_aibot_url, settings.wecom_aibot_id, settings.wecom_aibot_secret.get_secret_value())


def attach(app: BuiltApp, channel: "AibotChannel") -> "Reception":
    """Make the reception that feeds the app."""
    from bot.channels.wecom.aibot.reception import Reception

    return Reception(app, channel)
