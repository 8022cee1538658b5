"""Invented people and products for the tests of the compliance room."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from compliance.catalogue import Catalogue
from compliance.days import BANK_ZONE
from compliance.rule import Context
from domain.book import Consent, Customer, Product, RiskAssessment
from domain.message import Draft, Purpose
from domain.party import Party, Role

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=BANK_ZONE)
TODAY = NOON.date()
CUSTOMER = Customer(
    id="C000012",
    kind="person",
    name="林小满",
    rm_id="S0003",
    branch_id="B01",
    opened_at=datetime(2020, 1, 1, tzinfo=BANK_ZONE),
    birth_date=date(1986, 5, 20),
    phone="13800138000",
)
TO_CUSTOMER = Party(Role.CUSTOMER, CUSTOMER.id)
TO_RM = Party(Role.RM, "S0003")
C2 = RiskAssessment(customer_id=CUSTOMER.id, level="C2", assessed_on=date(2026, 6, 1))


def product(code: str, name: str, risk: str, *, kind: str = "wealth") -> Product:
    """Make a product on sale."""
    return Product(code=code, name=name, kind=kind, risk=risk, approval="APR-1", as_of=TODAY, rate=Decimal("3.1"))


CATALOGUE = Catalogue.of(
    (
        product("P-101", "安享增利90天持有期理财产品A款", "R2"),
        product("P-107", "均衡配置混合", "R3"),
        product("P-109", "科技主题精选", "R4"),
        product("P-001", "一年定期存款", "", kind="deposit"),
        replace(product("P-900", "远见私募一号", "R2"), private=True),
        replace(product("P-901", "旧日稳享", "R1"), valid_until=date(2026, 11, 1)),
    )
)


def consent(purpose: str, *, granted: bool = True, at: datetime = datetime(2026, 1, 1, tzinfo=BANK_ZONE)) -> Consent:
    """Make a word of the customer on being contacted."""
    return Consent(customer_id=CUSTOMER.id, purpose=purpose, granted=granted, at=at, source="test")


CONSENTS = (consent("care"), consent("marketing"))


def context(**changes: object) -> Context:
    """Make the context of the usual customer at noon, with changes."""
    usual = Context(at=NOON, channel="web", customer=CUSTOMER, assessment=C2, consents=CONSENTS, catalogue=CATALOGUE)
    return replace(usual, **changes)  # type: ignore[arg-type]  # the names are checked by replace itself


def draft(text: str, *, purpose: Purpose = Purpose.REPLY, to: Party = TO_CUSTOMER, answers: int | None = 1, **changes: object) -> Draft:
    """Make a draft; replies answer a message, everything else does not."""
    answered = answers if purpose is Purpose.REPLY else None
    return replace(Draft(text=text, to=to, purpose=purpose, answers=answered), **changes)  # type: ignore[arg-type]  # likewise
