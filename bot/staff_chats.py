"""Where a member of staff hears of what they did not ask for."""

from domain.book import StaffMember
from domain.conversation import Conversation
from domain.message import conversation_id
from domain.party import Party
from domain.ports import Records


def chat_of(records: Records, staff: StaffMember, *, channel: str) -> Conversation:
    """Where they last talked with the assistant; for who never did, their conversation on the channel on which this house reaches staff."""
    party = Party(staff.role, staff.id)
    latest = next(iter(records.conversations.of_party(party)), None)
    return latest or Conversation(id=conversation_id(channel, party), channel=channel, party=party)
