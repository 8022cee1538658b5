"""The book as the dialogue reads it: people, companies, staff, products, consents, and what customers said themselves."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select

from domain.book import Branch, Consent, Customer, Product, RiskAssessment, StaffMember
from domain.party import Role
from storage.book_tables import accounts, branches, consents, customers, facts_said, import_batches, products, risk_assessments, staff
from storage.upsert import upsert

_CHUNK = 500  # ids in one IN list: far below the limit of every engine
_LAST = "\U0010ffff"  # above every character of a name, so that `[text, text + _LAST)` holds what begins with the text

_customer = select(customers).where(customers.c.id == bindparam("id"))
_customers_of = select(customers).where(customers.c.rm_id == bindparam("rm_id")).order_by(customers.c.id)
_customers = select(customers).order_by(customers.c.id)
_customers_in = select(customers).where(customers.c.id.in_(bindparam("ids", expanding=True)))
_named = (
    select(customers)
    .where(
        or_(
            and_(customers.c.name >= bindparam("text"), customers.c.name < bindparam("end")),
            and_(customers.c.name_key >= bindparam("text"), customers.c.name_key < bindparam("end")),
        )
    )
    .order_by(customers.c.name, customers.c.id)
)
_staff_member = select(staff).where(staff.c.id == bindparam("id"))
_people = select(staff).order_by(staff.c.id)
_branch = select(branches).where(branches.c.id == bindparam("id"))
_branches = select(branches).order_by(branches.c.id)
_version = select(func.coalesce(func.max(import_batches.c.id), 0))
_products = select(products).order_by(products.c.code)
_assessment = (
    select(risk_assessments)
    .where(risk_assessments.c.customer_id == bindparam("id"))
    .order_by(risk_assessments.c.assessed_on.desc())
    .limit(1)
)
_consents = select(consents).where(consents.c.customer_id == bindparam("id")).order_by(consents.c.at, consents.c.id)
_consents_for = (
    select(consents)
    .where(or_(consents.c.purpose == bindparam("purpose"), consents.c.purpose == "*"))
    .order_by(consents.c.at, consents.c.id)
)
_facts_said = (
    select(facts_said.c.name, facts_said.c.value, facts_said.c.source, facts_said.c.at)
    .where(facts_said.c.customer_id == bindparam("id"))
    .order_by(facts_said.c.at.desc(), facts_said.c.id.desc())
)
_record_fact = insert(facts_said)
_account_products = (
    select(accounts.c.product_code)
    .where(accounts.c.customer_id == bindparam("id"), accounts.c.closed_on.is_(None), accounts.c.product_code != "")
    .distinct()
    .order_by(accounts.c.product_code)
)


class SqlBook:
    """`domain.ports.BookRecords` over one open transaction. Every list has a stable order: by id, names by name and then id."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._version: int | None = None

    def customer(self, customer_id: str) -> Customer | None:
        row = self._connection.execute(_customer, {"id": customer_id}).one_or_none()
        return None if row is None else customer_from_row(row)

    def customers_of(self, rm_id: str) -> Sequence[Customer]:
        return [customer_from_row(row) for row in self._connection.execute(_customers_of, {"rm_id": rm_id})]

    def customers(self, ids: Iterable[str] | None = None) -> Sequence[Customer]:
        if ids is None:
            return [customer_from_row(row) for row in self._connection.execute(_customers)]
        found = [
            customer_from_row(row) for chunk in _chunks(sorted(set(ids))) for row in self._connection.execute(_customers_in, {"ids": chunk})
        ]
        return sorted(found, key=lambda customer: customer.id)

    def named(self, name: str) -> Sequence[Customer]:
        """Compares with the name as the bank writes it and with its key (simplified spelling). An empty name finds nobody."""
        text = name.strip()
        if not text:
            return []
        return [customer_from_row(row) for row in self._connection.execute(_named, {"text": text, "end": text + _LAST})]

    def named_like(self, starts: Collection[str]) -> Sequence[Customer]:
        if not starts:
            return []
        key = customers.c.name_key
        among = or_(*(and_(key >= start, key < start + _LAST) for start in sorted(starts)))
        query = select(customers).where(among).order_by(customers.c.name, customers.c.id)
        return [customer_from_row(row) for row in self._connection.execute(query)]

    def staff(self, staff_id: str) -> StaffMember | None:
        row = self._connection.execute(_staff_member, {"id": staff_id}).one_or_none()
        return None if row is None else _staff_from_row(row)

    def people(self) -> Sequence[StaffMember]:
        return [_staff_from_row(row) for row in self._connection.execute(_people)]

    def branch(self, branch_id: str) -> Branch | None:
        row = self._connection.execute(_branch, {"id": branch_id}).one_or_none()
        return None if row is None else _branch_from_row(row)

    def branches(self) -> Sequence[Branch]:
        return [_branch_from_row(row) for row in self._connection.execute(_branches)]

    def products(self) -> Sequence[Product]:
        return [_product_from_row(row) for row in self._connection.execute(_products)]

    def version(self) -> int:
        if self._version is None:  # one transaction sees one version
            self._version = int(self._connection.execute(_version).scalar_one())
        return self._version

    def risk_assessment(self, customer_id: str) -> RiskAssessment | None:
        row = self._connection.execute(_assessment, {"id": customer_id}).one_or_none()
        return None if row is None else RiskAssessment(customer_id=row.customer_id, level=row.level, assessed_on=row.assessed_on)

    def consents(self, customer_id: str) -> Sequence[Consent]:
        return [_consent_from_row(row) for row in self._connection.execute(_consents, {"id": customer_id})]

    def consents_for(self, purpose: str) -> Mapping[str, Sequence[Consent]]:
        words: dict[str, list[Consent]] = defaultdict(list)
        for row in self._connection.execute(_consents_for, {"purpose": purpose}):
            words[row.customer_id].append(_consent_from_row(row))
        return words

    def set_consent(self, consent: Consent) -> None:
        values = {
            "customer_id": consent.customer_id,
            "purpose": consent.purpose,
            "granted": consent.granted,
            "at": consent.at,
            "source": consent.source,
        }
        self._connection.execute(upsert(consents, self._connection.dialect.name, ("customer_id", "purpose", "at")), values)

    def record_fact(self, *, customer_id: str, name: str, value: str, source: str, at: datetime, until: datetime | None = None) -> None:
        values = {"customer_id": customer_id, "name": name, "value": value, "source": source, "at": at, "until": until}
        self._connection.execute(_record_fact, values)

    def facts_said(self, customer_id: str) -> Sequence[tuple[str, str, str, datetime]]:
        return [(row.name, row.value, row.source, row.at) for row in self._connection.execute(_facts_said, {"id": customer_id})]

    def account_products(self, customer_id: str) -> Sequence[str]:
        return list(self._connection.execute(_account_products, {"id": customer_id}).scalars())


