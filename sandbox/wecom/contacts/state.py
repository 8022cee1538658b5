"""What 客户联系 remembers."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Relation:
    """A customer whom a member has as a contact. `gone`: the customer removed the member."""

    userid: str
    external_userid: str
    createtime: int
    last_contact: float
    remark: str = ""
    description: str = ""
    remark_corp_name: str = ""
    remark_mobiles: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    add_way: int = 1
    state: str = ""
    oper_userid: str = ""
    chatted: bool = False
    gone: bool = False


@dataclass
class Tag:
    """A corp tag of a group. `by_app`: made by API, so an app may change it."""

    tag_id: str
    name: str
    create_time: int
    order: int = 0
    by_app: bool = True


@dataclass
class TagGroup:
    """A group of corp tags."""

    group_id: str
    name: str
    create_time: int
    order: int = 0
    by_app: bool = True
    tags: list[Tag] = field(default_factory=list)


@dataclass
class Welcome:
    """A welcome code."""

    userid: str
    external_userid: str
    until: float
    used: bool = False


@dataclass
class MassTask:
    """What one member is asked to send: customer -> status 0 unsent, 1 sent, 2 not a friend, 3 already got others."""

    userid: str
    targets: dict[str, int]
    sent_at: int = 0


@dataclass
class Mass:
    """A 企业群发. `reminded` holds the times of the reminders."""

    msgid: str
    created_at: int
    body: Json
    chat_type: str
    allow_select: bool
    tasks: dict[str, MassTask] = field(default_factory=dict)
    reminded: list[float] = field(default_factory=list)
    cancelled: bool = False
    creator: str = ""
    personal: bool = False


@dataclass
class Transfer:
    """A customer on the way to another member. `status` as transfer_result says it."""

    handover: str
    takeover: str
    external_userid: str
    began: float
    resigned: bool
    status: int = 2
    done_at: int = 0


@dataclass
class Moment:
    """A post for the customers' moments: who published it and when."""

    jobid: str
    moment_id: str
    created_at: float
    body: Json
    published: dict[str, int] = field(default_factory=dict)


@dataclass
class ContactsState:
    """All relations by (userid, external_userid)."""

    relations: dict[tuple[str, str], Relation] = field(default_factory=dict)
    tag_groups: dict[str, TagGroup] = field(default_factory=dict)
    ways: dict[str, Json] = field(default_factory=dict)
    welcomes: dict[str, Welcome] = field(default_factory=dict)
    masses: dict[str, Mass] = field(default_factory=dict)
    transfers: list[Transfer] = field(default_factory=list)
    waiting: list[Transfer] = field(default_factory=list)
    mass_times: dict[str, list[float]] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
