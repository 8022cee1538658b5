"""Which member of staff a WeCom userid is. Where no list is given, userids are the bank's own staff ids.

WeCom does not tell userids apart by upper and lower case, and answers some of them in lower case: neither does the list.
"""

from collections.abc import Mapping

from domain.errors import BadInput, BadSettings
from domain.party import Party


class WeComPeople:
    """Both directions."""

    def __init__(self, listed: Mapping[str, str]) -> None:
        """`listed` gives parties by userid, as in {"ZhouMin": "rm:S0003"}. Raises BadSettings for what is not staff."""
        self._parties: dict[str, Party] = {}
        self._spelling: dict[str, str] = {}
        for userid, written in listed.items():
            try:
                party = Party.parse(written)
            except BadInput as fault:
                raise BadSettings(f"wecom_people: {fault}") from None
            if not party.role.is_staff:
                raise BadSettings(f"wecom_people: '{written}' is not a member of staff")
            folded = userid.casefold()
            if folded in self._parties:
                raise BadSettings(f"wecom_people: '{userid}' is listed twice; WeCom knows no upper and lower case in userids")
            self._parties[folded] = party
            self._spelling[folded] = userid
        self._userids = {party.id: self._spelling[folded] for folded, party in self._parties.items()}

    @property
    def everybody(self) -> bool:
        """Whether there is no list."""
        return not self._parties

    def find(self, userid: str) -> Party | None:
        """Who stands in the list under this userid."""
        return self._parties.get(userid.casefold())

    def listed(self) -> list[tuple[str, str]]:
        """The userids that the settings name, each with its staff id."""
        return [(self._spelling[folded], party.id) for folded, party in self._parties.items()]

    def staff_id(self, userid: str) -> str:
        """The bank's id of a member of staff. Whom a list does not name is not in the book, also if a staff id reads alike."""
        party = self.find(userid)
        if party is not None:
            return party.id
        return userid if self.everybody else f"wecom:{userid}"

    def userid(self, staff_id: str) -> str:
        """WeCom's id of a member of staff."""
        return self._userids.get(staff_id, staff_id)
