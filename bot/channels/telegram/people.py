"""Who is who on Telegram: one user id for one person of the bank, and the other way round. Private chats only: there user is chat."""

import re
from collections.abc import Mapping

from domain.errors import BadInput, BadSettings, RecipientGone
from domain.party import Party, Role

_USER_ID = re.compile(r"[1-9]\d{0,18}")


class People:
    """The mapping of the settings. Raises BadSettings naming every entry that cannot be used."""

    def __init__(self, people: Mapping[str, str], *, customers: bool) -> None:
        self.customers = customers
        self._parties: dict[int, Party] = {}
        self._chats: dict[Party, int] = {}
        faults = [fault for user, who in people.items() if (fault := self._add(user.strip(), who, customers=customers))]
        if faults:
            raise BadSettings("telegram_people: " + "; ".join(faults))

    def _add(self, user: str, who: str, *, customers: bool) -> str:
        if not _USER_ID.fullmatch(user):
            return f"'{user[:30]}' is not a Telegram user id (digits only)"
        try:
            party = Party.parse(who)
        except BadInput as error:
            return str(error)
        if party.role in (Role.BOT, Role.SYSTEM):
            return f"{party} is not a person"
        if party.role is Role.CUSTOMER and not customers:
            return f"{party} is a customer, but telegram_customers is off: customer data would leave the mainland"
        if party in self._chats:
            return f"{party} has two Telegram users, give one"
        self._parties[int(user)], self._chats[party] = party, int(user)
        return ""

    def party_of(self, user_id: int) -> Party | None:
        """The person behind a Telegram user, None for a stranger."""
        return self._parties.get(user_id)

    def chat_of(self, party: Party) -> int:
        """Where a person is reached. Raises RecipientGone for whoever is not in the settings: no text goes anywhere else."""
        if party not in self._chats:
            raise RecipientGone(f"{party} has no Telegram user; add one to PEIBAN_TELEGRAM_PEOPLE")
        return self._chats[party]
