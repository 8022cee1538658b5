"""One round of the poller of mass messages, in a process of its own that is killed: database, corp's settings and the instant as JSON."""

import json
import sys
from datetime import datetime
from pathlib import Path

from bot.channels.wecom.mass.poller import MassPoller
from bot.channels.wecom.people import WeComPeople
from bot.channels.wecom.wiring import mass_channel
from config.settings import Settings
from storage.engine import Database
from storage.records import SqlStore


def main() -> None:
    """Make the round."""
    given = json.loads(sys.argv[1])
    at = datetime.fromisoformat(given["at"])
    settings = Settings(data=Path(given["data"]), sandbox=True, **given["settings"])
    store = SqlStore(Database(settings.url))
    channel = mass_channel(settings, store, clock=lambda: at)
    assert channel is not None
    MassPoller(store, channel, WeComPeople(settings.wecom_people), lambda: at, staff_channel="web").look()


if __name__ == "__main__":
    main()
