"""Checked rows as the vocabulary of the book."""

from datetime import date
from typing import Any

import duckdb

from crm.importing.rows import Row, instant_of, list_of, taken_rows
from crm.importing.sink import BookWriter
from domain.book import Account, Branch, Consent, Customer, Product, RiskAssessment, StaffMember
from domain.party import Role
from language.normalise import fold


def write_book(work: duckdb.DuckDBPyConnection, writer: BookWriter, *, as_of: date) -> None:
    """Hand every taken row of the book's feeds to the open transaction, a few thousand at a time."""
    writer.put_branches(map(_branch, taken_rows(work, "branches")), as_of=as_of)
    writer.put_staff(map(_staff, taken_rows(work, "staff")), as_of=as_of)
    writer.put_products(map(_product, taken_rows(work, "products")))
    writer.put_customers(map(_person, taken_rows(work, "persons")), as_of=as_of)
    writer.put_customers(map(_company, taken_rows(work, "companies")), as_of=as_of)
    writer.put_accounts(map(_account, taken_rows(work, "accounts")), as_of=as_of)
    writer.put_risk_assessments(map(_assessment, taken_rows(work, "risk_assessments")))
    writer.put_consents(map(_consent, taken_rows(work, "consents")))
    for row in taken_rows(work, "staff_secrets"):
        writer.enrol(row["staff_id"], row["totp_secret"])


def name_key(name: str) -> str:
    """The form under which a name is searched: simplified, without blanks and punctuation."""
    return fold(name)[:120]


def _branch(row: Row) -> Branch:
    return Branch(
        id=row["branch_id"],
        name=row["name"],
        city=row["city"],
        address=row["address"] or "",
        phone=row["phone"] or "",
        hours=row["hours"] or "",
    )


def _staff(row: Row) -> StaffMember:
    return StaffMember(
        id=row["staff_id"],
        name=row["name"],
        role=Role(row["role"]),
        branch_id=row["branch_id"],
        phone=row["phone"] or "",
        deputy_id=row["deputy_id"],
        leave_from=row["leave_from"],
        leave_until=row["leave_until"],
        active=row["active"],
    )


def _product(row: Row) -> Product:
    return Product(
        code=row["product_code"],
        name=row["name"],
        kind=row["kind"],
        risk=row["risk"] or "",
        approval=row["approval"],
        as_of=row["as_of"],
        rate=row["rate"],
        rate_kind=row["rate_kind"] or "",
        term_days=row["term_days"],
        min_amount=row["min_amount"],
        currency=row["currency"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        private=row["private"],
    )


def _person(row: Row) -> tuple[Customer, str]:
    return _customer(
        row,
        kind="person",
        gender=row["gender"] or "",
        birth_date=row["birth_date"],
        phone=row["phone"] or "",
        id_number=row["id_number"] or "",
        occupation=row["occupation"] or "",
    )


def _company(row: Row) -> tuple[Customer, str]:
    return _customer(
        row,
        kind="company",
        phone=row["contact_phone"] or "",
        id_number=row["uscc"] or "",
        industry=row["industry"] or "",
        contact_name=row["contact_name"] or "",
    )


def _customer(row: Row, *, kind: str, **of_the_kind: Any) -> tuple[Customer, str]:
    customer = Customer(
        id=row["customer_id"],
        kind=kind,
        name=row["name"],
        rm_id=row["rm_id"],
        branch_id=row["branch_id"],
        opened_at=instant_of(row["opened_at"]),
        city=row["city"] or "",
        segments=list_of(row["segments"]),
        status=row["status"],
        **of_the_kind,
    )
    return customer, name_key(customer.name)


def _account(row: Row) -> Account:
    return Account(
        id=row["account_id"],
        customer_id=row["customer_id"],
        kind=row["kind"],
        opened_on=row["opened_on"],
        product_code=row["product_code"] or "",
        currency=row["currency"],
        closed_on=row["closed_on"],
        matures_on=row["matures_on"],
    )


def _assessment(row: Row) -> RiskAssessment:
    return RiskAssessment(customer_id=row["customer_id"], level=row["level"], assessed_on=row["assessed_on"])


def _consent(row: Row) -> Consent:
    return Consent(
        customer_id=row["customer_id"],
        purpose=row["purpose"],
        granted=row["granted"],
        at=instant_of(row["at"]),
        source=row["source"] or "",
    )
