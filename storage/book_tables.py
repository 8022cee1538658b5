"""Tables of the book: what the bank's files say about people and products, and what customers said themselves.

`as_of` is the bank day of the delivery that a row came from: an older delivery that arrives late never overwrites a newer row.
There are no foreign keys to the rows of other feeds: every feed may be missing (docs/data-contract.md) and the import checks references.
"""

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from storage.metadata import metadata
from storage.types import Instant, Money

_ID = String(60)
# A prefix is searched as a range, which an index serves only where text is ordered by code point.
_ORDERED = String(120).with_variant(String(120, collation="C"), "postgresql")

branches = Table(
    "branches",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("city", String(60), nullable=False),
    Column("address", String(200), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("hours", String(120), nullable=False),
    Column("as_of", Date, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("branch_id", _ID, nullable=False),
    Column("phone", String(40), nullable=False),
    Column("deputy_id", _ID),
    Column("leave_from", Date),
    Column("leave_until", Date),
    Column("active", Boolean, nullable=False),
    Column("as_of", Date, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("name", _ORDERED, nullable=False, index=True),
    Column("name_key", _ORDERED, nullable=False, index=True),  # the name in simplified spelling, for search
    Column("rm_id", _ID),
    Column("branch_id", _ID, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("gender", String(10), nullable=False),
    Column("birth_date", Date),
    Column("phone", String(40), nullable=False),
    Column("id_number", String(40), nullable=False),
    Column("city", String(60), nullable=False),
    Column("industry", String(60), nullable=False),
    Column("occupation", String(60), nullable=False),
    Column("segments", JSON, nullable=False),
    Column("status", String(10), nullable=False),
    Column("contact_name", String(120), nullable=False),
    Column("as_of", Date, nullable=False),
)
Index("ix_customers_rm", customers.c.rm_id, customers.c.id)

accounts = Table(
    "accounts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("customer_id", _ID, nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("product_code", _ID, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("matures_on", Date),
    Column("as_of", Date, nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("code", _ID, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("risk", String(2), nullable=False),
    Column("approval", String(80), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("rate", Money),
    Column("rate_kind", String(40), nullable=False),
    Column("term_days", Integer),
    Column("min_amount", Money),
    Column("currency", String(3), nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("private", Boolean, nullable=False),
)

risk_assessments = Table(
    "risk_assessments",
    metadata,
    Column("customer_id", _ID, primary_key=True),
    Column("assessed_on", Date, primary_key=True),
    Column("level", String(2), nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("customer_id", _ID, nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("source", String(120), nullable=False),
    UniqueConstraint("customer_id", "purpose", "at"),
)

facts_said = Table(
    "facts_said",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("customer_id", _ID, nullable=False),
    Column("name", String(60), nullable=False),
    Column("value", Text, nullable=False),
    Column("source", String(120), nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant),
)
Index("ix_facts_said_customer", facts_said.c.customer_id, facts_said.c.at)

import_batches = Table(
    "import_batches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("bank", String(120), nullable=False),
    Column("source", String(60), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("at", Instant, nullable=False),
    Column("snapshot", String(80), nullable=False),
    Column("counts", JSON, nullable=False),
)
