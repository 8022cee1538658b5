"""What every database must answer for the book: SQLite and PostgreSQL alike."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.book import Account, Branch, Consent, Customer, ImportBatch, Product, RiskAssessment, StaffMember
from domain.party import Role
from storage.book import SqlBook
from storage.book_import import SqlBookSink
from storage.engine import Database
from storage.stepups import SqlStepUps

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


def _customer(identity: str, name: str = "甲", *, rm_id: str | None = "S1", **more: object) -> Customer:
    return Customer(id=identity, kind="person", name=name, rm_id=rm_id, branch_id="B1", opened_at=AT, **more)  # type: ignore[arg-type]


def _put(database: Database, *customers: tuple[Customer, str], as_of: date = DAY) -> None:
    with SqlBookSink(database).writing() as writer:
        writer.put_customers(customers, as_of=as_of)


def test_a_customer_comes_back_as_it_was_put(database: Database) -> None:
    customer = _customer(
        "C1", "張偉", gender="male", birth_date=date(1985, 6, 18), phone="12000100001", id_number="990000198506180015",
        city="云桥市", occupation="教师", segments=("育儿家庭", "代发"), status="closed",
    )  # fmt: skip
    _put(database, (customer, "张伟"))

    with database.reading() as connection:
        book = SqlBook(connection)
        assert book.customer("C1") == customer
        assert book.customer("c1") is None
        assert book.customer("' OR 1=1 --") is None


def test_names_are_found_whole_or_by_their_beginning_in_either_spelling(database: Database) -> None:
    _put(
        database,
        (_customer("C3", "张伟"), "张伟"),
        (_customer("C1", "張偉強"), "张伟强"),
        (_customer("C2", "李张伟"), "李张伟"),
        (_customer("C4", "100%_\\"), "100"),
    )

    with database.reading() as connection:
        book = SqlBook(connection)
        assert {customer.id for customer in book.named("张伟")} == {"C1", "C3"}
        assert [customer.id for customer in book.named("張偉")] == ["C1"]
        assert [customer.id for customer in book.named(" 李 ")] == ["C2"]
        assert [customer.id for customer in book.named("100%")] == ["C4"]
        assert list(book.named("%")) == []
        assert list(book.named("_")) == []
        assert list(book.named("  ")) == []


def test_a_book_lists_its_own_customers_in_a_stable_order(database: Database) -> None:
    _put(
        database,
        *((_customer(f"C{number}", rm_id=rm), "甲") for number, rm in ((3, "S1"), (1, "S1"), (2, "S2"), (4, None))),
    )

    with database.reading() as connection:
        book = SqlBook(connection)
        assert [customer.id for customer in book.customers_of("S1")] == ["C1", "C3"]
        assert list(book.customers_of("S9")) == []
        assert [customer.id for customer in book.customers()] == ["C1", "C2", "C3", "C4"]
        assert [customer.id for customer in book.customers(["C4", "C1", "C1", "C9"])] == ["C1", "C4"]
        assert list(book.customers([])) == []


def test_a_list_longer_than_one_statement_takes_is_no_matter(database: Database) -> None:
    _put(database, *((_customer(f"C{number:05d}"), "甲") for number in range(2_300)))

    with database.reading() as connection:
        assert len(SqlBook(connection).customers(f"C{number:05d}" for number in range(40_000))) == 2_300


def test_an_older_delivery_never_overwrites_a_younger_one(database: Database) -> None:
    _put(database, (_customer("C1", "新"), "新"), as_of=DAY)
    _put(database, (_customer("C1", "旧"), "旧"), as_of=DAY - timedelta(days=1))
    _put(database, (_customer("C2", "旧"), "旧"), as_of=DAY - timedelta(days=1))
    _put(database, (_customer("C2", "新"), "新"), as_of=DAY)

    with database.reading() as connection:
        assert [customer.name for customer in SqlBook(connection).customers()] == ["新", "新"]


def test_staff_branches_and_products_come_back_as_they_were_put(database: Database) -> None:
    away = StaffMember(
        id="S1", name="周", role=Role.RM, branch_id="B1", phone="1", deputy_id="S2", leave_from=DAY, leave_until=DAY + timedelta(days=3)
    )
    other = StaffMember(id="S2", name="林", role=Role.MANAGER, branch_id="B1", phone="2", active=False)
    branch = Branch(id="B1", name="中心", city="云桥市", address="湖边", phone="3", hours="九点")
    product = Product(
        code="P-104", name="稳享", kind="wealth", risk="R2", approval="APR", as_of=DAY, rate=Decimal("2.4500"), rate_kind="业绩比较基准",
        term_days=90, min_amount=Decimal("10000.00"), valid_until=DAY + timedelta(days=9),
    )  # fmt: skip
    with SqlBookSink(database).writing() as writer:
        writer.put_staff([other, away], as_of=DAY)
        writer.put_branches([branch], as_of=DAY)
        writer.put_products([product])

    with database.reading() as connection:
        book = SqlBook(connection)
        assert list(book.people()) == [away, other]
        assert book.staff("S1") == away
        assert book.staff("S9") is None
        assert list(book.branches()) == [branch]
        assert book.branch("B1") == branch
        assert book.branch("B9") is None
        (found,) = book.products()
        assert found == product
        assert str(found.rate) == "2.4500"


def test_the_latest_risk_assessment_counts(database: Database) -> None:
    days = (DAY - timedelta(days=400), DAY, DAY - timedelta(days=30))
    with SqlBookSink(database).writing() as writer:
        writer.put_risk_assessments(
            RiskAssessment(customer_id="C1", level=f"C{place + 1}", assessed_on=day) for place, day in enumerate(days)
        )

    with database.reading() as connection:
        book = SqlBook(connection)
        assert book.risk_assessment("C1") == RiskAssessment(customer_id="C1", level="C2", assessed_on=DAY)
        assert book.risk_assessment("C2") is None


def test_consents_are_every_word_oldest_first(database: Database) -> None:
    later = Consent(customer_id="C1", purpose="care", granted=False, at=AT, source="chat")
    earlier = Consent(customer_id="C1", purpose="care", granted=True, at=AT - timedelta(days=9), source="bank")
    with database.writing() as connection:
        SqlBook(connection).set_consent(later)
        SqlBook(connection).set_consent(later)
    with SqlBookSink(database).writing() as writer:
        writer.put_consents([earlier])
        writer.put_consents([earlier])

    with database.reading() as connection:
        assert list(SqlBook(connection).consents("C1")) == [earlier, later]
        assert list(SqlBook(connection).consents("C2")) == []


def test_what_was_said_comes_latest_first(database: Database) -> None:
    with database.writing() as connection:
        book = SqlBook(connection)
        book.record_fact(customer_id="C1", name="child", value="一岁", source="客户自述", at=AT - timedelta(days=1))
        book.record_fact(customer_id="C1", name="child", value="两岁", source="客户自述", at=AT, until=AT + timedelta(days=365))
        book.record_fact(customer_id="C2", name="child", value="三岁", source="客户自述", at=AT)

    with database.reading() as connection:
        assert [value for _, value, _, _ in SqlBook(connection).facts_said("C1")] == ["两岁", "一岁"]
        assert SqlBook(connection).facts_said("C1")[0][3] == AT


def test_only_open_accounts_tell_their_products(database: Database) -> None:
    accounts = (("A1", "P-2", None), ("A2", "P-1", None), ("A3", "P-1", None), ("A4", "P-9", DAY), ("A5", "", None))
    with SqlBookSink(database).writing() as writer:
        writer.put_accounts(
            (
                Account(id=identity, customer_id="C1", kind="deposit", opened_on=DAY, product_code=product, closed_on=closed)
                for identity, product, closed in accounts
            ),
            as_of=DAY,
        )

    with database.reading() as connection:
        assert list(SqlBook(connection).account_products("C1")) == ["P-1", "P-2"]


def test_a_delivery_is_remembered_and_the_last_one_applied_is_the_latest(database: Database) -> None:
    first = ImportBatch(digest="a" * 64, bank="云桥", source="core", as_of=DAY, at=AT, snapshot="1-a", counts=(("persons", 3),))
    second = ImportBatch(digest="b" * 64, bank="云桥", source="core", as_of=DAY, at=AT, snapshot="2-b")
    sink = SqlBookSink(database)
    for batch in (first, second, first):
        with sink.writing() as writer:
            writer.record_batch(batch)

    with sink.reading() as records:
        assert records.latest_batch() == first
        assert records.batch("b" * 64) == second
        assert records.batch("c" * 64) is None


def test_a_second_factor_that_is_there_stays(database: Database) -> None:
    sink = SqlBookSink(database)
    for secret in ("FIRST", "SECOND"):
        with sink.writing() as writer:
            writer.enrol("S1", secret)

    with database.reading() as connection:
        state = SqlStepUps(connection).state("S1")
        assert state is not None
        assert state.secret == "FIRST"


def test_a_transaction_that_fails_leaves_nothing_behind(database: Database) -> None:
    class Broken(Exception):
        pass

    def break_off() -> None:
        with SqlBookSink(database).writing() as writer:
            writer.put_customers([(_customer("C1"), "甲")], as_of=DAY)
            raise Broken

    with pytest.raises(Broken):
        break_off()

    with database.reading() as connection:
        assert SqlBook(connection).customer("C1") is None
