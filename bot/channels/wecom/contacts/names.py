"""What a contact is called here, and how WeCom's userids are spelled."""

from bot.channels.wecom.kf.names import visitor
from bot.channels.wecom.people import WeComPeople
from domain.message import conversation_id

CHANNEL = "wecom_contacts"
_WHOM = "customer:wx-"


def conversation_of(userid: str, external_userid: str) -> str:
    """One per member and person."""
    return f"{conversation_id(CHANNEL, visitor(external_userid))}@{userid}"


def address_of(conversation: str) -> tuple[str, str] | None:
    """The userid and the external_userid behind a conversation, None for one of another channel."""
    head, _, userid = conversation.rpartition("@")
    prefix = f"{CHANNEL}:{_WHOM}"
    external_userid = head.removeprefix(prefix)
    return (userid, external_userid) if head.startswith(prefix) and external_userid and userid else None


def spelled(people: WeComPeople, userid: str) -> str:
    """The userid as the settings spell it: WeCom does not tell upper and lower case apart, our records do."""
    party = people.find(userid)
    return userid if party is None else people.userid(party.id)
