"""When and how often the bank speaks first."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from compliance.days import BANK_ZONE
from compliance.gate import review
from compliance.rule import Contact
from compliance.rules import load_rules
from domain.message import Approved, Blocked, Deferred, NeedsReview, Purpose
from domain.party import Party, Role
from tests.unit.compliance.people import CUSTOMER, NOON, TO_RM, consent, context, draft

RULES = load_rules()
GREETING = "今天冬至，天冷，记得添衣。"


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BANK_ZONE)


def _sent(day: int, purpose: Purpose = Purpose.MARKETING, channel: str = "web") -> Contact:
    return Contact(sent_at=_at(day, 10), purpose=purpose, channel=channel)


def test_a_greeting_needs_consent_to_care() -> None:
    assert isinstance(review(draft(GREETING, purpose=Purpose.TOUCH), context(consents=()), RULES), Blocked)
    assert isinstance(review(draft(GREETING, purpose=Purpose.TOUCH), context(consents=(consent("marketing"),)), RULES), Blocked)
    assert isinstance(review(draft(GREETING, purpose=Purpose.TOUCH), context(consents=(consent("care"),)), RULES), Approved)


def test_marketing_needs_consent_to_marketing() -> None:
    assert isinstance(review(draft("讲座邀请", purpose=Purpose.MARKETING), context(consents=(consent("care"),)), RULES), Blocked)
    assert isinstance(review(draft("讲座邀请", purpose=Purpose.MARKETING), context(consents=(consent("marketing"),)), RULES), Approved)


@pytest.mark.parametrize("withdrawn", ["marketing", "*"])
def test_a_withdrawal_stops_marketing_at_once(withdrawn: str) -> None:
    words = (consent("marketing"), consent(withdrawn, granted=False, at=NOON))

    assert isinstance(review(draft("讲座邀请", purpose=Purpose.MARKETING), context(consents=words), RULES), Blocked)


def test_a_withdrawal_of_marketing_leaves_greetings() -> None:
    words = (consent("marketing"), consent("care"), consent("marketing", granted=False, at=NOON))

    assert isinstance(review(draft(GREETING, purpose=Purpose.TOUCH), context(consents=words), RULES), Approved)


def test_the_latest_word_counts_also_when_it_is_a_new_consent() -> None:
    words = (consent("*", granted=False), consent("marketing", at=NOON - timedelta(days=1)))

    assert isinstance(review(draft("讲座邀请", purpose=Purpose.MARKETING), context(consents=words), RULES), Approved)


def test_a_word_from_the_future_does_not_count_yet() -> None:
    words = (consent("marketing", at=NOON + timedelta(seconds=1)),)

    assert isinstance(review(draft("讲座邀请", purpose=Purpose.MARKETING), context(consents=words), RULES), Blocked)


def test_somebody_elses_consent_does_not_count() -> None:
    words = (replace(consent("marketing"), customer_id="C999999"),)

    assert isinstance(review(draft("讲座邀请", purpose=Purpose.MARKETING), context(consents=words), RULES), Blocked)


@pytest.mark.parametrize("status", ["closed", "deceased"])
@pytest.mark.parametrize("purpose", [Purpose.TOUCH, Purpose.MARKETING])
def test_who_left_or_died_is_never_approached(status: str, purpose: Purpose) -> None:
    assert isinstance(review(draft(GREETING, purpose=purpose), context(customer=replace(CUSTOMER, status=status)), RULES), Blocked)


def test_an_unknown_recipient_is_never_approached() -> None:
    assert isinstance(review(draft(GREETING, purpose=Purpose.TOUCH), context(customer=None), RULES), Blocked)


@pytest.mark.parametrize("purpose", [Purpose.SERVICE, Purpose.REPLY])
def test_service_and_replies_need_no_consent(purpose: Purpose) -> None:
    assert isinstance(review(draft("您的卡已挂失。", purpose=purpose), context(consents=()), RULES), Approved)


@pytest.mark.parametrize("purpose", [Purpose.TOUCH, Purpose.MARKETING, Purpose.SERVICE])
def test_defers_the_unasked_at_night_until_nine(purpose: Purpose) -> None:
    evening = review(draft(GREETING, purpose=purpose), context(at=_at(23, 21)), RULES)
    morning = review(draft(GREETING, purpose=purpose), context(at=_at(24, 8, 59)), RULES)

    assert isinstance(evening, Deferred)
    assert isinstance(morning, Deferred)
    assert evening.until == morning.until == _at(24, 9)
    assert isinstance(review(draft(GREETING, purpose=purpose), context(at=_at(23, 20, 59)), RULES), Approved)
    assert isinstance(review(draft(GREETING, purpose=purpose), context(at=_at(24, 9)), RULES), Approved)


def test_answers_at_night() -> None:
    night = context(at=_at(23, 23), in_reply_to_own_message=True)

    assert isinstance(review(draft("能补。", answers=7), context(at=_at(23, 23)), RULES), Approved)
    assert isinstance(review(draft("能补。", answers=None), night, RULES), Approved)


def test_a_person_writing_first_at_night_waits_too() -> None:
    manager = Party(Role.RM, "S0003")

    assert isinstance(review(draft("在吗？", answers=None, author=manager), context(at=_at(23, 23), human_author=True), RULES), Deferred)


def test_an_answer_a_day_late_is_no_answer_at_night() -> None:
    late = context(at=_at(23, 23), in_reply_to_own_message=True, reply_age=timedelta(hours=25))

    assert isinstance(review(draft("能补。", answers=7), late, RULES), Deferred)


def test_marketing_is_not_made_an_answer_by_saying_so() -> None:
    night = context(at=_at(23, 23), in_reply_to_own_message=True)

    assert isinstance(review(draft("讲座邀请", purpose=Purpose.MARKETING), night, RULES), Deferred)


def test_staff_are_told_at_night() -> None:
    text = draft("客户等您接手", to=TO_RM, purpose=Purpose.INTERNAL)

    assert isinstance(review(text, context(at=_at(23, 23), customer=None), RULES), Approved)


def test_one_contact_a_day_over_all_channels() -> None:
    verdict = review(draft(GREETING, purpose=Purpose.TOUCH), context(contacts=(_sent(23, Purpose.TOUCH, "mail"),)), RULES)

    assert isinstance(verdict, Deferred)
    assert verdict.until == _at(24, 9)


def test_two_marketing_texts_a_week_then_the_next_free_day() -> None:
    verdict = review(draft("讲座邀请", purpose=Purpose.MARKETING), context(contacts=(_sent(19), _sent(21))), RULES)

    assert isinstance(verdict, Deferred)
    assert verdict.until == _at(26, 9)
    assert "11-26 09:00" in verdict.findings[0].reason


def test_a_greeting_is_not_counted_as_marketing() -> None:
    greetings = (_sent(19, Purpose.TOUCH), _sent(21, Purpose.TOUCH))

    assert isinstance(review(draft("讲座邀请", purpose=Purpose.MARKETING), context(contacts=greetings), RULES), Approved)
    assert isinstance(review(draft(GREETING, purpose=Purpose.TOUCH), context(contacts=(_sent(19), _sent(21))), RULES), Approved)


def test_six_marketing_texts_a_month() -> None:
    sent = tuple(
        Contact(sent_at=datetime(2026, month, day, 10, tzinfo=BANK_ZONE), purpose=Purpose.MARKETING, channel="web")
        for month, day in ((10, 24), (10, 28), (11, 1), (11, 5), (11, 9), (11, 13))
    )

    verdict = review(draft("讲座邀请", purpose=Purpose.MARKETING), context(contacts=sent), RULES)

    assert isinstance(verdict, Deferred)
    assert verdict.until == _at(24, 9)


def test_the_day_is_the_banks_day() -> None:
    """23:30 UTC on the 22nd is the morning of the 23rd in Shanghai."""
    utc = datetime.fromisoformat("2026-11-22T23:30:00+00:00")
    contact = Contact(sent_at=utc, purpose=Purpose.TOUCH, channel="web")

    assert isinstance(review(draft(GREETING, purpose=Purpose.TOUCH), context(contacts=(contact,)), RULES), Deferred)


def test_replies_and_service_are_not_capped() -> None:
    sent = (_sent(23), _sent(22), _sent(21))

    assert isinstance(review(draft("能补。"), context(contacts=sent), RULES), Approved)
    assert isinstance(review(draft("您的卡已挂失。", purpose=Purpose.SERVICE), context(contacts=sent), RULES), Approved)


def test_an_open_complaint_stops_marketing_and_holds_greetings() -> None:
    assert isinstance(review(draft("讲座邀请", purpose=Purpose.MARKETING), context(open_complaint=True), RULES), Blocked)
    assert isinstance(review(draft(GREETING, purpose=Purpose.TOUCH), context(open_complaint=True), RULES), NeedsReview)
    assert isinstance(review(draft("能补。"), context(open_complaint=True), RULES), Approved)


def test_29_february_is_a_day_like_others() -> None:
    night = datetime(2028, 2, 28, 22, tzinfo=BANK_ZONE)

    verdict = review(draft(GREETING, purpose=Purpose.TOUCH), context(at=night), RULES)

    assert isinstance(verdict, Deferred)
    assert verdict.until.date() == date(2028, 2, 29)
