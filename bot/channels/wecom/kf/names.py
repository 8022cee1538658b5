"""What an account and a customer of WeChat customer service are called here."""

from domain.message import conversation_id
from domain.party import Party, Role

CHANNEL = "kf"
_VISITOR = "wx-"  # before the external_userid of somebody who has not shown yet which customer of the bank they are


def cursor_name(open_kfid: str) -> str:
    """Under which name the place where reading stopped is kept."""
    return f"{CHANNEL}:{open_kfid}"


def visitor(external_userid: str) -> Party:
    """Somebody of whom only WeChat's id is known: a customer whom the book does not have."""
    return Party(Role.CUSTOMER, f"{_VISITOR}{external_userid}")


def is_visitor(party: Party) -> bool:
    """Whether only WeChat's id is known of somebody."""
    return party.role is Role.CUSTOMER and party.id.startswith(_VISITOR)


def conversation_of(open_kfid: str, external_userid: str) -> str:
    """One per account and person."""
    return f"{conversation_id(CHANNEL, visitor(external_userid))}@{open_kfid}"


def address_of(conversation: str) -> tuple[str, str] | None:
    """The account and the external_userid behind a conversation, None for one of another channel."""
    head, _, open_kfid = conversation.rpartition("@")
    prefix = f"{CHANNEL}:{Role.CUSTOMER.value}:{_VISITOR}"
    external_userid = head.removeprefix(prefix)
    return (open_kfid, external_userid) if head.startswith(prefix) and external_userid and open_kfid else None
