"""The bank itself: branches, people who work there, who keeps which relation."""

from crm.importing.feeds.shared import BRANCH, CUSTOMER
from crm.importing.schema import Check, Feed, a_date, a_flag, a_text, an_id, one_of

BRANCHES = Feed(
    name="branches",
    meaning="The branches of the bank.",
    key=("branch_id",),
    columns=(
        an_id("branch_id", "key", "B001"),
        a_text("name", "name", "云桥中心支行", required=True),
        a_text("city", "city", "云桥市", longest=60, required=True),
        a_text("district", "part of the city", "湖畔区", longest=60),
        a_text("address", "address", "湖畔区望湖路1号", longest=200),
        a_text("phone", "telephone", "0000-5550001", longest=40),
        a_text("hours", "opening hours in words", "周一至周五 9:00-17:00"),
    ),
)


STAFF = Feed(
    name="staff",
    meaning="People of the bank who talk to the assistant. Who is away has a deputy from `leave_from` to the day before `leave_until`.",
    key=("staff_id",),
    columns=(
        an_id("staff_id", "key", "S0003"),
        a_text("name", "name", "周明远", required=True),
        one_of("role", "role", ("rm", "teller", "lobby", "product", "compliance", "manager"), "rm", required=True),
        BRANCH,
        a_text("phone", "telephone", "12000000003", longest=40, personal=True),
        an_id("deputy_id", "who stands in", "S0004", required=False, refers="staff"),
        a_date("leave_from", "first day away", "2026-11-20"),
        a_date("leave_until", "first day back", "2026-12-04"),
        a_date("joined_on", "first day at the bank", "2019-07-01"),
        a_date("left_on", "first day no longer at the bank; whose customers are then to be given to somebody", ""),
        an_id("mentor_id", "who guides a newcomer (师徒制)", "", required=False, refers="staff"),
        a_flag("active", "whether the person works here", "true", default="true"),
    ),
    checks=(
        Check(column="leave_until", reason="leave ends before it begins", fails='"leave_until" <= "leave_from"'),
        Check(column="left_on", reason="left before joining", fails='"left_on" < "joined_on"'),
        Check(column="deputy_id", reason="nobody is their own deputy", fails='"deputy_id" = "staff_id"'),
    ),
)


ASSIGNMENTS = Feed(
    name="assignments",
    meaning="Who kept the relation with a customer since when: book transfers of the past. `persons.rm_id` says who does now.",
    key=("customer_id", "since"),
    columns=(
        CUSTOMER,
        an_id("rm_id", "the relationship manager from that day on", "S0003", refers="staff"),
        a_date("since", "first day", "2025-03-01", required=True, past=True),
        one_of("reason", "why", ("opened", "transfer", "leaver", "request", "other"), "transfer", default="other"),
    ),
)


STAFF_SECRETS = Feed(
    name="staff_secrets",
    meaning="Second factors of invented staff. Part of a simulated bank only; a real bank enrols its staff in person.",
    key=("staff_id",),
    columns=(
        an_id("staff_id", "member of staff", "S0003", refers="staff"),
        a_text("totp_secret", "TOTP secret, base32", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", required=True, personal=True),
    ),
    sandbox_only=True,
)
