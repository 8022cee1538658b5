"""Whose data may stand in a text to whom."""

from compliance.gate import review
from compliance.rules import load_rules
from domain.message import Approved, Blocked, Purpose
from tests.unit.compliance.people import CUSTOMER, TO_RM, context, draft

RULES = load_rules()
OTHERS = (("周亦安", "C000099"), (CUSTOMER.name, CUSTOMER.id))


def test_raw_data_is_stopped_for_staff_too() -> None:
    raw = draft("客户电话 13800138000", to=TO_RM, purpose=Purpose.INTERNAL)

    assert isinstance(review(raw, context(customer=None), RULES), Blocked)


def test_a_finding_does_not_repeat_the_data() -> None:
    verdict = review(draft("您的手机号 13800138000"), context(), RULES)

    assert isinstance(verdict, Blocked)
    assert not any("13800138000" in finding.reason + finding.quote for finding in verdict.findings)


def test_numbers_of_the_bank_are_free_however_they_are_written() -> None:
    public = context(public_numbers=frozenset({"021-58765432", "+86 159 1234 5678"}))

    assert isinstance(review(draft("网点电话 (021) 5876 5432，陈经理 15912345678"), public, RULES), Approved)
    assert isinstance(review(draft("网点电话 021-58765433"), public, RULES), Blocked)


def test_a_text_about_another_customer_never_goes_to_a_customer() -> None:
    assert isinstance(review(draft("资产 12 万", about=("C000099",)), context(), RULES), Blocked)
    assert isinstance(review(draft("资产 12 万", about=(CUSTOMER.id, "C000099")), context(), RULES), Blocked)
    assert isinstance(review(draft("您的资产 12 万", about=(CUSTOMER.id,)), context(), RULES), Approved)


def test_staff_may_read_about_several_customers() -> None:
    text = draft("① 周** ② 林**", to=TO_RM, purpose=Purpose.INTERNAL, about=("C000099", CUSTOMER.id))

    assert isinstance(review(text, context(customer=None), RULES), Approved)


def test_another_customers_name_beside_data_is_stopped() -> None:
    known = context(names_of_others=OTHERS)

    assert isinstance(review(draft("周亦安也买了 200 万。"), known, RULES), Blocked)
    assert isinstance(review(draft("周 亦 安 的存款到期了"), known, RULES), Blocked)
    assert isinstance(review(draft("周亦安让我问您好。"), known, RULES), Approved)
    assert isinstance(review(draft("林小满您好，您的存款到期了。"), known, RULES), Approved)
