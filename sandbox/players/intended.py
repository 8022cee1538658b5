"""What people mean to do on a later day, kept beside the played days: the next play goes on with it.

Everything else that the next play must know lies in the days delivered before, or in the database of the house.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sandbox.players.files import Row, write_json

_FILE = "intended.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What a customer does at an instant. `text` is typed to the bank, empty for what is not said; `about` the message it answers."""

    customer_id: str
    act: str
    at: datetime
    channel: str
    text: str = ""
    about: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """A reaction to come, and the contact that it answers as it was delivered, if it was one."""

    reaction: Reaction
    contact: Row | None


def write_intended(played: Path, intended: Iterable[Intended]) -> None:
    """Keep what is intended now, in the place of what was."""
    body = [asdict(one.reaction) | {"at": one.reaction.at.isoformat(), "contact": one.contact} for one in intended]
    write_json(played / _FILE, body)


def read_intended(played: Path) -> Sequence[Intended]:
    """What was intended when the last play ended; nothing when there was none."""
    path = played / _FILE
    if not path.is_file():
        return ()
    found = []
    for body in json.loads(path.read_text(encoding="utf-8")):
        contact = body.pop("contact")
        found.append(Intended(reaction=Reaction(**body | {"at": datetime.fromisoformat(body["at"])}), contact=contact))
    return found
