"""What a conversation waits for: one more input for a command. Kept in `Conversation.pending` as `kind>intent:argument`."""

from dataclasses import dataclass
from enum import StrEnum


class Awaited(StrEnum):
    """The shape of the input. Anything of another shape is an ordinary turn, and the waiting is over."""

    CODE = "code"  # digits, as a one-time code
    TEXT = "text"  # whatever is said next
    SLOT = "slot"  # something that the form of that intent can read a value from


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A command that waits."""

    awaited: Awaited
    intent: str
    argument: str = ""

    def __str__(self) -> str:
        return f"{self.awaited.value}>{self.intent}:{self.argument}"

    @classmethod
    def parse(cls, text: str | None) -> "Pending | None":
        """Read what `str()` wrote; None for nothing or anything else."""
        kind, sign, command = (text or "").partition(">")
        intent, colon, argument = command.partition(":")
        if not (sign and colon) or kind not in {awaited.value for awaited in Awaited}:
            return None
        return cls(awaited=Awaited(kind), intent=intent, argument=argument)
