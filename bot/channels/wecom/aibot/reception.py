"""The receiving half of the smart robot: what a frame says is stored before anything is answered; courtesies come after, and may fail.

WeCom waits for no acknowledgement of a callback. What cannot be stored after some tries is left: the connection is ended, in the hope that
it comes again.
"""

import time
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files

import yaml
from fastapi import APIRouter

from bot.channels.wecom.aibot.channel import AibotChannel
from bot.channels.wecom.aibot.frames import CHOSEN, UPDATE, Entered, Frame, Passed, Press, Spoken, read
from bot.channels.wecom.app.reception import House
from bot.channels.wecom.courtesies import Courtesies, label_of
from bot.observe import event, fault
from domain.message import Inbound
from domain.party import Party

_LABEL = 10  # characters that a button shows
_TRIES_S = (0.2, 1.0, 3.0)
_WORDING: dict[str, str] = yaml.safe_load(files("bot.channels.wecom.aibot").joinpath("wording.yaml").read_text(encoding="utf-8"))


class Reception:
    """Takes in what members say and press. What was refused is counted by reason in `refused`."""

    def __init__(self, house: House, channel: AibotChannel, *, tries_s: Sequence[float] = _TRIES_S) -> None:
        self._house = house
        self._channel = channel
        self._tries_s = tries_s
        self._courtesies = Courtesies("wecom.aibot")
        self.refused: Counter[str] = Counter()

    def start(self) -> None:
        """Connect. Returns at once; a WeCom that is out of reach is tried again and again."""
        self._channel.line.start(self.hear)

    def stop(self) -> None:
        """End the connection: what came and was not stored would be lost. What is still to be said waits for the next start."""
        self._channel.line.stop()
        self._courtesies.stop()

    def routes(self) -> list[APIRouter]:
        """None: we connect."""
        return []

    def hear(self, one: Frame) -> None:
        """Take a callback; return once what it means is stored."""
        match read(one):
            case Passed(reason=reason):
                self._refuse(reason)
            case Entered(userid=userid, req_id=req_id):
                party = self._channel.members.party_of(userid)
                if party is None:
                    self._refuse("stranger")
                else:
                    self._channel.openings.note(userid, req_id, round=self._channel.line.round, welcome=True)
                    self._store(self._inbound(party, f"enter:{party}", "", "enter"))
            case Spoken() as spoken:
                self._spoken(spoken)

    def _spoken(self, spoken: Spoken) -> None:
        party, press = self._channel.members.party_of(spoken.userid), spoken.press
        if press is None:  # the answer to a press is the card that changes
            self._channel.openings.note(spoken.userid, spoken.req_id, round=self._channel.line.round)
        if party is None:
            self._refuse("stranger")
            if self._courtesies.due(spoken.userid.casefold()):
                self._courtesies.quietly("stranger", lambda: self._channel.say(spoken.userid, _WORDING["stranger"]))
            return
        new = self._store(self._inbound(party, spoken.message_id, spoken.text, spoken.kind))
        if new and press is not None:
            self._courtesies.quietly("card", lambda: self._settle(party, press, spoken.req_id))

    def _store(self, inbound: Inbound) -> bool:
        for wait in (*self._tries_s, None):
            try:
                return self._house.receive(inbound) is not None
            except Exception as error:  # the line's boundary: a locked database must not lose a message
                fault("wecom.aibot.store.failed", error)
                if wait is None:
                    raise
                time.sleep(wait)
        raise AssertionError("the last round returns or raises")

    def _inbound(self, party: Party, message_id: str, text: str, kind: str) -> Inbound:
        at = self._house.clock()
        return Inbound(channel=self._channel.name, message_id=message_id, sender=party, text=text, received_at=at, kind=kind)

    def _settle(self, party: Party, press: Press, req_id: str) -> None:
        """Let the card say what was pressed, in place of its buttons; WeCom takes it for five seconds."""
        button = {"text": f"✓{self._label(party, press.key)}"[:_LABEL], "style": 1, "key": CHOSEN}
        card = {"card_type": "button_interaction", "main_title": {"title": _WORDING["pressed"]}, "button_list": [button]}
        body = {"response_type": "update_template_card", "template_card": card | {"task_id": press.task_id}}
        self._channel.line.call(UPDATE, body, req_id=req_id)

    def _label(self, party: Party, key: str) -> str:
        return label_of(self._house.store, self._channel.name, party, key) or _WORDING["pressed"]

    def _refuse(self, reason: str) -> None:
        self.refused[reason] += 1
        event("wecom.aibot.refused", reason=reason)
