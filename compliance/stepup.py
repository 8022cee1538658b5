"""The second factor: a six-digit TOTP code (RFC 6238, SHA-1, 30 s), judged without a clock or a store.

One step before and after counts (RFC 6238 section 5.2 advises at most one). A code is used once: a step not above the last accepted one is
refused. Five failures in a row, malformed codes included, lock for 15 minutes. The caller stores the state that comes back.
"""

import hmac
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pyotp

from domain.stepup import StepUpState

STEP_SECONDS = 30
DRIFT_STEPS = 1
DIGITS = 6
FAILURES_TO_LOCK = 5  # promises row 31
LOCK_FOR = timedelta(minutes=15)
GRANT_FOR = timedelta(minutes=10)  # promises row 31: a grant lives at most 10 minutes, bound to viewer, conversation and customer


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUpOutcome:
    """What came of a code. `state` must be stored whatever came of it. `granted_until` is set when the code was accepted."""

    accepted: bool
    reason: str
    state: StepUpState
    granted_until: datetime | None = None
    time_step: int | None = None


def verify(code: str, state: StepUpState, at: datetime) -> StepUpOutcome:
    """Judge a code at an aware instant. Full-width digits and blanks between digits are accepted."""
    if state.locked_until is not None and at < state.locked_until:
        minutes = -(-(state.locked_until - at) // timedelta(minutes=1))
        return StepUpOutcome(accepted=False, reason=f"口令错误次数过多，已锁定，请 {minutes} 分钟后再试", state=state)
    digits = _digits(code)
    step = _matching_step(digits, state.secret, at) if digits is not None else None
    if step is not None and step > state.last_step:
        return StepUpOutcome(
            accepted=True,
            reason="口令正确",
            state=replace(state, last_step=step, failures=0, locked_until=None),
            granted_until=at + GRANT_FOR,
            time_step=step,
        )
    return _failed(state, at, "这个口令用过了，请等下一个" if step is not None else "口令不对")


def code_at(secret: str, at: datetime) -> str:
    """Give the code of an instant; for the sandbox, which plays the staff member's phone."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).generate_otp(time_step(at))


def time_step(at: datetime) -> int:
    """Count the steps since 1970 (RFC 6238 section 4.2)."""
    return int(at.timestamp()) // STEP_SECONDS


def after_failure(state: StepUpState, *, at: datetime) -> StepUpState:
    """Count a failure; the last of the allowed ones locks. While locked nothing is counted."""
    if state.locked_until is not None and at < state.locked_until:
        return state
    failures = state.failures + 1
    if failures < FAILURES_TO_LOCK:
        return replace(state, failures=failures, locked_until=None)
    return replace(state, failures=0, locked_until=at + LOCK_FOR)


def _failed(state: StepUpState, at: datetime, reason: str) -> StepUpOutcome:
    after = after_failure(state, at=at)
    if after.locked_until is None:
        left = FAILURES_TO_LOCK - after.failures
        return StepUpOutcome(accepted=False, reason=f"{reason}，还可以试 {left} 次", state=after)
    minutes = LOCK_FOR // timedelta(minutes=1)
    return StepUpOutcome(accepted=False, reason=f"{reason}，连续 {FAILURES_TO_LOCK} 次错误，锁定 {minutes} 分钟", state=after)


def _digits(code: str) -> str | None:
    plain = "".join(unicodedata.normalize("NFKC", code).split())
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else None


def _matching_step(digits: str, secret: str, at: datetime) -> int | None:
    """Find the latest step whose code this is; every candidate is compared, in constant time each."""
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    now = time_step(at)
    steps = range(max(0, now - DRIFT_STEPS), now + DRIFT_STEPS + 1)
    matching = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), digits)]
    return max(matching, default=None)
