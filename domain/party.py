"""Who speaks: a customer of the bank, a member of staff, or the bot itself."""

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import BadInput


class Role(StrEnum):
    """A role decides which handlers answer and which fields may be seen. One person has one role in one conversation."""

    CUSTOMER = "customer"
    RM = "rm"
    TELLER = "teller"
    LOBBY = "lobby"
    PRODUCT = "product"
    COMPLIANCE = "compliance"
    MANAGER = "manager"
    BOT = "bot"
    SYSTEM = "system"

    @property
    def is_staff(self) -> bool:
        """Whether this is a member of the bank's staff."""
        return self not in (Role.CUSTOMER, Role.BOT, Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Party:
    """A sender or recipient. Written `role:id`, as in `customer:C000012` or `rm:S0003`."""

    role: Role
    id: str

    def __str__(self) -> str:
        return f"{self.role.value}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Party":
        """Read `role:id`. Raises BadInput with the list of roles when it is anything else."""
        role, _, identity = text.strip().partition(":")
        known = ", ".join(r.value for r in Role if r not in (Role.BOT, Role.SYSTEM))
        if not identity or role not in {r.value for r in Role}:
            raise BadInput(f"'{text[:60]}' is not a person; write role:id with a role of: {known}")
        return cls(Role(role), identity)


BOT = Party(Role.BOT, "peiban")
SYSTEM = Party(Role.SYSTEM, "peiban")
