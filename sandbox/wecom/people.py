"""Who there is: members of the corp and customers with WeChat. All invented."""

from dataclasses import dataclass, field


@dataclass
class Member:
    """Somebody of the bank in WeCom."""

    userid: str
    name: str
    department: int = 1
    tags: tuple[int, ...] = ()
    contact: bool = True  # has the right to external contact
    licensed: bool = True
    verified: bool = True  # real name, needed for transfers
    visible: bool = True  # inside the visible range of the app
    left_at: int = 0  # when the member resigned, or 0


@dataclass
class Customer:
    """Somebody with WeChat. `external_userid` is the corp's name for the person."""

    external_userid: str
    name: str
    gender: int = 0
    openid: str = ""
    unionid: str = ""
    avatar: str = "https://sandbox.invalid/avatar/0"
    refuses_kf: bool = False  # kf sends fail with fail_type 10


@dataclass
class Directory:
    """Members by lower-case id (WeCom does not mind the case), customers by id."""

    members: dict[str, Member] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)

    def add_member(self, member: Member) -> None:
        """Add or replace."""
        self.members[member.userid.lower()] = member

    def add_customer(self, customer: Customer) -> None:
        """Add or replace."""
        customer.openid = customer.openid or f"oSandbox_{customer.external_userid}"
        customer.unionid = customer.unionid or f"uSandbox_{customer.external_userid}"
        self.customers[customer.external_userid] = customer

    def member(self, userid: str) -> Member | None:
        """Somebody who still works here."""
        found = self.members.get(userid.lower())
        return found if found and not found.left_at else None

    def seed(self) -> None:
        """The people of a server that was started without being told any."""
        for userid, name in (("zhou", "周明远"), ("he", "何静"), ("lin", "林涛")):
            self.add_member(Member(userid, name))
        for number, (name, gender) in enumerate((("张伟", 1), ("李娜", 2), ("王建国", 1), ("陈晓", 2)), 1):
            self.add_customer(Customer(f"wmSandbox{number:010d}", name, gender))
