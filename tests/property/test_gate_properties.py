"""What holds for every text, day and hour, not only for the examples."""

from datetime import date, datetime, timedelta
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.days import BANK_ZONE, add_months
from compliance.gate import review
from compliance.rules import load_rules
from compliance.suitability import Fit, assess_suitability, exhaustive
from domain.book import Product, RiskAssessment
from domain.message import Approved, Blocked, Deferred, Purpose
from tests.unit.compliance.people import context, draft

RULES = {rule.id: rule for rule in load_rules()}
EXAMPLES = Path(__file__).parents[1] / "rules"
BLOCKED = [
    (rule, sentence)
    for rule in ("promised_return", "lure_words", "peer_comparison", "no_tipping_off", "personal_data")
    for path in sorted(EXAMPLES.glob(f"{rule}*.yaml"))
    for sentence in yaml.safe_load(path.read_text("utf-8"))["blocked"]
]
HARMLESS = st.sampled_from(
    [
        "王女士您好。",
        "今天天气不错。",
        "网点 17:00 关门。",
        "请带身份证到网点。",
        "我是智能助手小陪。",
        "您先看看说明书。",
        "周末愉快！",
        "\n",
        "🌸",
        "理财有风险，投资须谨慎。",
        "这款不保本。",
        "我们不承诺收益。",
        "祝您健康。",
    ]
)
DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))
LEVELS = st.sampled_from(["C1", "C2", "C3", "C4", "C5"])
RATINGS = st.sampled_from(["R1", "R2", "R3", "R4", "R5"])


@settings(max_examples=2000, deadline=None)
@given(case=st.sampled_from(BLOCKED), before=st.lists(HARMLESS, max_size=3), after=st.lists(HARMLESS, max_size=3))
def test_what_is_stopped_stays_stopped_among_harmless_words(case: tuple[str, str], before: list[str], after: list[str]) -> None:
    rule, sentence = case
    text = "".join(["。".join(["", *before, ""]).lstrip("。"), sentence, "。", *after])

    assert isinstance(review(draft(text), context(), [RULES[rule]]), Blocked), text


@settings(max_examples=2000, deadline=None)
@given(level=LEVELS, rating=RATINGS, on=DAYS, since=st.integers(-800, 800), age=st.one_of(st.none(), st.integers(0, 110)))
def test_no_product_above_the_level_or_without_a_valid_one_ever_fits(
    level: str, rating: str, on: date, since: int, age: int | None
) -> None:
    assessed_on = on - timedelta(days=since)
    product = Product(code="X", name="甲", kind="wealth", risk=rating, approval="A", as_of=on)

    judged = assess_suitability(product, RiskAssessment(customer_id="C", level=level, assessed_on=assessed_on), on=on, age=age)

    valid = assessed_on <= on < add_months(assessed_on, 12)
    within = int(rating[1]) <= int(level[1])
    if not (valid and within) or (age is not None and age < 18):
        assert judged.fit is Fit.UNSUITABLE
    elif (age is None or age >= 65) and int(rating[1]) >= 3:
        assert judged.fit is Fit.CARE
    else:
        assert judged.fit is Fit.SUITABLE


def test_the_table_of_level_rating_age_and_purpose_has_no_wrong_cell() -> None:
    wrong = [case for case in exhaustive() if case.may_name != case.expected]

    assert wrong == []


@settings(max_examples=2000, deadline=None)
@given(
    minute=st.integers(0, 24 * 60 - 1),
    on=st.one_of(DAYS, st.sampled_from([date(2028, 2, 28), date(2028, 2, 29), date(2026, 12, 31)])),
    purpose=st.sampled_from([Purpose.TOUCH, Purpose.MARKETING, Purpose.SERVICE]),
)
def test_nothing_unasked_leaves_between_nine_in_the_evening_and_nine_in_the_morning(minute: int, on: date, purpose: Purpose) -> None:
    at = datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=BANK_ZONE)

    verdict = review(draft("您好", purpose=purpose), context(at=at), [RULES["contact_hours"]])

    if 9 * 60 <= minute < 21 * 60:
        assert isinstance(verdict, Approved)
    else:
        assert isinstance(verdict, Deferred)
        assert verdict.until > at
        assert verdict.until - at <= timedelta(hours=12)
        assert (verdict.until.hour, verdict.until.minute) == (9, 0)


def test_every_minute_of_a_leap_day_is_judged_by_the_clock_of_the_bank() -> None:
    start = datetime(2028, 2, 29, tzinfo=BANK_ZONE)
    for minute in range(24 * 60):
        at = (start + timedelta(minutes=minute)).astimezone(tz=None)
        verdict = review(draft("您好", purpose=Purpose.TOUCH), context(at=at), [RULES["contact_hours"]])

        assert isinstance(verdict, Approved if 540 <= minute < 1260 else Deferred), minute


@settings(max_examples=500, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_gets_a_verdict(text: str) -> None:
    review(draft(text), context(), tuple(RULES.values()))
