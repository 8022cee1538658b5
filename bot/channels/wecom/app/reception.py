"""The receiving half of the app: what a callback says is stored before it is answered; courtesies come after, and may fail.

What was refused is counted by reason in `refused`.
"""

from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from typing import Protocol

import yaml

from bot.channels.wecom.app.channel import AppChannel
from bot.channels.wecom.app.messages import Entered, Passed, Press, Spoken, read
from bot.channels.wecom.courtesies import Courtesies, label_of
from bot.clock import Clock
from bot.observe import event
from domain.message import Inbound
from domain.party import Party
from domain.ports import Store

_UPDATE = "message/update_template_card"
_WORDING: dict[str, str] = yaml.safe_load(files("bot.channels.wecom.app").joinpath("wording.yaml").read_text(encoding="utf-8"))


class House(Protocol):
    """What the edge needs of the app of ours."""

    @property
    def store(self) -> Store:
        """The database."""

    @property
    def clock(self) -> Clock:
        """The time."""

    def receive(self, inbound: Inbound) -> int | None:
        """Store a message; None when it had arrived before."""


class Reception:
    """Takes in what members say and press."""

    def __init__(self, house: House, channel: AppChannel) -> None:
        self._house = house
        self._channel = channel
        self._courtesies = Courtesies("wecom.app")
        self.refused: Counter[str] = Counter()

    def stop(self) -> None:
        """Finish the courtesy in hand. The channel can still send."""
        self._courtesies.stop()

    def hear(self, fields: Mapping[str, str]) -> None:
        """Take the fields of an opened callback; return once what they mean is stored. Whatever this raises, WeCom shall call again."""
        match read(fields, agent_id=self._channel.agent_id):
            case Passed(reason=reason):
                self._refuse(reason)
            case Entered(userid=userid):
                self._greet(userid)
            case Spoken() as spoken:
                self._store(spoken)

    def _greet(self, userid: str) -> None:
        """Opening the app is a greeting, once and for all: the id says so."""
        party = self._channel.members.party_of(userid)
        if party is None:
            self._refuse("stranger")
            return
        self._house.receive(self._inbound(party, f"enter:{party}", "", "enter"))

    def _store(self, spoken: Spoken) -> None:
        party = self._channel.members.party_of(spoken.userid)
        if party is None:
            self._refuse("stranger")
            if self._courtesies.due(spoken.userid.lower()):
                self._courtesies.quietly("stranger", lambda: self._channel.say(spoken.userid, _WORDING["stranger"]))
            return
        row = self._house.receive(self._inbound(party, spoken.message_id, spoken.text, spoken.kind))
        press = spoken.press
        if row is not None and press is not None and press.response_code:  # the code is good once
            self._courtesies.quietly("card", lambda: self._settle(party, spoken.userid, press))

    def _inbound(self, party: Party, message_id: str, text: str, kind: str) -> Inbound:
        return Inbound(
            channel=self._channel.name, message_id=message_id, sender=party, text=text, received_at=self._house.clock(), kind=kind
        )

    def _settle(self, party: Party, userid: str, press: Press) -> None:
        """Let the card say what was pressed, in place of its buttons (document/path/94888)."""
        body = {
            "userids": [userid],
            "agentid": self._channel.agent_id,
            "response_code": press.response_code,
            "button": {"replace_name": self._label(party, press.key)},
        }
        self._channel.client.call(_UPDATE, body)

    def _label(self, party: Party, key: str) -> str:
        return label_of(self._house.store, self._channel.name, party, key) or _WORDING["pressed"]

    def _refuse(self, reason: str) -> None:
        self.refused[reason] += 1
        event("wecom.app.refused", reason=reason)
