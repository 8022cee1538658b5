"""Which member of staff a WeCom userid is. Where no list is given, userids are the bank's own staff ids."""

from collections.abc import Mapping

from domain.errors import BadInput, BadSettings
from domain.party import Party


class WeComPeople:
    """Both directions."""

    def __init__(self, listed: Mapping[str, str]) -> None:
        """`listed` gives parties by userid, as in {"ZhouMin": "rm:S0003"}. Raises BadSettings for what is not staff."""
        self._parties: dict[str, Party] = {}
        for userid, written in listed.items():
            try:
                party = Party.parse(written)
            except BadInput as fault:
                raise BadSettings(f"wecom_people: {fault}") from None
            if not party.role.is_staff:
                raise BadSettings(f"wecom_people: '{written}' is not a member of staff")
            self._parties[userid] = party
        self._userids = {party.id: userid for userid, party in self._parties.items()}

    @property
    def everybody(self) -> bool:
        """Whether there is no list."""
        return not self._parties

    def find(self, userid: str) -> Party | None:
        """Who stands in the list under this userid."""
        return self._parties.get(userid)

    def listed(self) -> list[tuple[str, str]]:
        """The userids that the settings name, each with its staff id."""
        return [(userid, party.id) for userid, party in self._parties.items()]

    def staff_id(self, userid: str) -> str:
        """The bank's id of a member of staff."""
        party = self._parties.get(userid)
        return party.id if party else userid

    def userid(self, staff_id: str) -> str:
        """WeCom's id of a member of staff."""
        return self._userids.get(staff_id, staff_id)
