"""What each phone saw, in order. Nothing is ever removed: a recalled message is marked."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Phones:
    """Entries by owner: `member:<userid>` or `customer:<external_userid>`."""

    entries: list[Json] = field(default_factory=list)
    by_owner: dict[str, list[Json]] = field(default_factory=dict)

    def show(self, owner: str, at: int, kind: str, **what: Any) -> Json:
        """Something appears on a phone. `where` is the chat that it appears in."""
        entry: Json = {"n": len(self.entries) + 1, "owner": owner, "at": at, "kind": kind, **what}
        self.entries.append(entry)
        self.by_owner.setdefault(owner, []).append(entry)
        return entry

    def seen(self, owner: str, after: int = 0) -> list[Json]:
        """The entries of one phone, or of all for an empty owner, numbered above `after`."""
        if not owner:
            return self.entries[after:]
        return [entry for entry in self.by_owner.get(owner, []) if entry["n"] > after]
