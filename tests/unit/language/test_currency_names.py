"""Every currency of the data contract can be shown in Chinese, and what is shown is read back as the same currency."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from language.currency_names import currency_name
from language.money import find_money

CONTRACT = json.loads((Path(__file__).parents[3] / "docs" / "data-contract.json").read_text(encoding="utf-8"))
(ACCOUNTS,) = (feed for feed in CONTRACT["feeds"] if feed["name"] == "accounts")
(CURRENCIES,) = (column["allowed"] for column in ACCOUNTS["columns"] if column["name"] == "currency")


@pytest.mark.parametrize("code", CURRENCIES)
def test_a_name_is_chinese_and_is_read_back(code: str) -> None:
    name = currency_name(code)

    assert not name.isascii()
    assert [(said.low, said.currency) for said in find_money(f"想换10000{name}")] == [(Decimal(10_000), code)]
    assert [(said.low, said.currency) for said in find_money(f"大概三万{name}", expect=True)] == [(Decimal(30_000), code)]


def test_names_tell_currencies_apart() -> None:
    assert len({currency_name(code) for code in CURRENCIES}) == len(CURRENCIES)


def test_a_currency_without_a_name_is_its_code() -> None:
    assert currency_name("XTS") == "XTS"
