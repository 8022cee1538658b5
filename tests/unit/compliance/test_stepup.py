"""The second factor."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from compliance.stepup import FAILURES_TO_LOCK, GRANT_FOR, LOCK_FOR, STEP_SECONDS, code_at, time_step, verify
from domain.stepup import StepUpState

SECRET = base64.b32encode(b"12345678901234567890").decode()  # RFC 6238 appendix B
FRESH = StepUpState(secret=SECRET, last_step=0, failures=0, locked_until=None)
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
STEP = timedelta(seconds=STEP_SECONDS)


@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds: int, eight_digits: str) -> None:
    """Six digits are the last six of the eight in appendix B."""
    at = datetime.fromtimestamp(seconds, tz=UTC)

    outcome = verify(eight_digits[-6:], FRESH, at)

    assert code_at(SECRET, at) == eight_digits[-6:]
    assert outcome.accepted
    assert outcome.time_step == seconds // 30


def test_a_right_code_gives_ten_minutes() -> None:
    outcome = verify(code_at(SECRET, NOW), replace(FRESH, failures=3), NOW)

    assert outcome.granted_until == NOW + GRANT_FOR == NOW + timedelta(minutes=10)
    assert outcome.state == replace(FRESH, last_step=time_step(NOW))


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_drift_is_forgiven(steps: int, accepted: bool) -> None:
    assert verify(code_at(SECRET, NOW + steps * STEP), FRESH, NOW).accepted is accepted


def test_a_code_is_used_once_and_none_before_it_afterwards() -> None:
    code = code_at(SECRET, NOW)
    used = verify(code, FRESH, NOW).state

    again = verify(code, used, NOW)
    earlier = verify(code_at(SECRET, NOW - STEP), used, NOW)
    later = verify(code_at(SECRET, NOW + STEP), used, NOW + STEP)

    assert not again.accepted
    assert again.state.failures == 1
    assert not earlier.accepted
    assert later.accepted


def _full_width(code: str) -> str:
    return code.translate({ord(digit): ord(digit) + 0xFEE0 for digit in code})


def test_a_code_may_be_typed_with_blanks_or_full_width() -> None:
    code = code_at(SECRET, NOW)

    assert verify(f" {code[:3]} {code[3:]}\n", FRESH, NOW).accepted
    assert verify(_full_width(code), FRESH, NOW).accepted


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "12-456", "１２３４５", "²²²²²²", "一二三四五六", "123456\x00", "٠١٢٣٤٥"]
)
def test_what_is_no_code_counts_as_a_failure(code: str) -> None:
    outcome = verify(code, FRESH, NOW)

    assert not outcome.accepted
    assert outcome.granted_until is None
    assert outcome.state.failures == 1


def _fail(state: StepUpState, times: int) -> StepUpState:
    for _ in range(times):
        state = verify("no", state, NOW).state
    return state


def test_five_failures_lock_for_fifteen_minutes_whatever_is_typed() -> None:
    locked = _fail(FRESH, FAILURES_TO_LOCK)

    just_before = NOW + LOCK_FOR - timedelta(seconds=1)
    refused = verify(code_at(SECRET, just_before), locked, just_before)
    after = verify(code_at(SECRET, NOW + LOCK_FOR), locked, NOW + LOCK_FOR)

    assert locked.locked_until == NOW + timedelta(minutes=15)
    assert not refused.accepted
    assert refused.state == locked
    assert after.accepted
    assert after.state.locked_until is None


def test_four_failures_do_not_lock_and_a_success_forgets_them() -> None:
    state = _fail(FRESH, FAILURES_TO_LOCK - 1)
    assert state.locked_until is None

    state = verify(code_at(SECRET, NOW), state, NOW).state

    assert _fail(state, FAILURES_TO_LOCK - 1).locked_until is None


def test_after_a_lock_five_more_tries_lock_again() -> None:
    at = NOW + LOCK_FOR
    state = _fail(FRESH, FAILURES_TO_LOCK)
    for _ in range(FAILURES_TO_LOCK):
        assert state.locked_until is None or at >= state.locked_until
        state = verify("000", state, at).state

    assert state.locked_until == at + LOCK_FOR
