"""Invented customers for the tests of this room."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.book import Customer, StaffMember
from domain.party import Role

SHANGHAI = ZoneInfo("Asia/Shanghai")


def customer(
    customer_id: str,
    *,
    name: str = "林晓岚",
    kind: str = "person",
    gender: str = "女",
    status: str = "active",
    birth_date: date | None = date(1988, 6, 1),
    segments: tuple[str, ...] = (),
) -> Customer:
    """A customer of whom only what a test is about is said."""
    return Customer(
        id=customer_id,
        kind=kind,
        name=name,
        rm_id="S0003",
        branch_id="B01",
        opened_at=datetime(2020, 3, 2, 10, tzinfo=SHANGHAI),
        gender=gender,
        birth_date=birth_date,
        segments=segments,
        status=status,
    )


def staff(name: str) -> StaffMember:
    """A relationship manager of that name."""
    return StaffMember(id="S0003", name=name, role=Role.RM, branch_id="B01", phone="")
