"""Who a member of the WeCom corp is to the bank: somebody of its staff, or nobody."""

from bot.channels.wecom.people import WeComPeople
from domain.errors import RecipientGone
from domain.party import Party
from domain.ports import Store


class Members:
    """Both directions, after the list of the settings and the book. Where there is a list, nobody beside it is let in."""

    def __init__(self, store: Store, people: WeComPeople) -> None:
        self._store = store
        self._people = people

    def party_of(self, userid: str) -> Party | None:
        """The member of staff, None for a stranger: not listed, not in the book, gone, or listed in another role than the book's."""
        listed = self._people.find(userid)
        if listed is None and not self._people.everybody:
            return None
        with self._store.reading() as records:
            member = records.book.staff(self._people.staff_id(userid))
        if member is None or not member.active:
            return None
        party = Party(member.role, member.id)
        return party if listed in (None, party) else None

    def userid_of(self, party: Party) -> str:
        """Where a member of staff is reached. Raises RecipientGone for everybody else: no text goes anywhere else."""
        userid = self._people.userid(party.id)
        if not party.role.is_staff or (self._people.find(userid) is None and not self._people.everybody):
            raise RecipientGone(f"{party} has no WeCom userid; add one to PEIBAN_WECOM_PEOPLE")
        return userid
