"""The invented bank of the crash rig: one branch, two managers, as many customers as asked, all of whom agreed to greetings."""

from datetime import UTC, date, datetime

from compliance.days import BANK_ZONE
from domain.book import Branch, Consent, Customer, StaffMember
from domain.party import Role
from storage.book_import import SqlBookSink
from storage.engine import Database

MORNING = datetime(2026, 12, 22, 10, 0, tzinfo=BANK_ZONE)  # the day of 冬至: greetings are due
OPENED = datetime(2020, 5, 6, 2, 0, tzinfo=UTC)
MANAGERS = ("S0001", "S0002")


def customer_ids(count: int) -> list[str]:
    """The ids of the first so many customers."""
    return [f"C{number:06d}" for number in range(1, count + 1)]


def seed(database: Database, *, customers: int) -> None:
    """Write the book. Each customer has one of the two managers in turn."""
    ids = customer_ids(customers)
    with SqlBookSink(database).writing() as book:
        as_of = date(2026, 12, 21)
        book.put_branches(
            [Branch(id="B01", name="西湖支行", city="杭州", address="文三路 1 号", phone="0571-85550000", hours="9:00–17:00")], as_of=as_of
        )
        managers = [
            StaffMember(id=one, name=name, role=Role.RM, branch_id="B01", phone=f"1390000000{number}")
            for number, (one, name) in enumerate(zip(MANAGERS, ("陈敏", "李越"), strict=True))
        ]
        book.put_staff(managers, as_of=as_of)
        people = [
            Customer(
                id=one,
                kind="person",
                name=f"试{'甲乙丙丁戊己庚辛壬癸'[number % 10]}",
                rm_id=MANAGERS[number % 2],
                branch_id="B01",
                opened_at=OPENED,
                gender="女",
                birth_date=date(1985, 5, 1),
            )
            for number, one in enumerate(ids)
        ]
        book.put_customers([(person, person.name) for person in people], as_of=as_of)
        book.put_consents(Consent(customer_id=one, purpose="care", granted=True, at=OPENED, source="柜面") for one in ids)
