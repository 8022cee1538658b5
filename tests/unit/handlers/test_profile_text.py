"""How assets in several currencies are said."""

from datetime import date
from decimal import Decimal

import pytest

from crm.profile import assets_layer
from domain.book import Assets, Holding
from handlers.profile_text import assets_text, money

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("8200", "CNY", "8,200.00 元"),
        ("5231000", "CNY", "523.10 万"),
        ("8200", "CZK", "8,200.00 捷克克朗"),
        ("-80287.60", "CZK", "-8.03 万捷克克朗"),
        ("12000", "USD", "1.20 万美元"),
    ],
)
def test_an_amount_is_said_with_its_currency_and_never_as_yuan(amount: str, currency: str, said: str) -> None:
    assert money(Decimal(amount), currency) == said


def test_holdings_stay_in_the_order_of_their_worth() -> None:
    """120,000 yen are less than 9,000 yuan: the facts put the yuan first, and so does the text."""
    held = [("人民币存款", "9000.00", "CNY"), ("日元存款", "120000.00", "JPY")]
    assets = Assets(
        customer_id="K1",
        as_of=ON,
        aum=Decimal("14400.00"),
        month_average=None,
        holdings=tuple(
            Holding(product_code=name, product_name=name, kind="deposit", amount=Decimal(amount), currency=currency)
            for name, amount, currency in held
        ),
    )

    text = assets_text("张伟", assets_layer(assets, None, on=ON))

    assert text.splitlines()[2:4] == ["1. 人民币存款 9,000.00 元", "2. 日元存款 12.00 万日元"]