def customer_from_row(row: Any) -> Customer:
    """Build a customer from a row of the table."""
    return Customer(
        id=row.id,
        kind=row.kind,
        name=row.name,
        rm_id=row.rm_id,
        branch_id=row.branch_id,
        opened_at=row.opened_at,
        gender=row.gender,
        birth_date=row.birth_date,
        phone=row.phone,
        id_number=row.id_number,
        city=row.city,
        industry=row.industry,
        occupation=row.occupation,
        segments=tuple(row.segments),
        status=row.status,
        contact_name=row.contact_name,
    )


def _consent_from_row(row: Any) -> Consent:
    return Consent(customer_id=row.customer_id, purpose=row.purpose, granted=row.granted, at=row.at, source=row.source)


def _staff_from_row(row: Any) -> StaffMember:
    return StaffMember(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        branch_id=row.branch_id,
        phone=row.phone,
        deputy_id=row.deputy_id,
        leave_from=row.leave_from,
        leave_until=row.leave_until,
        active=row.active,
    )


def _branch_from_row(row: Any) -> Branch:
    return Branch(id=row.id, name=row.name, city=row.city, address=row.address, phone=row.phone, hours=row.hours)


def _product_from_row(row: Any) -> Product:
    return Product(
        code=row.code,
        name=row.name,
        kind=row.kind,
        risk=row.risk,
        approval=row.approval,
        as_of=row.as_of,
        rate=row.rate,
        rate_kind=row.rate_kind,
        term_days=row.term_days,
        min_amount=row.min_amount,
        currency=row.currency,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        private=row.private,
    )


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
