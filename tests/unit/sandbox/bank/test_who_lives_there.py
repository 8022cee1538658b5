"""Staff, products and customers are what the design asks for."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from stdnum.cn import ric, uscc

from sandbox.bank.command import generate
from tests.unit.sandbox.bank.bank_files import AS_OF, csv_rows

NARROW = str.maketrans("０１２３４５６７８９", "0123456789")  # some telephone numbers are written in full width
PRODUCTS = {
    "P-101": ("整存整取定期存款", "deposit", ""),
    "P-102": ("大额存单", "deposit", ""),
    "P-103": ("安心日日盈", "wealth", "R1"),
    "P-104": ("稳享固收90天", "wealth", "R2"),
    "P-105": ("稳享固收一年", "wealth", "R2"),
    "P-106": ("添益固收增强", "wealth", "R3"),
    "P-107": ("均衡配置混合", "wealth", "R3"),
    "P-108": ("宽基指数基金", "fund", "R4"),
    "P-109": ("科技主题权益", "wealth", "R5"),
    "P-110": ("积存金", "gold", "R3"),
    "P-111": ("颐享养老理财", "wealth", "R2"),
    "P-112": ("教育金定投计划", "fund", "R3"),
    "P-113": ("纯债稳健基金", "fund", "R2"),
    "P-114": ("全球权益精选", "fund", "R5"),
}


def test_the_staff_has_every_role_and_somebody_stands_in(bank: Path) -> None:
    staff = csv_rows(bank / "staff.csv")

    roles = Counter(person["role"] for person in staff)
    assert roles == {"rm": 7, "teller": 3, "lobby": 2, "product": 1, "compliance": 2, "manager": 2}
    (away,) = [person for person in staff if person["deputy_id"]]
    assert away["leave_from"] <= AS_OF.isoformat() < away["leave_until"]
    (left,) = [person for person in staff if person["active"] == "false"]
    assert left["left_on"] <= AS_OF.isoformat()
    assert {secret["staff_id"] for secret in csv_rows(bank / "staff_secrets.csv")} == {person["staff_id"] for person in staff}


def test_the_products_are_those_of_the_master(bank: Path) -> None:
    products = {row["product_code"]: (row["name"], row["kind"], row["risk"]) for row in csv_rows(bank / "products.csv")}

    assert {code: products[code] for code in PRODUCTS} == PRODUCTS
    assert {"P-001", "P-201", "P-301", "P-302"} <= set(products)
    rows = csv_rows(bank / "products.csv")
    assert len({row["category"] for row in rows}) >= 12
    assert [row["product_code"] for row in rows if row["valid_until"] <= AS_OF.isoformat()] == ["P-116"]


def test_the_first_book_holds_the_people_of_the_documents(bank: Path) -> None:
    customers = {row["customer_id"]: row for name in ("persons", "companies") for row in csv_rows(bank / f"{name}.csv")}

    named = ("C000001", "C000002", "C000003", "C000004", "C000005", "C000006", "C900001", "C900002")
    assert [customers[identity]["name"] for identity in named] == [
        "张伟", "王芳", "李梅", "刘洋", "赵秀兰", "陈静", "华贸进出口有限公司", "恒达重工有限公司",
    ]  # fmt: skip
    book = [row for row in customers.values() if row["rm_id"] == "S0003"]
    assert len(book) >= 20
    assert {customers[identity]["rm_id"] for identity in named} == {"S0003"}
    assert date.fromisoformat(customers["C000005"]["birth_date"]).year == AS_OF.year - 73  # 72 until the 30th
    names = Counter(row["name"] for row in book)
    assert max(names[name] for name in ("张伟", "王芳", "李梅", "刘洋", "赵秀兰", "陈静")) == 1
    assert max(names.values()) == 2


@pytest.mark.parametrize("as_of", [date(2026, 2, 28), date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1)])
def test_the_people_of_the_documents_are_as_old_as_they_should_be_on_any_day(tmp_path: Path, as_of: date) -> None:
    generate(out=tmp_path, as_of=as_of, customers=6, companies=2, months=1)

    born = date.fromisoformat(csv_rows(tmp_path / "persons.csv")[4]["birth_date"])
    assert as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day)) == 72


def test_numbers_have_right_check_characters_and_belong_to_nobody(bank: Path) -> None:
    persons, companies = csv_rows(bank / "persons.csv"), csv_rows(bank / "companies.csv")

    for person in persons:
        if person["id_number"]:
            assert person["id_number"].startswith("990000")  # no such region
            assert person["id_number"][-1] == ric.calc_check_digit(person["id_number"])
        if person["id_number"] and person["birth_date"]:
            assert person["id_number"][6:14] == person["birth_date"].replace("-", "")
        assert not person["phone"] or person["phone"].translate(NARROW).startswith("120")  # no mobile number
    assert all(uscc.is_valid(company["uscc"]) for company in companies)
    assert len({person["id_number"] for person in persons if person["id_number"]}) == sum(bool(p["id_number"]) for p in persons)


def test_the_bank_has_new_customers_missing_fields_and_doubtful_assessments(bank: Path) -> None:
    persons = csv_rows(bank / "persons.csv")
    opened = [(AS_OF - date.fromisoformat(person["opened_at"][:10])).days for person in persons]
    latest: dict[str, str] = {}
    for row in csv_rows(bank / "risk_assessments.csv"):
        latest[row["customer_id"]] = max(latest.get(row["customer_id"], ""), row["assessed_on"])
    tested = [latest.get(person["customer_id"]) for person in persons]
    expired = sum(1 for day in tested if day and day <= (AS_OF - timedelta(days=366)).isoformat())

    assert sum(days < 3 for days in opened) >= 2
    assert sum(3 <= days < 90 for days in opened) >= 5
    assert 0.20 <= tested.count(None) / len(persons) <= 0.40
    assert 0.08 <= expired / len(persons) <= 0.25
    assert 0.05 <= sum(not person["occupation"] for person in persons) / len(persons) <= 0.25
    assert any(row["granted"] == "false" for row in csv_rows(bank / "consents.csv"))
    assert {row["purpose"] for row in csv_rows(bank / "consents.csv")} == {
        "care", "marketing", "profiling", "social_security", "registry", "tax", "intellectual_property",
    }  # fmt: skip
